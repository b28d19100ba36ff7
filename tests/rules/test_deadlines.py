from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import deadlines
from escale.rules.deadlines import Residence
from escale.rules.retention import draft_until

DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("sent_on", "due_on"),
    [
        (date(2026, 5, 6), date(2026, 5, 15)),    # 8 May and Ascension Day
        (date(2026, 11, 20), date(2026, 11, 27)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 27)),  # Saturday
        (date(2026, 12, 24), date(2027, 1, 4)),    # Christmas and New Year's Day
    ],
)  # fmt: skip
def test_a_claim_is_due_five_working_days_after_it_was_sent(sent_on: date, due_on: date) -> None:
    assert deadlines.due_on(sent_on) == due_on


@given(DAYS, st.integers(0, 30))
def test_counting_working_days_undoes_adding_them(day: date, count: int) -> None:
    due = deadlines.due_on(day, working_days=count)
    assert deadlines.working_days_between(day, due) == count
    assert deadlines.working_days_between(due, day) == -count


@pytest.mark.parametrize(
    ("given_on", "last_day"),
    [
        (date(2024, 2, 14), date(2026, 3, 31)),
        (date(2024, 3, 31), date(2026, 3, 31)),
        (date(2024, 4, 1), date(2026, 6, 30)),
        (date(2024, 12, 31), date(2026, 12, 31)),
        (date(2010, 5, 1), date(2012, 6, 30)),
    ],
)
def test_care_may_be_claimed_two_years_from_the_next_quarter(given_on: date, last_day: date) -> None:
    assert deadlines.claim_until(given_on) == last_day


@given(DAYS)
def test_nobody_has_less_than_two_years_to_claim(day: date) -> None:
    assert timedelta(days=730) <= deadlines.claim_until(day) - day <= timedelta(days=731 + 92)


def test_originals_silence_and_drafts_have_their_dates() -> None:
    assert deadlines.originals_until(date(2024, 2, 29)) == date(2028, 2, 29)
    assert deadlines.originals_until(date(2026, 11, 30)) == date(2030, 11, 30)
    assert deadlines.silence_refuses_on(date(2026, 12, 31)) == date(2027, 2, 28)
    assert draft_until(date(2026, 1, 1)) == date(2026, 4, 1)


def test_one_has_longer_to_appeal_from_farther_away() -> None:
    on = date(2026, 11, 21)
    assert [deadlines.appeal_months(residence, on=on) for residence in Residence] == [2, 3, 4]
