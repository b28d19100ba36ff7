"""Money that moved twice, or for another sum than that of its order: the ledger follows the account of the bank."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from escale.domain.case import Unacceptable
from escale.domain.ledger.models import AccountingEntry, EntryLine
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import Nature, Verdict
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

PAID = Decimal("42.10")


def at_bank(account: str = "515") -> Decimal:
    """What an account comes to, in debit."""
    sums = EntryLine.objects.filter(account=account).aggregate(left=Sum("debit") - Sum("credit"))
    return sums["left"] or Decimal(0)


def sent() -> tuple[PaymentOrder, Batch]:
    order = bank.owed(factories.insured())
    return order, bank.sent(order)


def another(told: bytes) -> bytes:
    """The same words of the bank, under another of its references: it did it again."""
    return told.replace(b"</AcctSvcrRef>", b"-2</AcctSvcrRef>")


def settled(verdict: Verdict, *, why: Contradiction, nature: Nature | None = None) -> Discrepancy:
    told = Discrepancy.objects.open().get()
    assert told.why == why
    payments.explain(
        discrepancy=told, verdict=verdict, words="Relevé lu.", on=bank.A_DAY, nature=nature, by=factories.accountant()
    )
    payments.reconcile(discrepancy=told, by=factories.accountant())
    return told


def test_what_was_paid_twice_leaves_the_account_and_waits_to_be_classed():
    order, batch = sent()
    bank.says(bank.books(batch))
    bank.says(another(bank.books(batch)))
    with pytest.raises(payments.Unacceptable, match="déjà là"):
        settled(Verdict.EXECUTED, why=Contradiction.PAID_TWICE)
    told = settled(Verdict.ENTRY, why=Contradiction.PAID_TWICE, nature=Nature.PAYMENT)
    assert (at_bank(), at_bank("472")) == (-2 * PAID, PAID)
    entry = AccountingEntry.objects.get(piece=told.piece)
    assert entry.piece == f"{order.reference}-E{told.pk}"
    assert set(entry.lines.values_list("budget", flat=True)) == {batch.budget}
    bank.says(another(bank.books(batch)).replace(b"<MsgId>D-", b"<MsgId>S-"))
    assert not Discrepancy.objects.open().exists()
    order.refresh_from_db()
    assert order.status == OrderStatus.EXECUTED


def test_what_was_given_back_twice_is_received_and_waits_to_be_classed():
    _order, batch = sent()
    bank.says(bank.books(batch))
    bank.says(bank.returns(batch))
    bank.says(another(bank.returns(batch)))
    settled(Verdict.ENTRY, why=Contradiction.RETURNED_TWICE, nature=Nature.RECEIPT)
    assert (at_bank(), at_bank("471")) == (PAID, -PAID)


@pytest.mark.parametrize(
    ("moved", "waits", "left"), [("42.00", "471", Decimal("-0.10")), ("42.30", "472", Decimal("0.20"))]
)
def test_what_was_paid_for_another_sum_leaves_the_account_as_the_bank_says(moved: str, waits: str, left: Decimal):
    order, batch = sent()
    bank.says(bank.books(batch).replace(b"42.10", moved.encode()))
    settled(Verdict.EXECUTED, why=Contradiction.AMOUNT)
    assert (at_bank(), at_bank(waits)) == (-Decimal(moved), left)
    order.refresh_from_db()
    assert order.status == OrderStatus.EXECUTED


def test_what_is_given_back_with_more_is_received_whole():
    _order, batch = sent()
    bank.says(bank.books(batch))
    bank.says(bank.returns(batch).replace(b"42.10", b"45.00"))
    settled(Verdict.RETURNED, why=Contradiction.AMOUNT)
    assert (at_bank(), at_bank("471")) == (Decimal("2.90"), Decimal("-2.90"))


def test_another_sum_of_what_is_paid_already_is_entered_by_itself():
    _order, batch = sent()
    bank.says(bank.books(batch))
    bank.says(another(bank.books(batch).replace(b"42.10", b"10.00")))
    settled(Verdict.ENTRY, why=Contradiction.AMOUNT, nature=Nature.CHARGES)
    assert (at_bank(), at_bank("627")) == (-PAID - 10, Decimal(10))


def test_a_sum_that_is_not_that_of_its_batch_is_posted_as_it_moved_under_the_batch():
    orders = bank.owed(factories.insured()), bank.owed(factories.insured())
    batch = bank.sent(*orders)
    bank.says(bank.one_sum(bank.order_of(batch), Decimal("84.00")))
    told = settled(Verdict.EXECUTED, why=Contradiction.AMOUNT)
    assert at_bank() == Decimal("-84.00")
    assert told.piece == f"{batch.reference}-E{told.pk}"
    assert set(PaymentOrder.objects.values_list("status", flat=True)) == {OrderStatus.EXECUTED}


def test_what_was_never_sent_and_is_paid_all_the_same_neither_leaves_nor_is_entered_apart():
    order, batch = sent()
    told = bank.books(batch)
    early = bank.owed(factories.insured())
    bank.says(told.replace(order.reference.encode(), early.reference.encode()))
    with pytest.raises(StepRefused, match="décidé de nouveau"):
        payments.reject(order=early, reason="Payé", by=factories.accountant())
    with pytest.raises(Unacceptable, match="dites ce qu’il est devenu"):
        settled(Verdict.ENTRY, why=Contradiction.NEVER_SENT, nature=Nature.PAYMENT)
    with pytest.raises(StepRefused, match="rapproché"):
        payments.visa(orders=[early], by=factories.accountant())
