"""Who orders and who pays are two people; what leaves for the bank is written once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.lifecycle import Status
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.rules.lifecycle import StepRefused
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]


def test_whoever_ordered_a_payment_cannot_approve_it_under_another_hat():
    both = factories.account(Role.AGENT, Role.ACCOUNTANT)
    order = factories.ordered(factories.approved(by=Actor(Role.AGENT, both)))
    oneself = Actor(Role.ACCOUNTANT, both)
    assert order.steps_open_to(oneself) == frozenset()
    for act in (
        lambda: payments.visa(orders=[order], by=oneself),
        lambda: payments.reject(order=order, reason="Essai", by=oneself),
    ):
        with pytest.raises(StepRefused):
            act()
    payments.visa(orders=[order], by=factories.accountant())
    assert order.status == OrderStatus.APPROVED


def test_a_visa_on_many_orders_is_given_to_all_or_to_none():
    good, done = factories.ordered(), factories.visaed()
    with pytest.raises(StepRefused):
        payments.visa(orders=[good, done], by=factories.accountant())
    assert PaymentOrder.objects.get(pk=good.pk).status == OrderStatus.ORDERED


def test_without_a_bank_account_nothing_is_ordered():
    claim = factories.assessed(factories.received(factories.insured(paid_on_iban=None)))
    with pytest.raises(payments.NoBankAccount):
        claims.decide(claim=claim, by=factories.agent())
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS
    assert not PaymentOrder.objects.exists()


def test_the_account_paid_is_the_one_known_on_the_day_of_the_order():
    order = factories.ordered()
    account = order.insured.bank_accounts.get()
    account.valid_until = account.valid_from + timedelta(days=1)
    account.save()
    assert (order.iban, order.holder) == (factories.IBAN, "Alix Exemple")


def test_the_same_batch_is_the_same_bytes_and_is_laid_before_the_bank_once(home: Path):
    batch = factories.batch(factories.ordered(), factories.ordered())
    assert batch.count == 2
    assert batch.sha256 == hashlib.sha256(factories.file_of(batch)).hexdigest()
    again = Batch.objects.get()
    payments.send_batch(batch=batch)
    [file] = (home / "bank").glob("*.xml")
    written = file.stat().st_mtime_ns
    payments.send_batch(batch=again)
    assert list((home / "bank").glob("*.xml")) == [file]
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (factories.file_of(batch), written)
    assert batch.reference.encode() in file.read_bytes()


def test_a_crash_after_the_file_is_laid_lays_no_other(home: Path):
    batch = factories.batch()
    with transaction.atomic():
        payments.send_batch(batch=batch)
        transaction.set_rollback(True)
    batch.refresh_from_db()
    payments.send_batch(batch=batch)
    assert [path.read_bytes() for path in (home / "bank").glob("*.xml")] == [factories.file_of(batch)]


def test_only_what_has_the_visa_leaves():
    factories.ordered()
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.accountant())
    ready = factories.visaed()
    batch = payments.prepare_batch(by=factories.accountant())
    assert list(batch.orders.all()) == [ready]
    assert batch.total == ready.amount


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ACCOUNTANT, Role.SYSTEM}])
def test_nobody_but_the_accountant_makes_a_batch(role: Role):
    factories.visaed()
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.actor(role))


def test_the_database_itself_refuses_a_payment_without_a_visa():
    order, batch = factories.ordered(), factories.batch()
    with pytest.raises(IntegrityError, match="payment_leaves_with_a_visa"), transaction.atomic():
        PaymentOrder.objects.filter(pk=order.pk).update(batch=batch)


def test_the_database_itself_refuses_an_order_written_anew_or_that_its_lines_do_not_make():
    order = factories.ordered()
    for changed in (
        {"amount": Decimal(1)},
        {"masked_iban": "FR•• •••• 0185"},
        {"iban_digest": "0" * 64},
        {"iban_sealed": b"Escale1o"},
        {"budget": "ASS"},
    ):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            PaymentOrder.objects.filter(pk=order.pk).update(**changed)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        order.lines.update(amount=Decimal(1))
    more = {"benefit": "care_abroad", "legal_basis": "CSS", "label": "Soins", "amount": Decimal(1)}
    with pytest.raises(IntegrityError, match="make its sum"), transaction.atomic(), at_once():
        order.lines.create(**more)


@contextmanager
def at_once() -> Iterator[None]:
    """Have the database check at the end of the block what it holds until the end of a transaction."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
