"""What cannot be is refused at its field, and what only may be is left to a person."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, Exemption, Impossible, refund
from escale.rules.scope import Authorisation, RuleSet
from escale.rules.treatment import ToDecide, refund_claim

STATED: dict[str, Any] = {"stated_tariff": Decimal(1000), "stated_reason": "prix de journée"}
STAY: dict[str, Any] = {"act_code": "HOSP_MED", "care": Care.HOSPITAL, "hospital_days": 2, **STATED}
PAEDIATRICIAN: dict[str, Any] = {"act_code": "CS_PED_0_2", "care": Care.SPECIALIST}
NEWBORN: dict[str, Any] = {"exemption": Exemption.NEWBORN, "patient_age": 0}


def line(**changes: Any) -> CareLine:
    given: dict[str, Any] = {
        "given_on": date(2026, 2, 2), "act_code": "G", "care": Care.GENERALIST, "expense_eur": Decimal(40),
        "patient_age": 40, "rule_set": RuleSet.SERVICE,
    }  # fmt: skip
    return CareLine(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        pytest.param({"care": Care.IMAGING, "act_code": "ACQN001"}, "care", "accordez", id="care-and-act"),
        pytest.param({"care": Care.HOSPITAL}, "care", "accordez", id="care-and-act-of-a-stay"),
        pytest.param({"act_code": "G_MOINS6"}, "act_code", "40 ans", id="child-act-of-an-adult"),
        pytest.param({"act_code": "G_MOINS6", "patient_age": 6}, "act_code", "6 ans", id="on-the-sixth-birthday"),
        pytest.param(PAEDIATRICIAN | {"patient_age": 2}, "act_code", "2 ans", id="from-two-years"),
        pytest.param({"exemption": Exemption.CONTRACEPTION}, "exemption", "26 ans", id="R160-17-I-5"),
        pytest.param({"exemption": Exemption.CONTRACEPTION, "patient_age": 26}, "exemption", "26 ans", id="at-26"),
        pytest.param(NEWBORN | {"patient_days": 5}, "exemption", "établissement", id="R160-17-I-1-in-town"),
        pytest.param(STAY | NEWBORN | {"patient_days": 31}, "exemption", "trente jours", id="R160-17-I-1-too-old"),
        pytest.param(STAY | NEWBORN | {"patient_age": 40}, "exemption", "trente jours", id="R160-17-I-1-adult"),
        pytest.param(STAY | {"emergency": True}, "emergency", "hospitalisation", id="L160-13-I-visit-and-stay"),
        pytest.param({"emergency": True, "in_hospital": True}, "emergency", "hospitalisation", id="L160-13-I-in-stay"),
        pytest.param({"quantity": 2, "days": 3}, "days", "jours", id="more-days-than-acts"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(changes: dict[str, Any], field: str, told: str) -> None:
    with pytest.raises(Impossible, match=told) as wrong:
        refund(line(**changes))
    assert wrong.value.field == field
    (left,) = refund_claim([line(**changes)]).lines
    assert isinstance(left, ToDecide)


@pytest.mark.parametrize(
    "changes",
    [
        {"act_code": "G_MOINS6", "patient_age": 5},
        PAEDIATRICIAN | {"patient_age": 1},
        {"exemption": Exemption.CONTRACEPTION, "patient_age": 25},
        STAY | NEWBORN | {"patient_days": 29},
        NEWBORN | {"patient_days": 5, "in_hospital": True},
    ],
)
def test_what_can_be_is_computed(changes: dict[str, Any]) -> None:
    assert not refund(line(**changes)).notes


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(STAY | NEWBORN | {"patient_days": 24, "hospital_days": 30}, "trentième jour", id="R160-17-I-1"),
        pytest.param(STAY | NEWBORN, "trentième jour", id="R160-17-I-1-unknown-day"),
        pytest.param({"exemption": Exemption.MISTREATED_MINOR}, "minorité", id="R160-17-II"),
    ],
)
def test_what_only_may_be_is_left_to_a_person(changes: dict[str, Any], told: str) -> None:
    result = refund(line(**changes))
    assert any(told in note for note in result.notes)
    assert not result.automatic


@pytest.mark.parametrize(
    ("authorisation", "european", "due"),
    [
        pytest.param(Authorisation.HEAVY, True, "19.00", id="R160-2-III-al-2"),
        pytest.param(Authorisation.ALWAYS, True, "0.00", id="883-2004-art-20"),
        pytest.param(Authorisation.ALWAYS, False, "0.00", id="R160-4-al-3"),
        pytest.param(None, True, "19.00", id="not-read"),
    ],
)
def test_ambulatory_care_needs_no_authorisation_in_the_union_only(
    authorisation: Authorisation | None, european: bool, due: str
) -> None:
    planned = {"rule_set": RuleSet.PLANNED, "authorised": False, "authorisation": authorisation, "european": european}
    assert refund(line(**planned)).due == Decimal(due)
