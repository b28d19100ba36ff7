"""A batch does not leave while one of its orders may be paid already; it is given up only if it never left."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from escale.domain.payments import actions as payments
from escale.domain.payments.actions import posting
from escale.domain.payments.doubts import held_back
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import BankFile, Batch, PaymentOrder
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import Verdict
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.test_paid_once import dies
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


def test_a_file_that_is_not_the_one_that_was_prepared_does_not_leave(home: Path):
    batch = factories.batch(owed_elsewhere())
    Batch.objects.filter(pk=batch.pk).update(sha256="0" * 64)
    with pytest.raises(ValueError, match="not the one"):
        payments.send_batch(batch=batch)
    assert not laid(home, batch)
