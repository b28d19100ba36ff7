"""What the rules see and cannot settle is said to a person, and never paid by itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.rules.intake import Care
from escale.rules.limits import picked
from escale.rules.reimbursement import CareLine, refund
from escale.rules.scope import RuleSet


def line(expense: str = "100", **changes: Any) -> CareLine:
    given: dict[str, Any] = {
        "given_on": date(2026, 2, 2), "act_code": "G", "care": Care.GENERALIST, "expense_eur": Decimal(expense),
        "patient_age": 40, "rule_set": RuleSet.SERVICE, "provider": "A",
    }  # fmt: skip
    made = CareLine(**(given | changes))
    return made if "care" in changes else replace(made, care=picked(made).care)


@pytest.mark.parametrize(
    ("code", "quantity", "days", "taken", "asked"),
    [
        pytest.param("AMI 4", 30, None, 4, True, id="D160-11-a-days-unknown"),
        pytest.param("AMI 4", 30, 1, 4, False, id="D160-11-a-one-day"),
        pytest.param("AMI 4", 30, 10, 30, False, id="D160-11-a-ten-days"),
        pytest.param("AMI 4", 30, 5, 20, False, id="D160-11-a-five-days"),
        pytest.param("AMI 4", 4, None, 4, False, id="D160-11-a-what-one-day-holds"),
        pytest.param("G", 5, None, 8, True, id="D160-8-days-unknown"),
        pytest.param("G", 5, 2, 10, False, id="D160-8-two-days"),
        pytest.param("IFD", 30, None, 0, False, id="D160-9-b-no-act"),
    ],
)
def test_the_ceiling_of_a_day_counts_the_days_of_a_line(
    code: str, quantity: int, days: int | None, taken: int, asked: bool
) -> None:
    one = line("2000", act_code=code, quantity=quantity, days=days)
    if code == "IFD":
        one = replace(one, stated_tariff=Decimal("2.5"), stated_reason="indemnité")
    result = refund(one)
    assert result.participation + result.franchise == taken
    assert any("combien de jours" in note for note in result.notes) is asked
    assert not (asked and result.automatic)


def test_a_minor_bears_nothing_whatever_the_days() -> None:
    assert not refund(line("2000", act_code="AMI 4", quantity=30, patient_age=12)).notes
