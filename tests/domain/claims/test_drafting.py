"""What cannot be right is refused field by field, in words that say what to do; nothing of it is kept."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims import completeness, queries
from escale.domain.claims.models import Bill, Claim, ClaimLine
from escale.domain.documents.models import Document
from escale.rules.lifecycle import StepRefused
from escale.rules.scope import Stay
from tests import factories
from tests.coming import arrival

pytestmark = pytest.mark.django_db

TOMORROW = date(2026, 9, 16)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"territory": "ZZ"}, "territory"),
        ({"territory": ""}, "territory"),
        ({"stay_from": TOMORROW}, "stay_from"),
        ({"stay_until": date(2025, 9, 1)}, "stay_until"),
    ],
)
def test_a_stay_that_cannot_be_is_refused(wrong: dict[str, Any], field: str):
    with pytest.raises(claims.Unacceptable) as refusal:
        factories.draft(**wrong)
    assert list(refusal.value.errors) == [field]
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"territory": "RE"},
        {"territory": "PM", "stay": Stay.POSTING},
        {"territory": "FR"},
        {"territory": "NC", "stay": Stay.POSTING},
        {"territory": "NC", "stay": Stay.MISSION, "stay_until": date(2026, 3, 2)},
    ],
)
def test_where_another_fund_is_competent_nothing_more_is_typed(elsewhere: dict[str, Any]):
    with pytest.raises(claims.Redirected) as redirected:
        factories.draft(**elsewhere)
    assert redirected.value.scope.fund
    assert redirected.value.scope.fund.name in str(redirected.value)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"provider": "x" * 151}, "provider"),
        ({"provider": "Docteur\x00"}, "provider"),
        ({"currency": "ZZZ"}, "currency"),
        ({"paid_on": TOMORROW}, "paid_on"),
    ],
)
def test_a_bill_that_cannot_be_is_refused(wrong: dict[str, Any], field: str):
    claim = factories.draft()
    right: dict[str, Any] = {"provider": "Clinique", "currency": "USD", "paid_on": None}
    with pytest.raises(claims.Unacceptable) as refusal:
        claims.add_bill(claim=claim, request_key=uuid4(), by=factories.owner(claim), **right | wrong)
    assert list(refusal.value.errors) == [field]
    assert not Bill.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"given_on": TOMORROW}, "given_on"),
        ({"given_on": date(1926, 9, 1)}, "given_on"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal("10.001")}, "amount"),
        ({"amount": Decimal(10) ** 10}, "amount"),
        ({"paid_elsewhere": Decimal(-1)}, "paid_elsewhere"),
        ({"paid_elsewhere": Decimal(51)}, "paid_elsewhere"),
    ],
)
def test_a_line_that_cannot_be_is_refused(wrong: dict[str, Any], field: str):
    bill = factories.bill(factories.draft())
    with pytest.raises(claims.Unacceptable) as refusal:
        factories.line(bill, **wrong)
    assert list(refusal.value.errors) == [field]
    assert not ClaimLine.objects.exists()


def test_an_amount_in_pacific_francs_has_no_decimals():
    bill = factories.bill(factories.draft(territory="PF"), currency="XPF")
    with pytest.raises(claims.Unacceptable, match="0 décimale"):
        factories.line(bill, amount=Decimal("10.5"))
    assert factories.line(bill, amount=Decimal(3_600))


def test_a_claim_holds_so_many_files_and_bytes_and_no_more(settings):
    claim = factories.draft()
    first, second, third = [factories.pdf() for _ in range(3)]
    settings.BYTES_PER_CLAIM = len(first) + len(second)
    factories.attachment(claim, content=first)
    factories.attachment(claim, content=second)
    with pytest.raises(claims.TooMuch):
        factories.attachment(claim, content=third)
    settings.BYTES_PER_CLAIM, settings.FILES_PER_CLAIM = 10**9, 2
    with pytest.raises(claims.TooMuch, match="2 fichiers"):
        factories.attachment(claim)
    assert Document.objects.count() == 2


def test_what_misses_is_said_sentence_by_sentence_until_nothing_does():
    claim = factories.draft()
    owner = factories.owner(claim)
    assert completeness.missing(claim)[0] == "Ajoutez au moins une facture acquittée."
    bill = factories.bill(claim, provider="Clinique vide")
    assert any("« Clinique vide »" in sentence for sentence in completeness.missing(claim))
    factories.line(bill)
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        with pytest.raises(claims.Incomplete):
            claims.submit(claim=claim, certified=True, by=owner)
        factories.attachment(claim, paper=paper)
    assert completeness.missing(claim) == []
    with pytest.raises(claims.Incomplete, match="Certifiez"):
        claims.submit(claim=claim, certified=False, by=owner)
    assert Claim.objects.get().sent_at is None
    claims.submit(claim=claim, certified=True, by=owner)


def test_only_a_beneficiary_of_ones_own_may_be_chosen():
    claim, stranger = factories.draft(), factories.insured()
    owner = factories.owner(claim)
    with pytest.raises(claims.Unacceptable):
        claims.choose_beneficiary(claim=claim, beneficiary=stranger.beneficiaries.first(), by=owner)
    child = claim.insured.beneficiaries.get(link="child")
    claims.choose_beneficiary(claim=claim, beneficiary=child, by=owner)
    assert Claim.objects.get().beneficiary == child


def test_a_bill_taken_out_takes_its_lines_and_its_files(django_capture_on_commit_callbacks, home):
    claim = factories.complete()
    others = claim.attachments.filter(bill=None).count()
    with django_capture_on_commit_callbacks(execute=True):
        claims.remove_bill(bill=claim.bills.get(), by=factories.owner(claim))
    assert (claim.bills.count(), ClaimLine.objects.count(), claim.attachments.count()) == (0, 0, others)
    assert len(list((home / "vault").glob("??/*"))) == Document.objects.count() == others


def test_a_draft_thrown_away_leaves_nothing_but_the_journal(django_capture_on_commit_callbacks, home):
    claim = factories.complete()
    with django_capture_on_commit_callbacks(execute=True):
        claims.discard(claim=claim, by=factories.owner(claim))
    assert not Claim.objects.exists()
    assert not Document.objects.exists()
    assert list((home / "vault").glob("??/*")) == []


def test_a_sent_claim_cannot_be_changed_in_any_way():
    claim = factories.sent()
    owner, bill, file = factories.owner(claim), claim.bills.get(), claim.attachments.first()
    acts = [
        lambda: factories.bill(claim),
        lambda: factories.line(bill),
        lambda: factories.attachment(claim),
        lambda: claims.change_bill(bill=bill, provider="Autre", currency="USD", paid_on=None, by=owner),
        lambda: claims.remove_bill(bill=bill, by=owner),
        lambda: claims.remove_line(line=bill.lines.get(), by=owner),
        lambda: claims.detach(attachment=file, by=owner),
        lambda: claims.discard(claim=claim, by=owner),
        lambda: claims.choose_beneficiary(claim=claim, beneficiary=claim.beneficiary, by=owner),
        lambda: claims.change_stay(
            claim=claim, territory="US", stay=Stay.HOLIDAY, stay_from=date(2026, 8, 1), stay_until=None, by=owner
        ),
    ]
    for act in acts:
        with pytest.raises(StepRefused):
            act()
    assert (claim.bills.count(), ClaimLine.objects.count()) == (1, 1)


def test_a_claim_waits_for_the_files_on_their_way_to_it():
    claim = factories.complete()
    coming = arrival(claim, name="ordonnance.pdf")
    sentence = "Terminez l’envoi du fichier « ordonnance.pdf », ou oubliez-le : il n’est pas encore joint."
    assert completeness.missing(claim) == [sentence]
    with pytest.raises(claims.Incomplete):
        claims.submit(claim=claim, certified=True, by=factories.owner(claim))
    claims.forget(arrival=coming, by=factories.owner(claim))
    claims.submit(claim=claim, certified=True, by=factories.owner(claim))
