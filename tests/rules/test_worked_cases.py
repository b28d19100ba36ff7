from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from escale.rules.claim_answer import answer
from escale.rules.claim_file import read

CASES = yaml.safe_load((Path(__file__).parent / "worked_cases.yaml").read_text())


def written(case: dict[str, Any]) -> dict[str, Any]:
    """Return the file that tells a case."""
    return case.get("claim", {}) | {
        "territory": case.get("place", "US"),
        "stay": case.get("stay", "posting"),
        "beneficiary": {"born_on": case.get("born", date(1985, 2, 3)), "pregnancy": case.get("pregnancy", {})},
        "lines": [
            dict(zip(("given_on", "care", "act", "amount"), line, strict=False))
            | {"act": line[2] or None, "reason": "tarif relevé"}
            | (line[4] if len(line) > 4 else {})
            for line in case["lines"]
        ],
    }


def plain(value: Any) -> Any:
    """Return what YAML read as JSON would have: dates are texts, and no number is a float."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, float) else value


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{place}: {case['law']}") for place, case in enumerate(CASES)])
def test_a_worked_case_is_paid_to_the_cent(case: dict[str, Any]) -> None:
    told = answer(read(plain(written(case))), published=lambda currency, on: [])
    due = case["due"]
    if isinstance(due, str):
        assert {line["status"] for line in told["lines"]} == {due}
    else:
        expected = [f"{one:.2f}" for one in (due if isinstance(due, list) else [due])]
        assert [line["due"] for line in told["lines"]] == expected
        assert Decimal(told["due"]) == sum(Decimal(one) for one in expected)
        assert Decimal(told["paid"]) - Decimal(told["due"]) == sum(Decimal(cut) for cut in told["causes"].values())
        assert told["due"] == "0.00" or Decimal(told["due"]) <= Decimal(told["french"])


def test_there_are_enough_cases_and_none_twice() -> None:
    assert len(CASES) >= 60
    assert len({str(case) for case in CASES}) == len(CASES)
