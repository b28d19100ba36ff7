from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import deadlines
from escale.rules.deadlines import Pause, Request, Residence
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


NOBODY = "gestion@demo.example"
PAUSES = st.lists(
    st.builds(
        lambda start, days: Pause(start, start + timedelta(days=days), "Pièce demandée", NOBODY),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.integers(0, 40),
    ),
    max_size=4,
)
SENT = st.dates(date(2025, 12, 1), date(2026, 12, 31))


def pause(start: date, until: date | None) -> Pause:
    return Pause(start, until, "Avis médical demandé", NOBODY)


def test_the_agent_s_clock_stops_while_a_paper_is_awaited_and_the_insured_s_does_not() -> None:
    sent_on = date(2026, 11, 20)  # a Friday
    waited = [pause(date(2026, 11, 24), date(2026, 11, 26))]  # Tuesday and Wednesday
    assert deadlines.due_on(sent_on) == date(2026, 11, 27)
    assert deadlines.net_due_on(sent_on, waited) == date(2026, 12, 1)
    assert deadlines.net_working_days(sent_on, waited, date(2026, 11, 27)) == 3


def test_what_is_due_is_not_known_while_the_fund_still_waits() -> None:
    sent_on = date(2026, 11, 20)
    assert deadlines.net_due_on(sent_on, [pause(date(2026, 11, 24), None)]) is None
    assert deadlines.net_due_on(sent_on, [pause(date(2026, 12, 24), None)]) == date(2026, 11, 27)
    assert deadlines.net_working_days(sent_on, [pause(date(2026, 11, 24), None)], date(2027, 1, 1)) == 1


@given(SENT, PAUSES, st.integers(0, 60))
def test_net_days_are_never_more_than_gross_days_nor_less_than_none(day: date, pauses: list[Pause], more: int) -> None:
    until = day + timedelta(days=more)
    net = deadlines.net_working_days(day, pauses, until)
    assert 0 <= net <= deadlines.working_days_between(day, until)
    assert deadlines.net_working_days(day, [], until) == deadlines.working_days_between(day, until)


@given(SENT, PAUSES)
def test_a_pause_never_brings_the_due_day_forward_and_the_promise_holds_on_it(day: date, pauses: list[Pause]) -> None:
    due = deadlines.net_due_on(day, pauses)
    assert due is not None
    assert due >= deadlines.due_on(day)
    assert deadlines.net_working_days(day, pauses, due) == 5
    assert deadlines.net_working_days(day, pauses, due - timedelta(days=1)) == 4


@given(SENT, PAUSES, st.randoms())
def test_overlapping_pauses_count_once_in_any_order_however_cut(day: date, pauses: list[Pause], random) -> None:
    cut = []
    for one in pauses:
        assert one.paused_until
        middle = one.paused_from + (one.paused_until - one.paused_from) / 2
        cut += [pause(one.paused_from, middle), pause(middle, one.paused_until), one]
    random.shuffle(cut)
    assert deadlines.net_due_on(day, cut) == deadlines.net_due_on(day, pauses)


@pytest.mark.parametrize(
    ("request_", "on", "granted", "article"),
    [
        (Request.CLAIM, date(2026, 11, 1), False, "L. 231-4"),
        (Request.S2, date(2026, 9, 15), True, "R. 160-2"),
        (Request.AGREEMENT, date(2026, 9, 16), True, "R. 315-15"),
        (Request.LONG_AGREEMENT, date(2026, 9, 22), True, "R. 315-15"),
        (Request.APPEAL, date(2026, 11, 1), False, "R. 142-6"),
        (Request.MEDICAL_APPEAL, date(2027, 1, 1), False, "R. 142-8-5"),
        (Request.MIXED_APPEAL, date(2027, 3, 1), False, "R. 142-9-1"),
    ],
)
def test_silence_means_yes_before_care_and_no_after(request_: Request, on: date, granted: bool, article: str) -> None:
    found = deadlines.silence(request_, received_on=date(2026, 9, 1))
    assert (found.on, found.granted) == (on, granted)
    assert article in found.article


def test_a_request_is_registered_the_next_working_day_and_acknowledged_in_ten() -> None:
    assert deadlines.registered_until(date(2026, 5, 7)) == date(2026, 5, 11)  # 8 May, then a week-end
    assert deadlines.acknowledged_until(date(2026, 5, 6)) == date(2026, 5, 22)


def test_maternity_may_be_claimed_two_years_from_its_first_finding() -> None:
    assert deadlines.claim_until(date(2026, 9, 1), pregnancy_found_on=date(2026, 2, 3)) == date(2028, 2, 3)


@given(DAYS, st.sampled_from(Residence))
def test_an_appeal_ends_on_the_day_that_the_delay_says_and_the_court_comes_after(day: date, where: Residence) -> None:
    last = deadlines.appeal_until(day, where)
    assert last >= deadlines.appeal_until(day, Residence.FRANCE) >= day + timedelta(days=59)
    assert deadlines.court_until(last) > last
