from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from escale.rules import parameters, retention
from escale.rules.retention import End

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


def test_the_insured_person_is_told_two_weeks_before_a_draft_is_deleted() -> None:
    saved_on = date(2026, 1, 1)
    assert retention.draft_until(saved_on) == date(2026, 4, 1)
    assert retention.draft_told_from(saved_on) == date(2026, 3, 18)


def test_papers_are_kept_five_years_after_the_end_whatever_it_was() -> None:
    for end in End:
        assert retention.papers_until(end, on=date(2026, 9, 15)) == date(2031, 9, 15)
        assert retention.papers_until(end, on=date(2028, 2, 29)) == date(2033, 2, 28)
        assert "par défaut" in parameters.source(end.value, on=date(2026, 9, 15))


@given(DAYS)
@example(date(2019, 2, 28))
@example(date(2028, 2, 29))
def test_no_claim_that_is_due_was_sent_too_late_to_be_looked_for(ended_on: date) -> None:
    for end in End:
        due_on = retention.papers_until(end, on=ended_on)
        assert ended_on < retention.papers_sent_before(due_on)
        assert ended_on >= retention.papers_sent_before(due_on - timedelta(days=3))
