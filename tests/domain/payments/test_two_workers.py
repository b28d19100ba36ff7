"""Two workers who do the same at the same moment, on a real database: it is done once."""

from decimal import Decimal
from pathlib import Path

import pytest

from escale.domain.accounts.actor import SYSTEM
from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankEvent, BankFile, Batch, Discrepancy, PaymentOrder
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.domain.claims.test_at_once import at_once
from tests.domain.payments import bank

pytestmark = pytest.mark.django_db(transaction=True)

FEW = 6
ANOTHER_IBAN = "FR1420041010050500013M02606"


@pytest.fixture
def person() -> InsuredPerson:
    return factories.insured()


def prepared(person: InsuredPerson) -> Batch:
    """A batch of a few orders."""
    return factories.batch(*[bank.owed(person) for _ in range(FEW)])


def posted(event: str) -> Decimal:
    """What the ledger says moved by such events."""
    lines = AccountingEntry.objects.filter(event=event).values_list("lines__debit", flat=True)
    return sum(lines, Decimal(0))


def test_a_batch_sent_by_two_is_laid_once_and_posted_once(person: InsuredPerson, home: Path):
    batch = prepared(person)
    assert at_once(*[lambda: payments.send_batch(batch=Batch.objects.get(pk=batch.pk))] * 2) == [None, None]
    assert [path.name for path in (home / "bank").glob("*.xml")] == [f"{batch}.xml"]
    assert posted("batch_sent") == batch.total


def test_two_batches_prepared_at_once_share_no_order(person: InsuredPerson):
    payments.visa(orders=[bank.owed(person) for _ in range(FEW)], by=factories.accountant())
    accountants = factories.accountant(), factories.accountant()
    made = at_once(*[lambda by=by: payments.prepare_batch(by=by) for by in accountants])
    assert sum(batch.count for batch in made if isinstance(batch, Batch)) == FEW
    assert not PaymentOrder.objects.to_send().exists()


def test_the_same_files_read_by_two_move_each_order_once(person: InsuredPerson):
    batch = prepared(person)
    payments.send_batch(batch=batch)
    told = bank.accepts(batch), bank.books(batch), bank.books(batch).replace(b"<MsgId>D-", b"<MsgId>S-")
    files = [payments.receive(name=f"{rank}.xml", chunks=[content]) for rank, content in enumerate(told)]

    def read(turn: list[BankFile]) -> None:
        for file in turn:
            payments.read_bank_file(file=BankFile.objects.get(pk=file.pk))

    assert at_once(lambda: read(files), lambda: read(files[::-1])) == [None, None]
    assert set(PaymentOrder.objects.values_list("status", flat=True)) == {OrderStatus.EXECUTED}
    assert posted("executed") == batch.total
    assert BankEvent.objects.filter(what="booked").count() == FEW
    assert not Discrepancy.objects.exists()


def test_the_same_bytes_received_by_two_are_one_file(person: InsuredPerson):
    batch = prepared(person)
    first, second = at_once(*[lambda: payments.receive(name="un.xml", chunks=[bank.books(batch)])] * 2)
    assert first == second
    assert BankFile.objects.count() == 1


def test_what_came_back_is_issued_again_once_by_two(person: InsuredPerson):
    [order] = [bank.owed(person)]
    bank.says(bank.rejects(bank.sent(order)))
    factories.pay_on(person, ANOTHER_IBAN)
    accountant = factories.accountant()
    first, second = at_once(
        *[lambda by=by: payments.reissue(order=PaymentOrder.objects.get(), by=by) for by in (accountant, SYSTEM)]
    )
    assert first == second
    assert (first.reference, first.iban) == (f"{order.reference}-R2", ANOTHER_IBAN)
