"""The facts of one file are heard together: each moves its order as if it came alone, in a few statements for all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankEvent, Batch, Discrepancy, Outcome, PaymentOrder
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank
from tests.gateways.bank import mirror

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def owed(count: int) -> list[PaymentOrder]:
    person = factories.insured()
    return [bank.owed(person) for _ in range(count)]


def statements_to_read(batch: Batch) -> int:
    with CaptureQueriesContext(connection) as asked:
        bank.says(bank.books(batch))
    return len(asked)


def test_many_transfers_take_no_more_statements_than_a_few():
    few, many = bank.sent(*owed(2)), bank.sent(*owed(12))
    statements_to_read(bank.sent(*owed(1)))  # the month of the ledger is open from now on
    assert statements_to_read(few) == statements_to_read(many)
    assert set(many.orders.values_list("status", "paid_on")) == {(OrderStatus.EXECUTED, bank.A_DAY)}
    executed = AccountingEntry.objects.filter(event="executed")
    assert set(many.orders.values_list("reference", flat=True)) < set(executed.values_list("piece", flat=True))


def statements_to_send(count: int) -> int:
    batch = factories.batch(*owed(count))
    with CaptureQueriesContext(connection) as asked:
        payments.send_batch(batch=batch)
    return len(asked)


def test_many_transfers_leave_in_no_more_statements_than_a_few():
    statements_to_send(1)  # of the first batch, no other is in doubt
    assert statements_to_send(2) == statements_to_send(12)


def test_what_one_file_tells_twice_of_an_order_is_heard_in_its_turn():
    first, second = owed(2)
    batch = bank.sent(first, second)
    booked, returned = bank.books(batch, first, second), bank.returns(batch, first)
    both = booked.replace(
        b"</Ntfctn>", returned[returned.index(b"<Ntry>") : returned.index(b"</Ntfctn>")] + b"</Ntfctn>"
    )
    assert bank.says(both).told == 3
    assert [one.status for one in batch.orders.order_by("pk")] == [OrderStatus.RETURNED, OrderStatus.EXECUTED]
    posted = AccountingEntry.objects.filter(piece=first.reference).order_by("pk").values_list("event", flat=True)
    assert list(posted) == ["order_approved", "executed", "returned"]
    assert set(BankEvent.objects.values_list("outcome", flat=True)) == {Outcome.APPLIED}


@pytest.mark.parametrize("days", [1, -2, 36 * 365])
def test_a_day_to_come_or_from_before_the_sending_moves_nothing(days):
    [order] = owed(1)
    bank.says(bank.books(bank.sent(order), on=bank.A_DAY + timedelta(days=days)))
    order.refresh_from_db()
    assert (order.status, order.paid_on) == (OrderStatus.SENT, None)
    assert Discrepancy.objects.get().why == Contradiction.DAY


def test_two_sums_that_bear_no_reference_are_both_for_a_person():
    received = mirror.entry("5.00", "CRDT").replace("<AcctSvcrRef>BK-1</AcctSvcrRef>", "")
    told = mirror.account("camt.054", "08", "FR7630006000011234567890189", [received])
    for content in (told, told, told.replace(b"BANK-1", b"BANK-2")):
        bank.says(content)
    assert [one.why for one in Discrepancy.objects.all()] == [Contradiction.RECEIVED] * 2
