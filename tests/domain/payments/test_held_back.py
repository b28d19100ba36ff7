"""A batch does not leave while one of its orders may be paid already; it is given up only if it never left."""

import io
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from escale.domain.payments import actions as payments
from escale.domain.payments.actions import posting
from escale.domain.payments.bank_folder import file_of
from escale.domain.payments.doubts import held_back
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import BankFile, Batch, PaymentOrder
from escale.gateways import outbox
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import Verdict
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.test_paid_once import CutShort, dies
from tests.domain.payments.test_reconciling import TODAY, owed_elsewhere, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def doubted() -> tuple[Batch, Callable[[], BankFile]]:
    """A batch that issues a payment again, and the bank that says it made the first one after all."""
    order = owed_elsewhere()
    first = bank.sent(order)
    bank.says(bank.rejects(first))
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    batch = factories.batch(again)
    return batch, lambda: bank.says(bank.books(first, on=TODAY))


def laid(home: Path, batch: Batch) -> bool:
    return (home / "bank" / f"{batch}.xml").exists()


def test_a_batch_waits_while_what_it_replaces_may_be_paid_and_leaves_once_it_is_not(home: Path):
    batch, doubt = doubted()
    doubt()
    payments.send_batch(batch=batch)
    assert "rapproché" in held_back(batch)
    assert not laid(home, batch)
    settle(Verdict.NOTHING)
    payments.send_what_waited()
    assert laid(home, batch)
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.SENT


def test_a_batch_that_the_bank_has_is_sent_whatever_is_doubted_since(home: Path):
    batch, doubt = doubted()
    with dies(posting, "sent"):
        payments.send_batch(batch=batch)
    doubt()
    with pytest.raises(StepRefused, match="à la banque"):
        payments.withdraw(batch=batch, by=factories.accountant())
    (home / "bank" / f"{batch}.xml").unlink()  # the bank took it
    payments.send_batch(batch=batch)
    assert not laid(home, batch)
    assert PaymentOrder.objects.get(batch=batch).status == OrderStatus.SENT


def test_a_batch_held_back_is_given_up_for_good(home: Path):
    batch, doubt = doubted()
    doubt()
    payments.withdraw(batch=batch, by=factories.accountant())
    settle(Verdict.NOTHING)
    payments.send_batch(batch=Batch.objects.get(pk=batch.pk))
    assert not laid(home, batch)
    assert payments.prepare_batch(by=factories.accountant()).count == 1


def test_a_batch_whose_day_is_past_is_given_up_and_prepared_anew(home: Path):
    batch = factories.batch(owed_elsewhere())
    with pytest.raises(StepRefused, match="de lui-même"):
        payments.withdraw(batch=batch, by=factories.accountant())
    with time_machine.travel(batch.execution_on + timedelta(days=1, hours=12)):
        payments.send_batch(batch=batch)
        assert "passé" in held_back(batch)
        assert not laid(home, batch)
        payments.withdraw(batch=batch, by=factories.accountant())
        assert payments.prepare_batch(by=factories.accountant()).execution_on > batch.execution_on


def test_what_will_never_leave_is_given_up_by_itself_and_its_orders_wait_for_another():
    cut, past = factories.batch(owed_elsewhere()), factories.batch(owed_elsewhere())
    outbox.give_up(*file_of(cut))  # whoever gave it up died before writing it down
    assert "interrompu" in held_back(cut)
    with time_machine.travel(past.execution_on + timedelta(days=1, hours=12)):
        payments.send_what_waited()
        assert set(Batch.objects.values_list("status", flat=True)) == {BatchStatus.WITHDRAWN}
        assert PaymentOrder.objects.to_send().count() == 2


def test_a_batch_whose_file_is_damaged_stops_no_other(home: Path):
    damaged, sound = factories.batch(owed_elsewhere()), factories.batch(owed_elsewhere())
    Batch.objects.filter(pk=damaged.pk).update(sha256="0" * 64)
    with pytest.raises(ExceptionGroup):
        payments.send_what_waited()
    assert (laid(home, damaged), laid(home, sound)) == (False, True)


def test_a_batch_of_which_the_bank_speaks_is_not_given_up():
    batch, doubt = doubted()
    bank.says(bank.accepts(batch))
    doubt()
    with pytest.raises(StepRefused, match="répondu"):
        payments.withdraw(batch=batch, by=factories.accountant())


def test_a_sender_that_died_before_showing_the_file_leaves_nothing_behind(home: Path):
    batch, doubt = doubted()
    with dies(os, "link"):
        payments.send_batch(batch=batch)
    doubt()
    payments.withdraw(batch=batch, by=factories.accountant())
    assert not laid(home, batch)
    assert not any((home / "bank" / ".ready").iterdir())


def test_nothing_leaves_from_a_database_put_back_as_it_was_before_a_batch_left(home: Path):
    orders = owed_elsewhere(), owed_elsewhere()
    first = bank.sent(orders[0])
    Batch.objects.filter(pk=first.pk).update(reference="LOT-AUTRE")  # what the folder says, the database forgot
    batch = factories.batch(orders[1])
    payments.send_batch(batch=batch)
    assert "restaurée" in held_back(batch)
    assert not laid(home, batch)
    with pytest.raises(StepRefused, match="restaurée"):
        payments.reject(order=bank.owed(factories.insured()), reason="Payé", by=factories.accountant())


def test_a_batch_that_a_restored_database_forgot_is_known_again_from_its_file_and_its_orders_are_paid_once(home: Path):
    order = owed_elsewhere()
    payments.visa(orders=[order], by=factories.accountant())
    with suppress(CutShort), transaction.atomic():  # all of it is forgotten
        batch = payments.prepare_batch(by=factories.accountant())
        payments.send_batch(batch=batch)
        answer = bank.books(batch, on=TODAY)
        raise CutShort
    [shown] = (home / "bank").glob("*.xml")
    content = shown.read_bytes()
    shown.unlink()  # the bank took it
    with pytest.raises(payments.NotRetrieved, match="celui que la banque a"):
        payments.retrieve_batch(file=io.BytesIO(content.replace(b"SLEV", b"SHAR")))
    assert str(payments.retrieve_batch(file=io.BytesIO(content))) == str(batch)
    assert not laid(home, batch)
    bank.says(answer)
    assert PaymentOrder.objects.get().status == OrderStatus.EXECUTED
    with pytest.raises(payments.NotRetrieved, match="connu ici"):
        payments.retrieve_batch(file=io.BytesIO(content))


def test_a_file_that_is_not_the_one_that_was_prepared_does_not_leave(home: Path):
    batch = factories.batch(owed_elsewhere())
    Batch.objects.filter(pk=batch.pk).update(sha256="0" * 64)
    with pytest.raises(ValueError, match="not the one"):
        payments.send_batch(batch=batch)
    assert not laid(home, batch)
