"""An estimate is a guess between two bounds; a sum that is another is explained to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import acts, estimate
from escale.rules.care_line import CareLine
from escale.rules.explanation import Cause
from escale.rules.intake import Care
from escale.rules.reimbursement import refund
from escale.rules.scope import RuleSet

ON = date(2026, 9, 1)
CONSULTATION = CareLine(
    given_on=ON, care=Care.GENERALIST, expense_eur=Decimal(50), patient_age=40, rule_set=RuleSet.SERVICE, act_code="G"
)
amounts = st.decimals(min_value=1, max_value=500, places=2)


@pytest.mark.parametrize("care", Care)
def test_each_kind_of_care_has_likely_acts_or_says_why_it_has_none(care: Care) -> None:
    likely = estimate.likely(care)
    assert bool(likely.acts) == bool(likely.supposed) != bool(likely.why)
    assert all(acts.act(code, on=ON).care is care for code in likely.acts)
    assert not likely.acts or estimate.bounds([_guesses(care, Decimal(50))])[0]


@given(amounts, amounts)
def test_what_a_likely_act_alone_gives_back_lies_within_the_bounds(one: Decimal, other: Decimal) -> None:
    guesses = [_guesses(Care.SPECIALIST, one), _guesses(Care.IMAGING, other)]
    for bounds, lines in zip(estimate.bounds(guesses), guesses, strict=True):
        assert bounds
        low, high = bounds
        assert Decimal(0) <= low.due <= high.due <= lines[0].expense_eur


@given(amounts, amounts)
def test_the_causes_of_a_difference_add_up_whatever_was_spent(paid: Decimal, supposed: Decimal) -> None:
    other = replace(CONSULTATION, expense_eur=supposed, act_code="CS", care=Care.SPECIALIST)
    lines = [replace(CONSULTATION, expense_eur=paid), other]
    actual, told = (estimate.summed(refund(line), expense=line.expense_eur) for line in lines)
    gaps = estimate.gaps(actual, estimated=told)
    assert sum((gap.amount for gap in gaps), Decimal(0)) == actual.due - told.due


def test_a_line_without_a_verified_tariff_is_left_out_and_the_others_are_told() -> None:
    unknown = replace(CONSULTATION, act_code="TC")
    assert estimate.bounds([[unknown], []]) == (None, None)
    none, some = estimate.bounds([[unknown], [unknown, CONSULTATION]])
    assert none is None
    assert some
    assert some[0].due == some[1].due == refund(CONSULTATION).due


def test_a_change_of_rate_is_a_cause() -> None:
    told = estimate.Sum(Decimal(20), Decimal(14), {Cause.SHARE.value: Decimal(6)})
    actual = estimate.Sum(Decimal(22), Decimal("15.40"), {Cause.SHARE.value: Decimal("6.60")})
    gaps = [(gap.label, gap.amount) for gap in estimate.gaps(actual, estimated=told)]
    assert gaps == [("Taux de change", Decimal(2)), (Cause.SHARE.label, Decimal("-0.60"))]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("14.20", "18.55", "entre 14 € et 19 €"),
        ("19.60", "19.60", "environ 20 €"),
        ("0.10", "0.40", "moins de 1 €"),
        ("0", "0", "rien"),
    ],
)
def test_an_estimate_is_told_in_whole_euros(low: str, high: str, words: str) -> None:
    assert estimate.told(Decimal(low), Decimal(high)) == words


def _guesses(care: Care, expense: Decimal) -> list[CareLine]:
    every = estimate.likely(care).acts
    return [replace(CONSULTATION, care=care, act_code=code, expense_eur=expense) for code in every]
