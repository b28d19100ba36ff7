"""What the person ticks or types does not move: who reads a paper, what one bears, what one amount may be."""

from datetime import date
from decimal import Decimal

import pytest

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Attachment, ClaimLine
from escale.domain.journal.models import Entry
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.registry.models import BankAccount
from escale.rules.intake import Care
from escale.rules.lifecycle import StepRefused
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]


def test_a_paper_for_physicians_only_is_sealed_even_if_nobody_ticked_the_box():
    claim = factories.draft()
    factories.line(factories.bill(claim), care=Care.HOSPITAL)
    report = factories.attachment(claim, paper="discharge_report", name="compte rendu.pdf")
    factories.attachment(claim)
    for code in ("prescription", "emergency", "cerfa"):
        factories.attachment(claim, paper=code)
    factories.received(claim=claim)
    assert report.medical
    assert report not in Attachment.objects.visible_to(factories.agent())


def test_the_yearly_ceiling_of_the_franchises_holds_over_all_the_lines_of_a_person():
    claim = factories.draft()
    bill = factories.bill(claim, currency="EUR")
    for day in range(1, 6):
        factories.line(bill, care=Care.PHARMACY, amount=Decimal(400), given_on=date(2026, 9, day))
    for code in ("bill", "prescription"):
        factories.attachment(claim, paper=code)
    factories.received(claim=claim)
    agent = factories.agent()
    boxes = claims.Assessment(act="PH7", quantity=40, stated_tariff=Decimal(10), reason="Prix français")
    for line in ClaimLine.objects.order_by("pk"):
        claims.assess(line=line, retained=boxes, by=agent)
    borne = [line.franchise for line in ClaimLine.objects.order_by("pk")]
    assert borne == [Decimal(40), Decimal(10), Decimal(0), Decimal(0), Decimal(0)]


def test_the_journal_does_not_say_which_act_was_retained():
    factories.assessed()
    assert [set(entry.facts) for entry in Entry.objects.filter(event="claim.assess")] == [{"line", "due"}]


@pytest.mark.parametrize(("currency", "amount"), [("EUR", "1000001"), ("KWD", "20000000000"), ("XOF", "1e9")])
def test_an_amount_worth_more_than_a_million_euros_is_asked_again(currency: str, amount: str):
    bill = factories.bill(factories.draft(), currency=currency)
    with pytest.raises(claims.Unacceptable) as refusal:
        factories.line(bill, amount=Decimal(amount))
    assert set(refusal.value.errors) == {"amount"}


def test_a_transfer_that_the_bank_would_refuse_is_never_ordered():
    claim = factories.assessed()
    BankAccount.objects.filter(insured=claim.insured).update(holder="山田")
    with pytest.raises(payments.NotPayable, match="lettres latines"):
        claims.decide(claim=claim, by=factories.agent())


def test_a_visa_is_taken_back_until_the_order_is_in_a_batch():
    order, other = factories.visaed(), factories.visaed()
    accountant = factories.accountant()
    payments.reject(order=order, reason="Compte à vérifier", by=accountant)
    assert order.status == OrderStatus.REJECTED
    payments.prepare_batch(by=accountant)
    with pytest.raises(StepRefused, match="déjà dans un lot"):
        payments.reject(order=other, reason="Trop tard", by=Actor(Role.ACCOUNTANT, accountant.account))
