"""What was paid by mistake is claimed back within the delays of the law, in parts that make the sum."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import overpayment
from escale.rules.deadlines import Residence
from escale.rules.overpayment import Rectification

RECEIVED = date(2026, 9, 15)
DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(("paid_on", "until"), [
    (date(2026, 9, 15), date(2028, 9, 15)),
    (date(2024, 2, 29), date(2026, 2, 28)),
])  # fmt: skip
def test_what_was_paid_is_claimed_back_within_two_years_unless_there_is_fraud(paid_on, until):
    assert overpayment.claimable_until(paid_on) == until
    assert overpayment.claimable_until(paid_on, fraud=True) is None


@pytest.mark.parametrize(("rectification", "recoverable", "appealable"), [
    (None, date(2026, 10, 6), date(2026, 11, 15)),
    # nobody answered: refused on 31 October, and two months more
    (Rectification(date(2026, 9, 30)), date(2026, 12, 31), date(2026, 12, 30)),
    # answered in time: seven days from its reception, and the delay to appeal begins anew
    (Rectification(date(2026, 9, 30), date(2026, 10, 10), date(2026, 10, 14)), date(2026, 10, 22), date(2026, 12, 14)),
    # answered in time, and nobody received the answer: no delay runs
    (Rectification(date(2026, 9, 30), date(2026, 10, 10)), None, None),
    # answered after the silence had: the silence keeps its effects
    (Rectification(date(2026, 9, 30), date(2026, 11, 20), date(2026, 11, 22)), date(2026, 12, 31), date(2026, 12, 30)),
    # the silence of a request of 31 January ends with February
    (Rectification(date(2027, 1, 31)), date(2027, 4, 29), date(2026, 11, 15)),
])  # fmt: skip
def test_the_fund_waits_before_it_helps_itself(rectification, recoverable, appealable):
    assert overpayment.recoverable_from(RECEIVED, rectification) == recoverable
    assert overpayment.appealable_until(RECEIVED, Residence.FRANCE, rectification) == appealable


def test_the_other_delays_are_those_of_the_law():
    assert overpayment.rectifiable_until(RECEIVED) == date(2026, 10, 5)
    assert overpayment.silent_on(date(2026, 8, 31)) == date(2026, 9, 30)
    assert overpayment.plan_agreed_until(date(2026, 1, 31)) == date(2026, 2, 28)
    assert overpayment.called_until(date(2026, 10, 31)) == date(2026, 11, 30)
    assert overpayment.appealable_until(RECEIVED, Residence.ABROAD) == date(2027, 1, 15)


@pytest.mark.parametrize(("on", "under"), [(date(2025, 6, 1), 27), (date(2026, 6, 1), 28)])
def test_a_small_debt_may_be_abandoned(on, under):
    assert overpayment.abandonable_under(on=on) == under


def test_a_fraud_adds_a_tenth_rounded_to_the_cent():
    assert overpayment.fraud_supplement(Decimal("123.45"), on=RECEIVED) == Decimal("12.35")


def test_a_plan_ends_its_months_where_they_end():
    parts = overpayment.plan(Decimal("100.00"), months=3, first_on=date(2027, 1, 31))
    assert [(part.rank, part.due_on, part.amount) for part in parts] == [
        (1, date(2027, 1, 31), Decimal("33.34")),
        (2, date(2027, 2, 28), Decimal("33.33")),
        (3, date(2027, 3, 31), Decimal("33.33")),
    ]


@given(cents=st.integers(12, 10_000_000), months=st.integers(1, 12), first_on=DAYS)
def test_the_parts_of_a_plan_make_its_sum_month_after_month(cents, months, first_on):
    amount = Decimal(cents) / 100
    parts = overpayment.plan(amount, months=months, first_on=first_on)
    assert sum(part.amount for part in parts) == amount
    assert len(parts) == months
    assert min(part.amount for part in parts) >= Decimal("0.01")
    assert max(part.amount for part in parts) - min(part.amount for part in parts) <= Decimal("0.01")
    assert all(27 <= (later.due_on - sooner.due_on).days <= 31 for sooner, later in pairwise(parts))
    assert parts[0].due_on == first_on


@pytest.mark.parametrize(("cents", "months"), [(100, 0), (100, 13), (5, 6)])
def test_a_plan_that_the_law_does_not_know_is_none(cents, months):
    with pytest.raises(ValueError, match="months"):
        overpayment.plan(Decimal(cents) / 100, months=months, first_on=RECEIVED)


@given(received_on=DAYS, asked=st.integers(0, 20), answered=st.none() | st.integers(0, 200))
def test_whoever_asks_for_a_rectification_loses_nothing(received_on, asked, answered):
    asked_on = date.fromordinal(received_on.toordinal() + asked)
    answered_on = None if answered is None else date.fromordinal(asked_on.toordinal() + answered)
    rectification = Rectification(asked_on, answered_on, answered_on)
    recoverable = overpayment.recoverable_from(received_on, rectification)
    plain = overpayment.appealable_until(received_on, Residence.FRANCE)
    appealable = overpayment.appealable_until(received_on, Residence.FRANCE, rectification)
    assert recoverable
    assert recoverable > asked_on
    assert plain
    assert appealable
    assert appealable >= plain


def test_the_notification_says_each_delay_of_the_law():
    said = " ".join(overpayment.notification(received="la réception", appeal="Saisissez la commission.", on=RECEIVED))
    for words in ("20 jours", "notre silence pendant 1 mois", "2 mois plus tard", "12 mois au plus", "commission"):
        assert words in said


def test_the_answer_says_the_delay_of_the_law_and_how_to_appeal():
    said = " ".join(overpayment.answer(received="la réception", appeal="Saisissez la commission.", on=RECEIVED))
    for words in ("7 jours à compter de la réception", "retenir", "échéancier, de 12 mois au plus", "commission"):
        assert words in said
