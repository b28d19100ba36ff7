"""What is told before sending, and what is said when the sum is another."""

from datetime import date
from decimal import Decimal

import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims import computing, estimates, explanations, queries
from escale.domain.claims.models import Claim, ClaimLine
from escale.rules.intake import Care
from escale.rules.reimbursement import Unverified
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]


def received(*lines: dict) -> list[ClaimLine]:
    """The lines of a claim in euros that waits for an agent."""
    claim = factories.draft()
    bill = factories.bill(claim, currency="EUR")
    for traits in lines:
        factories.line(bill, **traits)
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    return list(queries.lines(factories.received(claim=claim)))


def assess(line: ClaimLine, **retained: object) -> ClaimLine:
    claims.assess(line=line, retained=claims.Assessment(**retained), by=factories.agent())
    line.refresh_from_db()
    return line


def test_a_draft_is_estimated_with_its_rate_or_says_why_not():
    claim = factories.complete()
    bill = claim.bills.get()
    other = factories.line(bill, care=Care.PHARMACY)
    late = factories.line(bill, given_on=date(2023, 1, 5))
    told = estimates.of(claim, queries.bills(claim))
    first = told[min(told)]
    assert first.words.startswith("environ ")
    assert first.quote
    assert first.quote.source
    assert "médicament" in told[other.pk].why
    assert "trop tard" in told[late.pk].why
    assert estimates.total(told) == (first.words, 2)


def test_many_lines_ask_no_more_questions_than_one(django_assert_max_num_queries):
    claim = factories.complete()
    bill = claim.bills.get()
    for day in range(1, 9):
        factories.line(bill, care=Care.SPECIALIST, given_on=date(2026, 8, day))
    bills = list(queries.bills(claim))
    with django_assert_max_num_queries(4):
        estimates.of(claim, bills)


def test_what_was_told_is_kept_and_a_sum_within_it_needs_no_words():
    (line,) = received({})
    kept = estimates.given(line)
    assert kept
    assert kept.words
    assert kept.acts == ("G",)
    assess(line, act="G")
    assert estimates.surprise(line) is None


def test_a_sum_that_is_another_is_explained_by_causes_that_add_up():
    (line,) = received({})
    assess(line, act="CS_PSY")
    surprise = estimates.surprise(line)
    assert surprise
    assert surprise.other_act
    assert sum((gap.amount for gap in surprise.gaps), surprise.bound) == line.due
    assess(line, amount=Decimal("1.50"), reason="Acte non remboursable")
    lowered = estimates.surprise(line)
    assert lowered
    assert sum((gap.amount for gap in lowered.gaps), lowered.bound) == Decimal("1.50")


def test_the_parts_that_are_not_paid_back_add_up_even_for_an_old_explanation():
    (line,) = received({})
    assess(line, act="G")
    assert sum((part.amount for part in explanations.parts([line])), line.due) == line.expense
    for step in line.explanation:
        del step["version"], step["cause"]
    line.save()
    assert sum((part.amount for part in explanations.parts([line])), line.due) == line.expense


def test_the_french_cap_holds_for_the_whole_claim_whichever_line_comes_first():
    cheap, dear = received({"amount": Decimal(10)}, {"amount": Decimal(100), "care": Care.DENTAL})
    assess(dear, act="C_DENT")
    alone = dear.due
    assess(cheap, act="G")
    dear.refresh_from_db()
    assert dear.due >= alone
    assert [cheap.due, dear.due] == [one.due for one in computing.refund([cheap, dear]).lines]
    claim = Claim.objects.get()
    assert claims.decide(claim=claim, by=factories.agent()).total == cheap.due + dear.due


def test_a_tariff_that_nobody_verified_leaves_the_line_to_a_person_with_its_reason():
    (line,) = received({})
    with pytest.raises(Unverified, match="Aucun tarif vérifié"):
        claims.assess(line=line, retained=claims.Assessment(act="TC"), by=factories.agent())
    line.refresh_from_db()
    assert line.due is None
    with pytest.raises(claims.NotAssessed):
        claims.decide(claim=line.bill.claim, by=factories.agent())
