"""Transfers to accounts that no SEPA transfer reaches: once, by two people, found again on the bank's statement."""

from datetime import timedelta

import pytest

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.ledger import queries as ledger
from escale.domain.payments import actions as payments
from escale.domain.payments.doubts import held_back
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry.models import BankAccount
from escale.jobs.demo import bank as demo
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments import bank
from tests.house.lives_of_accounts import accept, noted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


@pytest.fixture
def account(frozen) -> BankAccount:
    """An account in dollars that two agents read, and that may be paid today."""
    known = noted()
    accept(known)
    frozen.shift(timedelta(days=3))
    return known


@pytest.fixture
def order(account: BankAccount) -> PaymentOrder:
    return factories.visaed(bank.owed(account.insured))


def signed(order: PaymentOrder, *, by: Actor | None = None) -> Batch:
    batch = payments.prepare_by_hand(order=order, by=by or factories.accountant())
    payments.sign(batch=batch, by=factories.actor(Role.SECOND_ACCOUNTANT))
    return batch


def transmitted(order: PaymentOrder) -> Batch:
    batch = signed(order)
    payments.transmit(batch=batch, bank_reference="VIR-778", by=factories.accountant())
    return batch


def booked(batch: Batch, order: PaymentOrder) -> bytes:
    """What the statement says, under the reference that was typed at the bank."""
    asked = demo.Paid(order.reference, order.amount, order.iban)
    given = demo.Order(batch="", debtor_iban="", given_at=batch.sent_at, transfers=(asked,))
    return demo.booked(given, [asked], on=bank.A_DAY + timedelta(days=3))


def test_it_is_ordered_and_leaves_in_no_file(order, account) -> None:
    assert order.iban == account.iban
    assert order.masked_iban == "•••• •••• 8905"
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.accountant())


def test_its_sheet_says_all_that_the_bank_asks_for(order) -> None:
    batch = signed(order)
    told = factories.file_of(batch).decode()
    for words in ("42,10 EUR", "Alix Exemple", "0012345678905", "021000000", "NWHRUS33XXX", "USD", order.reference):
        assert words in told
    payments.send_batch(batch=batch)
    payments.send_what_waited()
    batch.refresh_from_db()
    assert (batch.status, batch.sent_at) == (BatchStatus.SIGNED, None)


def test_the_statement_of_the_bank_says_that_it_is_paid(order) -> None:
    batch = transmitted(order)
    bank.says(booked(batch, order))
    order.refresh_from_db()
    assert order.status == OrderStatus.EXECUTED
    assert ledger.in_suspense(ledger.trial_balance(bank.A_DAY.replace(day=1))) == []


def test_a_statement_read_before_it_was_noted_is_heard_once_it_is(order) -> None:
    batch = signed(order)
    batch.sent_at = batch.prepared_at
    bank.says(booked(batch, order))
    with pytest.raises(StepRefused, match="déjà répondu"):
        payments.withdraw(batch=batch, by=factories.accountant())
    payments.transmit(batch=batch, bank_reference="VIR-778", by=factories.accountant())
    payments.hear_again(batch=batch)
    order.refresh_from_db()
    assert order.status == OrderStatus.EXECUTED


def test_it_is_prepared_once_and_noted_once(order) -> None:
    by = factories.accountant()
    batch = signed(order, by=by)
    with pytest.raises(payments.NothingToSend):
        payments.prepare_by_hand(order=order, by=by)
    with pytest.raises(Unacceptable):
        payments.transmit(batch=batch, bank_reference=" ", by=by)
    payments.transmit(batch=batch, bank_reference="VIR-778", by=by)
    with pytest.raises(StepRefused):
        payments.transmit(batch=batch, bank_reference="VIR-779", by=by)
    with pytest.raises(StepRefused):
        payments.withdraw(batch=batch, by=by)


def test_who_prepared_it_does_not_sign_it_and_nobody_notes_what_is_not_signed(order) -> None:
    by = factories.accountant()
    batch = payments.prepare_by_hand(order=order, by=by)
    with pytest.raises(StepRefused, match="une autre personne le signe"):
        payments.sign(batch=batch, by=by)
    with pytest.raises(StepRefused):
        payments.transmit(batch=batch, bank_reference="VIR-778", by=by)


def test_one_that_waited_for_days_is_still_signed_or_given_up_and_prepared_again(order, frozen) -> None:
    batch = payments.prepare_by_hand(order=order, by=factories.accountant())
    frozen.shift(timedelta(days=9))
    payments.sign(batch=batch, by=factories.actor(Role.SECOND_ACCOUNTANT))
    payments.withdraw(batch=batch, by=factories.accountant())
    assert signed(order).orders.get() == order


def test_once_its_account_is_denied_it_is_not_to_be_made(order, account) -> None:
    batch = signed(order)
    assert held_back(batch) == ""
    registry.deny(account=account, by=SYSTEM)
    assert "abandonnez ce lot" in held_back(batch)


def test_an_account_just_noted_is_not_paid_yet() -> None:
    known = noted()
    accept(known)
    order = factories.visaed(bank.owed(known.insured))
    with pytest.raises(payments.NothingToSend):
        payments.prepare_by_hand(order=order, by=factories.accountant())


def test_what_leaves_in_a_file_is_not_noted_as_made_by_hand() -> None:
    with pytest.raises(StepRefused, match="de lui-même"):
        payments.transmit(batch=factories.batch(), bank_reference="VIR-778", by=factories.accountant())


def test_noted_twice_it_is_one_account_and_another_waits_for_tomorrow() -> None:
    by, person = factories.actor(Role.COUNTER), factories.insured()
    assert noted(person, by=by) == noted(person, by=by)
    with pytest.raises(Unacceptable, match="notez celui-ci demain"):
        noted(person, by=by, number="99887766554")
