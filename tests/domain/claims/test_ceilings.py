"""A ceiling of a year counts what is repaid in it, one of a day what was given on it (CSS, D. 160-6 et D. 160-10)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims import circumstances, computing, explanations
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.registry.models import InsuredPerson
from escale.rules.intake import Care
from escale.rules.judging import DAYS_UNKNOWN
from tests import factories

pytestmark = pytest.mark.usefixtures("scanning", "db")

JANUARY = datetime(2027, 1, 5, 10, 0)
BOXES = claims.Assessment(act="PH7", quantity=40, stated_tariff=Decimal(10), reason="Prix français")


@pytest.fixture(autouse=True)
def clock(frozen) -> Any:
    return frozen


def received(person: InsuredPerson, *days: date, care: Care = Care.PHARMACY) -> Claim:
    claim = factories.draft(person)
    bill = factories.bill(claim, currency="EUR")
    for day in days:
        factories.line(bill, care=care, amount=Decimal(400), given_on=day)
    for code in ("bill", "prescription"):
        factories.attachment(claim, paper=code)
    return factories.received(claim=claim)


def compute(claim: Claim, retained: claims.Assessment = BOXES) -> list[Decimal]:
    """What each line bears, once all are computed."""
    for line in ClaimLine.objects.filter(bill__claim=claim).order_by("pk"):
        claims.assess(line=line, retained=retained, by=factories.agent())
    lines = ClaimLine.objects.filter(bill__claim=claim).order_by("pk")
    return [line.franchise + line.participation for line in lines]


def test_care_of_last_year_paid_back_this_year_counts_this_year(clock) -> None:
    person = factories.insured()
    assert compute(received(person, date(2025, 12, 20))) == [40]
    assert compute(received(person, date(2026, 9, 1))) == [10]
    late = received(person, date(2026, 9, 2))
    clock.move_to(JANUARY)
    assert compute(late) == [40]


def test_a_ceiling_of_the_day_holds_whatever_the_year_of_repayment(clock) -> None:
    person, visits = factories.insured(), claims.Assessment(act="G", quantity=4)
    day = date(2026, 9, 1)
    first = compute(received(person, day, care=Care.GENERALIST), visits)
    late = received(person, day, care=Care.GENERALIST)
    clock.move_to(JANUARY)
    assert (first, compute(late, visits)) == ([8], [0])


def test_what_was_computed_for_another_year_is_computed_again_before_it_is_accepted(clock) -> None:
    person, agent = factories.insured(), factories.agent()
    claim = received(person, date(2026, 9, 1), date(2026, 9, 2))
    assert compute(claim) == [40, 10]
    clock.move_to(JANUARY)
    with pytest.raises(claims.NotAssessed, match="recalculez une ligne"):
        claims.decide(claim=claim, by=agent)
    claims.assess(line=ClaimLine.objects.filter(bill__claim=claim).earliest("pk"), retained=BOXES, by=agent)
    assert set(ClaimLine.objects.values_list("counted_on", flat=True)) == {JANUARY.date()}
    claims.decide(claim=claim, by=agent)


def test_a_decided_line_computed_again_years_later_says_the_same(clock) -> None:
    person = factories.insured()
    claim = received(person, date(2026, 9, 1), date(2026, 9, 2))
    compute(claim)
    claims.decide(claim=claim, by=factories.agent())
    clock.move_to(JANUARY)
    compute(received(person, date(2026, 9, 3)))
    lines = list(ClaimLine.objects.filter(bill__claim=claim).select_related("bill__claim__beneficiary").order_by("pk"))
    again = computing.refund(lines).lines
    assert [(one.due, one.franchise, one.steps) for one in again] == [
        (line.due, line.franchise, explanations.steps(line)) for line in lines
    ]


def test_what_was_borne_elsewhere_is_one_query(django_assert_num_queries) -> None:
    person = factories.insured()
    compute(received(person, date(2025, 12, 20)))
    claim = received(person, date(2026, 9, 1))
    lines = list(ClaimLine.objects.filter(bill__claim=claim))
    with django_assert_num_queries(1):
        assert [one.franchise for one in computing.borne_elsewhere(claim, lines)] == [40]


def test_acts_given_on_several_days_have_the_ceiling_of_each(clock) -> None:
    person, day = factories.insured(), date(2026, 9, 1)
    claim = received(person, day, care=Care.NURSE)
    acts = {"act": "AMI", "quantity": 30, "stated_tariff": Decimal(4), "reason": "Prix français"}
    assert compute(claim, claims.Assessment(**acts)) == [4]
    line = ClaimLine.objects.get()
    assert DAYS_UNKNOWN in line.to_judge
    assert circumstances.counts_days(line)
    assert compute(claim, claims.Assessment(**acts, days=10)) == [30]  # 1 € each, 4 € a day at most
    assert DAYS_UNKNOWN not in ClaimLine.objects.get().to_judge
    assert compute(received(person, day, care=Care.NURSE), claims.Assessment(**acts | {"quantity": 4})) == [1]


def test_more_days_than_acts_are_refused_at_their_field() -> None:
    claim = received(factories.insured(), date(2026, 9, 1), care=Care.NURSE)
    with pytest.raises(claims.Unacceptable) as refused:
        compute(claim, claims.Assessment(act="AMI", days=2, stated_tariff=Decimal(4), reason="Prix français"))
    assert set(refused.value.errors) == {"days"}
