from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.rules.intake import Care
from escale.rules.limits import picked
from escale.rules.reimbursement import CareLine, Exemption, Refund, Unverified, Withheld, age, decided, refund
from escale.rules.scope import RuleSet

AP_HP: dict[str, Any] = {
    "act_code": "HOSP_MED", "care": Care.HOSPITAL, "hospital_days": 5,
    "stated_tariff": Decimal(1500), "stated_reason": "prix de journée de l’AP-HP",
}  # fmt: skip
SCALING: dict[str, Any] = {
    "act_code": "HBJD001", "care": Care.DENTAL,
    "stated_tariff": Decimal("43.38"), "stated_reason": "tarif de la nomenclature à cette date",
}  # fmt: skip


def line(expense: str = "166.67", **changes: Any) -> CareLine:
    given: dict[str, Any] = {
        "given_on": date(2025, 3, 10), "act_code": "G", "care": Care.GENERALIST, "expense_eur": Decimal(expense),
        "patient_age": 40, "rule_set": RuleSet.SERVICE,
    }  # fmt: skip
    made = CareLine(**(given | changes))
    return made if "care" in changes else replace(made, care=picked(made).care)


def amounts(result: Refund) -> list[str]:
    return [str(result.steps[0].before), *(str(step.after) for step in result.steps)]


@pytest.mark.parametrize(
    ("care", "chain"),
    [
        pytest.param(line(), "166.67 30.00 21.00 21.00 19.00", id="1-general-practitioner"),
        pytest.param(line(patient_age=12), "166.67 30.00 21.00 21.00 21.00", id="2-child-of-twelve"),
        pytest.param(line(patient_age=4), "166.67 35.00 24.50 24.50 24.50", id="3-child-of-four"),
        pytest.param(line("22.87"), "22.87 22.87 16.01 16.01 14.01", id="4-dakar-expense-below-tariff"),
        pytest.param(line(given_on=date(2024, 6, 1)), "166.67 26.50 18.55 18.55 16.55", id="5-older-tariff"),
        pytest.param(line(given_on=date(2024, 5, 1)), "166.67 26.50 18.55 18.55 17.55", id="6-older-contribution"),
        pytest.param(line("80", **SCALING), "80.00 43.38 30.37 26.03", id="7-scaling-capped-by-france"),
        pytest.param(line("15", **SCALING), "15.00 15.00 10.50 10.50", id="8-cheap-scaling"),
        pytest.param(line("7.62", act_code="AMK 9.5"), "7.62 7.62 4.57 4.57 3.57", id="9-physiotherapy"),
        pytest.param(line("60", act_code="B 80"), "60.00 20.00 13.00 12.00 10.00", id="10-biology"),
        pytest.param(line("4573.47", **AP_HP), "4573.47 4573.47 3658.78 3658.78", id="11-hospital"),
        pytest.param(line("12000", **AP_HP), "12000.00 5250.00 4200.00 4200.00", id="12-dear-hospital"),
        pytest.param(line(exemption=Exemption.LONG_ILLNESS), "166.67 30.00 30.00 30.00 28.00", id="14-long-illness"),
    ],
)  # fmt: skip
def test_golden_cases_are_explained_to_the_cent(care: CareLine, chain: str) -> None:
    result = refund(care)
    assert amounts(result) == chain.split()
    assert str(result.due) == chain.split()[-1]


def test_each_step_says_its_article_and_the_figure_it_used() -> None:
    told = [(step.article, step.parameter) for step in refund(line()).steps]
    assert told == [
        ("CSS, art. R. 761-18, 1°", "G"),
        ("CSS, art. R. 761-16, 1°", "share_abroad_practitioners"),
        ("CSS, art. R. 761-19, al. 2", "share_france_doctors"),
        ("CSS, art. L. 160-13, II", "participation_forfaitaire"),
    ]


@pytest.mark.parametrize(
    "care",
    [
        line(act_code="HBJD001"), line(act_code="HOSP_MED", hospital_days=2), line(act_code="PH7"),
        line(act_code="AMK"),
        line(act_code="INCONNU"), line(given_on=date(2004, 1, 1)), line(given_on=date(2022, 5, 1), patient_age=3),
    ],
)  # fmt: skip
def test_without_a_verified_tariff_an_agent_decides(care: CareLine) -> None:
    with pytest.raises(Unverified, match="Aucun tarif vérifié"):
        refund(care)


def test_a_tariff_found_by_an_agent_is_told_and_never_automatic() -> None:
    result = refund(line("80", **SCALING))
    assert "tarif de la nomenclature à cette date" in result.steps[0].label
    assert not result.automatic
    assert refund(line()).automatic


def test_a_manual_amount_is_capped_to_what_was_paid_and_explained() -> None:
    result = decided(line("80", paid_elsewhere_eur=Decimal(30)), amount=Decimal(75), reason="Acte hors nomenclature")
    assert amounts(result) == ["80.00", "50.00", "50.00"]
    assert result.steps[-1].label == "Décision du gestionnaire : Acte hors nomenclature"
    assert not result.automatic


@pytest.mark.parametrize(("amount", "reason"), [("-1", "motif"), ("10", "  ")])
def test_a_manual_amount_needs_sense_and_a_reason(amount: str, reason: str) -> None:
    with pytest.raises(ValueError):
        decided(line(), amount=Decimal(amount), reason=reason)


def test_what_another_body_paid_comes_off_the_expense_first() -> None:
    assert amounts(refund(line("40", paid_elsewhere_eur=Decimal(20)))) == [
        "40.00",
        "20.00",
        "20.00",
        "14.00",
        "14.00",
        "12.00",
    ]


def test_private_stays_follow_french_rates_and_outside_europe_stay_a_choice() -> None:
    europe, world = (
        refund(line("60", act_code="B 80", rule_set=rules)) for rules in (RuleSet.PRIVATE_EU, RuleSet.PRIVATE_WORLD)
    )
    assert amounts(europe) == amounts(world) == ["60.00", "20.00", "12.00", "10.00"]
    assert europe.steps[0].article == "CSS, art. R. 160-1"
    assert (europe.automatic, world.automatic) == (True, False)


def test_contributions_stop_at_their_daily_and_yearly_limits() -> None:
    almost = Withheld(participations_this_year=Decimal(49))
    assert refund(line(withheld=almost)).participation == Decimal(1)
    sessions = line("300", act_code="AMK 9.5", quantity=6, withheld=Withheld(franchises_today=Decimal(1)))
    assert refund(sessions).franchise == Decimal(3)
    over = Withheld(franchises_this_year=Decimal(60))
    assert refund(line("300", act_code="AMK 9.5", withheld=over)).franchise == 0


def test_a_contribution_never_exceeds_what_is_left() -> None:
    result = refund(line("1.00"))
    assert (result.due, result.participation) == (Decimal("0.00"), Decimal("0.70"))


def test_who_was_a_minor_on_new_year_s_day_pays_no_contribution() -> None:
    born_on, given_on = date(2007, 2, 1), date(2025, 3, 10)
    minor = line(patient_age=age(born_on, on=given_on), january_age=age(born_on, on=date(2025, 1, 1)))
    assert (minor.patient_age, minor.january_age) == (18, 17)
    assert refund(minor).due == Decimal("21.00")


def test_maternity_pays_neither_share_nor_contribution() -> None:
    assert refund(line(exemption=Exemption.MATERNITY)).due == Decimal("30.00")


@pytest.mark.parametrize(
    ("days", "exemption", "due"),
    [
        (5, Exemption.LONG_ILLNESS, "900.00"),   # the daily charge stays: 5 × 20
        (5, Exemption.MATERNITY, "1000.00"),
        (30, None, "400.00"),                    # the daily charge exceeds the share of 20 %
        (40, None, "200.00"),
    ],
)  # fmt: skip
def test_in_hospital_the_larger_of_share_and_daily_charge_stays(
    days: int, exemption: Exemption | None, due: str
) -> None:
    stay = AP_HP | {"hospital_days": days, "exemption": exemption}
    assert refund(line("1000", **stay)).due == Decimal(due)


def test_from_the_thirty_first_day_the_share_is_no_longer_due() -> None:
    stay = AP_HP | {"hospital_days": 60}
    assert refund(line("100000", **stay)).due == Decimal("56700.00")


@pytest.mark.parametrize(
    "changes",
    [
        {"expense_eur": Decimal(-1)},
        {"quantity": 0},
        {"stated_tariff": Decimal(5)},
        {"act_code": "HOSP_MED", "stated_tariff": Decimal(5), "stated_reason": "x"},
    ],
)
def test_an_impossible_line_is_a_value_error(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        refund(line(**changes))
