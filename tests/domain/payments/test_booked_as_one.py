"""Banks tell a batch as one sum on the statement and transfer by transfer beside it: it is one and the same payment."""

import pytest

from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments.lifecycle import BankFileStatus, OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def as_one(batch: Batch) -> bytes:
    """What the bank books, the batch as one sum."""
    return bank.one_sum(bank.order_of(batch), batch.total)


def in_one_file(*told: bytes) -> bytes:
    """What these files tell, in this order, in one."""
    head = told[0].partition(b"<Ntry>")[0]
    return head + b"".join(one[len(head) : -len(bank.END)] for one in told) + bank.END


def executed(*orders: PaymentOrder) -> bool:
    return {PaymentOrder.objects.get(pk=order.pk).status for order in orders} == {OrderStatus.EXECUTED}


@pytest.mark.parametrize("told", [
    lambda batch: [as_one(batch), bank.books(batch)],
    lambda batch: [bank.books(batch), as_one(batch)],
    lambda batch: [in_one_file(as_one(batch), bank.books(batch))],
    lambda batch: [in_one_file(bank.books(batch), as_one(batch))],
])  # fmt: skip
def test_a_batch_told_as_one_sum_and_transfer_by_transfer_is_paid_once(told):
    orders = factories.ordered(), factories.ordered()
    batch = bank.sent(*orders)
    for content in told(batch):
        assert bank.says(content).status == BankFileStatus.READ
    assert executed(*orders)
    assert not Discrepancy.objects.exists()
    lines = AccountingEntry.objects.filter(event="executed").values_list("lines__debit", flat=True)
    assert sum(filter(None, lines)) == batch.total


def test_a_transfer_that_was_rejected_then_booked_beside_the_others_is_for_a_person():
    rejected, paid = factories.ordered(), factories.ordered()
    batch = bank.sent(rejected, paid)
    bank.says(bank.rejects(batch, rejected))
    batch.total -= rejected.amount
    bank.says(as_one(batch))
    bank.says(bank.books(batch))
    assert Discrepancy.objects.get().why == Contradiction.REJECTED_THEN_PAID
    assert executed(paid)
