"""A stay is paid back alike however its bills cut it, or a person is asked (CSS, art. R. 160-16 and L. 174-4)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, Exemption, Refund, refund
from escale.rules.scope import RuleSet
from escale.rules.treatment import refund_claim


def stay(day: date, days: int, expense: int, **changes: Any) -> CareLine:
    given: dict[str, Any] = {
        "given_on": day, "act_code": "HOSP_CHIR", "care": Care.HOSPITAL, "expense_eur": Decimal(expense),
        "hospital_days": days, "patient_age": 40, "rule_set": RuleSet.SERVICE, "provider": "A",
        "stated_tariff": Decimal(10_000), "stated_reason": "prix de journée",
    }  # fmt: skip
    return CareLine(**(given | changes))


def due(*lines: CareLine) -> tuple[Decimal, bool]:
    found = refund_claim(lines)
    assert all(isinstance(one, Refund) for one in found.lines)
    return found.due, any(one.notes for one in found.lines if isinstance(one, Refund))


def test_the_lump_sum_of_a_heavy_stay_is_borne_once() -> None:
    whole = stay(date(2025, 3, 1), 10, 10_000, heavy=True)
    pieces = [stay(date(2025, 3, 1), 5, 5_000, heavy=True), stay(date(2025, 3, 6), 5, 5_000)]
    assert due(*pieces) == due(whole) == (Decimal(10_000 - 24 - 200), False)


def test_the_days_of_a_stay_follow_each_other() -> None:
    whole = stay(date(2025, 3, 1), 35, 35_000)
    pieces = [stay(date(2025, 3, 1), 30, 30_000), stay(date(2025, 3, 31), 5, 5_000)]
    assert due(whole) == (Decimal(29_000), False)
    assert due(*pieces) == (Decimal(29_000 - 100), True)  # a person compares the share and the daily charge


def test_an_act_counts_the_days_of_the_stay_around_it() -> None:
    around = stay(date(2025, 3, 1), 40, 40_000)
    act = stay(date(2025, 4, 1), 0, 100, act_code="", care=Care.SPECIALIST, in_hospital=True, provider="B",
               stated_tariff=Decimal(100))  # fmt: skip
    _stay, given = refund_claim([around, act]).lines
    assert isinstance(given, Refund)
    assert given.due == Decimal(100)
    assert refund(act).due == Decimal(70)


@pytest.mark.parametrize(
    ("day", "provider"),
    [(date(2025, 3, 6), "B"), (date(2025, 3, 6), ""), (date(2025, 3, 3), "A"), (date(2025, 3, 3), "B")],
)
def test_stays_that_may_be_one_go_to_a_person(day: date, provider: str) -> None:
    assert due(stay(date(2025, 3, 1), 5, 5_000), stay(day, 5, 5_000, provider=provider))[1]


def test_two_stays_apart_are_two() -> None:
    far = [stay(date(2025, 3, 1), 5, 5_000, heavy=True), stay(date(2025, 3, 10), 5, 5_000, heavy=True)]
    assert due(*far) == (Decimal(10_000 - 2 * 24 - 200), False)


def test_the_daily_charge_is_that_of_each_day() -> None:
    across = stay(date(2026, 2, 27), 4, 1_000, exemption=Exemption.LONG_ILLNESS)
    assert due(across)[0] == Decimal(1_000 - 2 * 20 - 2 * 23)
