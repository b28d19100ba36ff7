"""What the bank sends back moves each order once, whatever came first, and however often it is told."""

from decimal import Decimal
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BankFileStatus, BatchStatus, OrderStatus
from escale.domain.payments.models import BankEvent, Discrepancy, Outcome, PaymentOrder
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def standing(*orders: PaymentOrder) -> list[str]:
    return [PaymentOrder.objects.get(pk=order.pk).status for order in orders]


def posted(order: PaymentOrder) -> list[str]:
    return list(AccountingEntry.objects.filter(piece=order.reference).order_by("pk").values_list("event", flat=True))


def test_what_the_bank_executes_is_paid_on_the_day_that_it_says():
    order = factories.ordered()
    batch = bank.sent(order)
    bank.says(bank.accepts(batch))
    assert standing(order) == [OrderStatus.SENT]
    file = bank.says(bank.books(batch))
    order.refresh_from_db()
    assert (order.status, order.paid_on) == (OrderStatus.EXECUTED, bank.A_DAY)
    assert order.accepted_at
    assert (file.status, file.kind, file.told) == (BankFileStatus.READ, "camt.054", 1)
    assert posted(order) == ["order_approved", "executed"]


def test_what_came_back_is_no_longer_paid_and_waits_in_the_ledger_for_another_account():
    rejected, returned = factories.ordered(), factories.ordered()
    batch = bank.sent(rejected, returned)
    for told in (bank.rejects(batch, rejected), bank.books(batch, returned), bank.returns(batch, returned)):
        bank.says(told)
    assert standing(rejected, returned) == [OrderStatus.UNPAID, OrderStatus.RETURNED]
    assert PaymentOrder.objects.get(pk=returned.pk).paid_on is None
    assert posted(rejected) == ["order_approved", "unpaid"]
    assert posted(returned) == ["order_approved", "executed", "returned"]


def test_whichever_file_comes_first_and_however_often_the_end_is_the_same():
    for turn in permutations(("accepts", "books", "returns")):
        order = factories.ordered()
        batch = bank.sent(order)
        for what in (*turn, *turn):
            bank.says(getattr(bank, what)(batch))
        assert standing(order) == [OrderStatus.RETURNED]
        assert sorted(posted(order)) == ["executed", "order_approved", "returned"]
    assert not Discrepancy.objects.exists()


def test_a_statement_that_repeats_a_notification_moves_nothing():
    order = factories.ordered()
    batch = bank.sent(order)
    bank.says(bank.books(batch))
    again = bank.says(bank.books(batch).replace(b"<MsgId>D-", b"<MsgId>S-"))
    assert (again.told, again.repeated, BankEvent.objects.count()) == (1, 1, 1)


def test_an_unknown_transfer_and_a_contradiction_go_to_a_person_with_all_that_is_known():
    order = factories.ordered()
    batch = bank.sent(order)
    bank.says(bank.books(batch).replace(order.reference.encode(), b"INCONNU"))
    bank.says(bank.books(batch))
    bank.says(bank.rejects(batch))
    assert standing(order) == [OrderStatus.EXECUTED]
    strange, contradicted = Discrepancy.objects.order_by("pk")
    assert (strange.why, strange.event.end_to_end_id, strange.event.order) == (Contradiction.UNKNOWN, "INCONNU", None)
    assert strange.event.amount == order.amount
    assert (contradicted.why, contradicted.event.order) == (Contradiction.PAID_THEN_REJECTED, order)


def test_the_same_transfer_booked_twice_in_one_file_goes_to_a_person():
    order = factories.ordered()
    batch = bank.sent(order)
    told = bank.books(batch)
    entry = told[told.index(b"<Ntry>") : told.index(b"</Ntry>") + len(b"</Ntry>")]
    bank.says(told.replace(entry, entry + entry))
    assert Discrepancy.objects.get().why == Contradiction.PAID_TWICE
    assert posted(order) == ["order_approved", "executed"]


def test_a_bank_quicker_than_our_own_writing_is_heard_once_the_batch_has_left():
    order = factories.ordered()
    batch = factories.batch(order)
    bank.says(bank.books(batch))
    assert standing(order) == [OrderStatus.APPROVED]
    payments.send_batch(batch=batch)
    payments.hear_again(batch=batch)
    assert standing(order) == [OrderStatus.EXECUTED]
    assert BankEvent.objects.get().outcome == Outcome.APPLIED


def test_a_whole_file_refused_leaves_every_order_unpaid():
    orders = factories.ordered(), factories.ordered()
    batch = bank.sent(*orders)
    bank.says(bank.accepts(batch).replace(b"ACCP", b"RJCT"))
    batch.refresh_from_db()
    assert (batch.status, standing(*orders)) == (BatchStatus.REFUSED, [OrderStatus.UNPAID] * 2)


def test_a_batch_booked_as_one_sum_executes_what_was_not_rejected():
    rejected, paid = factories.ordered(), factories.ordered()
    batch = bank.sent(rejected, paid)
    bank.says(bank.rejects(batch, rejected))
    whole = bank.books(batch, paid)
    reference = f"<EndToEndId>{paid.reference}</EndToEndId>".encode()
    assert reference in whole
    bank.says(whole.replace(reference, b""))
    assert standing(rejected, paid) == [OrderStatus.UNPAID, OrderStatus.EXECUTED]


def test_a_file_that_breaks_off_is_not_believed_at_all():
    batch = bank.sent()
    told = bank.books(batch)
    file = bank.says(told[: len(told) // 2])
    assert file.status == BankFileStatus.UNREADABLE
    assert file.refusal
    assert not BankEvent.objects.exists()


def test_the_same_file_is_kept_once_whatever_its_name():
    told = bank.books(bank.sent())
    assert bank.says(told) == bank.says(told, name="autre.xml")


def test_the_database_itself_keeps_what_the_bank_told():
    bank.says(bank.books(bank.sent()))
    for change in (
        lambda: BankEvent.objects.update(amount=Decimal(1)),
        lambda: BankEvent.objects.update(outcome=Outcome.KNOWN),
        lambda: BankEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="stays as it was told"), transaction.atomic():
            change()
