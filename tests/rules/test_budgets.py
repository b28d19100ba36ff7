"""Out of which budget a benefit is paid, on which ground, and to whom."""

from datetime import date
from decimal import Decimal

import pytest

from escale.rules import budgets, imputation, parameters, payees
from escale.rules.budgets import Funder
from escale.rules.imputation import Benefit
from escale.rules.payees import Facts, Payee, Protection
from escale.rules.stays import Cause, RuleSet

ON = date(2026, 9, 15)
HOLDERS = {"label": "Action sociale", "funder": "fund", "source": "Délibération", "confidence": "official"}


def test_only_what_the_law_limits_has_credits_that_stop():
    limited = [one.code for one in budgets.budgets(on=ON) if one.ceiling is not None]
    assert limited == ["ASS"]


def test_each_budget_of_the_state_names_its_ministry():
    of_state = [one for one in budgets.budgets(on=ON) if one.funder is Funder.STATE]
    assert len(of_state) == 6
    assert all(one.ministry for one in of_state)


def test_an_edition_changes_credits_from_a_day_on_and_may_add_a_budget():
    rows = {
        ("budget", "ASS"): ({"from": date(2026, 10, 1), "ceiling": "13000000", **HOLDERS},),
        ("budget", "AIDES"): ({"from": date(2026, 10, 1), **HOLDERS, "label": "Aides"},),
    }
    with parameters.reading(parameters.Edition(1, rows)):
        assert budgets.budget("ASS", on=date(2026, 10, 1)).ceiling == Decimal(13_000_000)
        assert budgets.budget("ASS", on=ON).ceiling == Decimal(12_000_000)
        assert "AIDES" in {one.code for one in budgets.budgets(on=date(2026, 10, 1))}
        assert "AIDES" not in {one.code for one in budgets.budgets(on=ON)}
    with pytest.raises(LookupError):
        budgets.budget("AIDES", on=date(2026, 10, 1))


def test_what_is_said_of_credits_that_are_spent_is_never_less_than_nothing():
    budget = budgets.budget("ASS", on=ON)
    said = budgets.reached(budget, year=2026, left=Decimal("-3"), amount=Decimal(20))
    assert "il reste 0,00 €" in said.replace("\u00a0", " ")
    assert "20,00 €" in said.replace("\u00a0", " ")


@pytest.mark.parametrize("rule_set", RuleSet)
def test_care_abroad_is_borne_by_the_general_scheme_on_the_ground_of_the_stay(rule_set: RuleSet):
    found = imputation.care(rule_set=rule_set)
    assert (found.budget, found.benefit) == ("GENERAL", Benefit.CARE_ABROAD)
    assert found.legal_basis.startswith("CSS, art. R. 761-18" if rule_set is RuleSet.SERVICE else "CSS, art. R. 160-")


@pytest.mark.parametrize(("cause", "budget"), [(Cause.PENSION, "SMG"), (Cause.SERVICE, "APIAS")])
def test_what_a_pension_or_the_service_caused_is_borne_by_the_state(cause: Cause, budget: str):
    found = imputation.care(rule_set=RuleSet.SERVICE, cause=cause)
    assert found.budget == budget
    assert budgets.budget(found.budget, on=ON).funder is Funder.STATE


CHILD, ADULT = 7, 40
ALWAYS = [
    (Facts(oneself=True, age=ADULT), Payee.INSURED),
    (Facts(oneself=False, age=CHILD), Payee.INSURED),
    (Facts(oneself=False, age=ADULT, separated=True), Payee.INSURED),
    (Facts(oneself=False, age=CHILD, separated=True), Payee.PERSON),
    (Facts(oneself=False, age=CHILD, separated=True, borne_by_other=False), Payee.INSURED),
    (Facts(oneself=False, age=CHILD, separated=True, borne_by_other=True), Payee.OTHER_PARENT),
    (Facts(oneself=True, age=ADULT, protection=Protection.ASSISTED), Payee.INSURED),
    (Facts(oneself=True, age=ADULT, protection=Protection.ASSISTED_CLOSELY), Payee.MEASURE),
    (Facts(oneself=True, age=ADULT, protection=Protection.REPRESENTED), Payee.MEASURE),
    (Facts(oneself=True, age=ADULT, protection=Protection.REPRESENTED, died=True), Payee.PERSON),
]


@pytest.mark.parametrize(("facts", "payee"), ALWAYS)
def test_whom_a_benefit_is_paid_to(facts: Facts, payee: Payee):
    answer = payees.payee(facts, majority=18)
    assert answer.payee is payee
    assert bool(answer.to_do) == (payee is not Payee.INSURED)
    assert answer.ground
