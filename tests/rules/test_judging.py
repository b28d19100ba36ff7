"""What the rules see and cannot settle is said to a person, and never paid by itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.rules.currency import written
from escale.rules.intake import Care
from escale.rules.limits import picked
from escale.rules.reimbursement import CareLine, Exemption, Refund, refund
from escale.rules.scope import RuleSet
from escale.rules.treatment import refund_claim


def line(expense: str = "100", **changes: Any) -> CareLine:
    given: dict[str, Any] = {
        "given_on": date(2026, 2, 2), "act_code": "G", "care": Care.GENERALIST, "expense_eur": Decimal(expense),
        "patient_age": 40, "rule_set": RuleSet.SERVICE, "provider": "A",
    }  # fmt: skip
    if isinstance(changes.get("stated_tariff"), int):
        changes["stated_tariff"] = Decimal(changes["stated_tariff"])
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


SPECIALIST: dict[str, Any] = {"act_code": "", "care": Care.SPECIALIST, "stated_reason": "tarif relevé"}


def told(lines: list[CareLine], word: str) -> list[bool]:
    refunds = [one for one in refund_claim(lines).lines if isinstance(one, Refund)]
    assert not any(one.automatic and one.notes for one in refunds)
    return [any(word in note for note in one.notes) for one in refunds]


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        pytest.param([{"stated_tariff": 96, "quantity": 2}], [True], id="R160-16-I-one-line"),
        pytest.param([{"stated_tariff": 60, "quantity": 2}], [True], id="R160-16-I-at-the-threshold"),
        pytest.param([{"stated_tariff": 59, "quantity": 2}], [False], id="R160-16-I-under-the-threshold"),
        pytest.param([{"stated_tariff": 96, "quantity": 2, "days": 2}], [False], id="R160-16-I-another-day"),
        pytest.param([{"stated_tariff": 96, "quantity": 2, "heavy": True}], [False], id="R160-16-I-said"),
        pytest.param([{"stated_tariff": 96}] * 2, [True, True], id="R160-16-I-two-lines"),
        pytest.param([{"stated_tariff": 96}, {"stated_tariff": 200}], [True, False], id="R160-16-I-beside-a-heavy-act"),
        pytest.param([{"stated_tariff": 96}, {"stated_tariff": 96, "provider": "B"}], [False] * 2, id="R160-16-I-two"),
        pytest.param([{"stated_tariff": 96, "quantity": 2, "in_hospital": True}], [False], id="R160-16-I-2"),
        pytest.param(
            [{"stated_tariff": 96, "quantity": 2, "exemption": Exemption.LONG_ILLNESS}], [False], id="L160-14-3"
        ),
    ],
)  # fmt: skip
def test_acts_that_may_cumulate_go_to_a_person(lines: list[dict[str, Any]], asked: list[bool]) -> None:
    assert told([line(**SPECIALIST | one) for one in lines], "Actes cumulés") == asked


@pytest.mark.parametrize(
    ("codes", "asked"),
    [
        (["HBMD058", "HBFD033"], [True, True]),
        (["G", "DEQP003"], [False, False]),
        (["DEQP003"], [False]),
    ],
)
def test_several_acts_of_one_visit_may_have_half_their_tariff(codes: list[str], asked: list[bool]) -> None:
    assert told([line(act_code=code) for code in codes], "moitié de son tarif") == asked


def test_an_amount_decided_beyond_the_french_one_says_so() -> None:
    decided: dict[str, Any] = {"stated_reason": "accord local"}
    beyond, within = (refund(line(decided_eur=Decimal(one), **decided)) for one in (22, 21))
    assert "soit 21,00\u00a0€ (CSS, art. R. 761-19, al. 2)" in " ".join(beyond.notes)
    assert (beyond.due, within.notes) == (Decimal(22), ())
    assert not refund(line(decided_eur=Decimal(22), rule_set=RuleSet.PRIVATE_EU, **decided)).notes


def test_a_cap_tells_the_share_that_was_borne_in_france_and_its_lines_add_up() -> None:
    biology, visit = line("60", act_code="B 80"), line("60")
    alone, both = refund(biology), refund_claim([biology, visit])
    (step,) = (step for step in alone.steps if step.cause == "cap")
    assert step.label.endswith("soit 12,00\u00a0€ (participation de l’assuré : 40 %)")
    assert step.parameter == "share_france_biology"
    caps = [step for one in both.lines if isinstance(one, Refund) for step in one.steps if step.cause == "cap"]
    whole = sum((step.after for step in caps), Decimal(0))
    limited = [step for step in caps if step.before != step.after]
    assert limited
    assert all(f"soit {written(whole)}, dont {written(step.after)} pour ces soins" in step.label for step in limited)


@pytest.mark.parametrize(
    ("changes", "label", "parameter"),
    [
        pytest.param({"hospital_days": 40}, "20 % sur 30 jours", "share_hospital", id="R160-16-V-3"),
        pytest.param({"hospital_days": 5}, "20 %", "share_hospital", id="R160-5-1"),
        pytest.param({"hospital_days": 5, "heavy": True}, "24,00\u00a0€", "share_heavy_acts", id="R160-16-I-2"),
    ],
)  # fmt: skip
def test_a_stay_tells_the_share_really_borne(changes: dict[str, Any], label: str, parameter: str) -> None:
    price: dict[str, Any] = {"act_code": "HOSP_MED", "stated_tariff": Decimal(1500), "stated_reason": "prix de journée"}
    steps = {step.cause: step for step in refund(line("900000", **price, **changes)).steps}
    assert label in steps["share"].label
    assert steps["cap"].parameter == parameter


def test_a_second_heavy_act_says_that_the_first_bore_the_share() -> None:
    acts = [line("200", **SPECIALIST, stated_tariff=Decimal(200)) for _ in range(2)]
    labels = [step.label for one in refund_claim(acts).lines if isinstance(one, Refund) for step in one.steps]
    assert any(label.startswith("Participation déjà supportée pour un autre acte") for label in labels)


def test_an_act_after_the_thirtieth_day_of_a_stay_bears_no_share() -> None:
    act = line(**SPECIALIST, stated_tariff=Decimal(100), in_hospital=True)
    assert [refund(replace(act, hospital_days_before=days)).due for days in (29, 30, 40)] == [
        Decimal(70),
        Decimal(100),
        Decimal(100),
    ]


def test_maternity_asked_too_late_cites_its_own_delay() -> None:
    late = line(act_code="JQGD010", pregnancy_found_on=date(2023, 9, 1), claimed_on=date(2026, 5, 1))
    (step,) = (step for step in refund(late).steps if step.cause == "prescription")
    assert (step.article, step.parameter) == ("CSS, art. L. 160-11", "maternity_claim_years")
