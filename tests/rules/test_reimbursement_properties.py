from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from escale.rules.acts import acts
from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, Exemption, Unverified, Withheld, decided, refund
from escale.rules.scope import RuleSet
from tests.rules.lines import possible

CODES = [one.code for one in acts(on=date(2026, 6, 1))] + ["INCONNU"]
EUROS = st.decimals(Decimal(0), Decimal(20_000), places=2)
FEW_EUROS = st.decimals(Decimal(0), Decimal(60), places=2)

LINES: st.SearchStrategy[CareLine] = st.builds(
    CareLine,
    given_on=st.dates(date(2015, 1, 1), date(2027, 1, 1)),
    act_code=st.sampled_from(CODES),
    care=st.sampled_from(Care),
    expense_eur=EUROS,
    patient_age=st.integers(0, 100),
    rule_set=st.sampled_from(RuleSet),
    paid_elsewhere_eur=st.one_of(st.just(Decimal(0)), EUROS),
    quantity=st.integers(1, 12),
    days=st.none() | st.integers(1, 12),
    hospital_days=st.integers(1, 60),
    exemption=st.none() | st.sampled_from(Exemption),
    stated_tariff=st.none() | EUROS,
    stated_reason=st.just("tarif relevé"),
    withheld=st.builds(
        Withheld,
        participations_today=FEW_EUROS, participations_this_year=FEW_EUROS,
        franchises_today=FEW_EUROS, franchises_this_year=FEW_EUROS,
    ),
).map(possible)  # fmt: skip


def due(line: CareLine) -> Decimal | None:
    try:
        return refund(line).due
    except Unverified:
        return None


@given(LINES)
def test_the_explanation_leads_from_the_expense_to_the_sum_due(line: CareLine) -> None:
    if due(line) is None:
        return
    result = refund(line)
    assert result.steps[0].before == line.expense_eur
    assert result.steps[-1].after == result.due
    for step, following in zip(result.steps, result.steps[1:], strict=False):
        assert step.after == following.before
    for step in result.steps:
        assert 0 <= step.after <= step.before
        assert step.label
        assert step.article


@given(LINES)
def test_nobody_receives_more_than_they_paid_nor_more_than_the_french_tariff(line: CareLine) -> None:
    paid = due(line)
    if paid is not None:
        assert paid <= max(Decimal(0), line.expense_eur - line.paid_elsewhere_eur)
        boundless = due(replace(line, expense_eur=Decimal(10**9), paid_elsewhere_eur=Decimal(0)))
        assert boundless is not None
        assert paid <= boundless


@given(LINES, EUROS)
def test_a_dearer_bill_is_never_paid_less(line: CareLine, more: Decimal) -> None:
    paid, paid_more = due(line), due(replace(line, expense_eur=line.expense_eur + more))
    if paid is not None and paid_more is not None:
        assert paid <= paid_more


@given(LINES)
def test_computing_twice_gives_the_same(line: CareLine) -> None:
    if due(line) is not None:
        assert refund(line) == refund(line)


@given(LINES)
def test_nothing_is_automatic_without_verified_figures(line: CareLine) -> None:
    verified = {one.code for one in acts(on=line.given_on) if one.verified and not one.letter}
    if due(line) is not None and (line.act_code not in verified or line.stated_tariff is not None):
        assert not refund(line).automatic


@given(LINES)
def test_contributions_keep_within_their_yearly_limits(line: CareLine) -> None:
    if due(line) is not None:
        result = refund(line)
        assert result.franchise == 0 or result.franchise + line.withheld.franchises_this_year <= 50
        assert result.participation == 0 or result.participation + line.withheld.participations_this_year <= 50


@given(LINES, EUROS)
def test_a_decided_amount_stays_within_the_expense(line: CareLine, amount: Decimal) -> None:
    result = decided(line, amount=amount, reason="motif")
    assert result.due <= line.expense_eur
    assert result.due <= amount
    assert result.steps[-1].after == result.due
