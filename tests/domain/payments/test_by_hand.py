"""Transfers to accounts that no SEPA transfer reaches: once, by two people, found again on the bank's statement."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.ledger import queries as ledger
from escale.domain.payments import actions as payments
from escale.domain.payments import reissues
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.payments.queries import debtor as debtor_of
from escale.domain.registry import actions as registry
from escale.domain.registry.models import BankAccount
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments import bank
from tests.house.lives_of_accounts import AMERICAN_NUMBER, accept, noted

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


def made(order: PaymentOrder, *, by: Actor | None = None) -> Batch:
    batch = signed(order)
    payments.make(batch=batch, by=by or factories.accountant())
    return batch


def status_of(order: PaymentOrder) -> str:
    order.refresh_from_db()
    return order.status


def nothing_in_suspense() -> bool:
    return ledger.in_suspense(ledger.trial_balance(bank.A_DAY.replace(day=1))) == []


def test_it_is_ordered_and_leaves_in_no_file(order, account) -> None:
    assert order.iban == account.iban
    assert order.masked_iban == "•••• •••• 8905"
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.accountant())


def test_its_sheet_says_all_that_the_bank_asks_for_and_is_kept_as_it_was_signed(order) -> None:
    batch = signed(order)
    debtor = debtor_of("ASS", on=batch.execution_on)
    assert payments.lines_of(batch) == [
        ("Compte à débiter", f"{debtor.name}, {debtor.iban}"),
        ("Montant", "42,10 EUR"),
        ("Bénéficiaire", "Alix Exemple"),
        ("Numéro de compte", AMERICAN_NUMBER),
        ("Code du guichet", "021000000"),
        ("BIC", "NWHRUS33XXX"),
        ("Banque", "Bank of Nowhere"),
        ("Monnaie du compte", "USD"),
        ("Référence à reporter", order.reference),
        ("Lot", batch.reference),
    ]
    batch.sha256 = "0" * 64
    with pytest.raises(ValueError, match="not the one"):
        payments.lines_of(batch)


def test_it_never_leaves_by_itself(order) -> None:
    batch = signed(order)
    payments.send_batch(batch=batch)
    payments.send_what_waited()
    batch.refresh_from_db()
    assert (batch.status, batch.sent_at) == (BatchStatus.SIGNED, None)


def test_the_statement_says_that_it_is_paid_even_if_its_reference_is_noted_days_later(order, frozen) -> None:
    by = factories.accountant()
    batch = made(order, by=by)
    day = timezone.localdate()
    frozen.shift(timedelta(days=4))
    bank.says(bank.books_by_hand(batch, order, on=day))
    payments.note_reference(batch=batch, bank_reference="VIR-778", by=by)
    assert status_of(order) == OrderStatus.EXECUTED
    assert order.paid_on == day
    assert nothing_in_suspense()


def test_one_person_makes_it_and_nobody_gives_it_up_meanwhile(order) -> None:
    by, other = factories.accountant(), factories.accountant()
    batch = made(order, by=by)
    payments.make(batch=batch, by=by)
    assert order.lines.count() == 1
    for act in (payments.make, payments.withdraw):
        with pytest.raises(StepRefused):
            act(batch=batch, by=other)
    with pytest.raises(StepRefused, match="Une autre personne"):
        payments.note_reference(batch=batch, bank_reference="VIR-778", by=other)
    with pytest.raises(Unacceptable):
        payments.note_reference(batch=batch, bank_reference=" ", by=by)
    assert batch.file_open_to(by)
    assert not batch.file_open_to(other)


def test_what_the_bank_did_not_take_is_still_due_and_ordered_again(order) -> None:
    batch = made(order)
    payments.give_up_by_hand(batch=batch, by=factories.accountant())
    assert status_of(order) == OrderStatus.UNPAID
    assert reissues.came_back_without_fault(order)
    again = payments.reissue(order=order, by=factories.accountant())
    batch = made(factories.visaed(again))
    bank.says(bank.books_by_hand(batch, again))
    assert status_of(again) == OrderStatus.EXECUTED
    assert nothing_in_suspense()


def test_what_was_said_not_to_be_made_and_was_is_never_paid_again_by_itself(order) -> None:
    batch = made(order)
    payments.give_up_by_hand(batch=batch, by=factories.accountant())
    bank.says(bank.books_by_hand(batch, order))
    with pytest.raises(StepRefused, match="écart"):
        payments.reissue(order=order, by=factories.accountant())


def test_what_the_bank_has_is_not_said_not_to_be_made(order) -> None:
    by = factories.accountant()
    batch = made(order, by=by)
    payments.note_reference(batch=batch, bank_reference="VIR-778", by=by)
    with pytest.raises(StepRefused, match="attendez"):
        payments.give_up_by_hand(batch=batch, by=by)


def test_it_is_prepared_once(order) -> None:
    by = factories.accountant()
    signed(order, by=by)
    with pytest.raises(payments.NothingToSend):
        payments.prepare_by_hand(order=order, by=by)


def test_who_prepared_it_does_not_sign_it_and_nobody_makes_what_is_not_signed(order) -> None:
    by = factories.accountant()
    batch = payments.prepare_by_hand(order=order, by=by)
    with pytest.raises(StepRefused, match="une autre personne le signe"):
        payments.sign(batch=batch, by=by)
    with pytest.raises(StepRefused):
        payments.make(batch=batch, by=by)


def test_one_that_waited_for_days_is_still_signed_or_given_up_and_prepared_again(order, frozen) -> None:
    batch = payments.prepare_by_hand(order=order, by=factories.accountant())
    frozen.shift(timedelta(days=9))
    payments.sign(batch=batch, by=factories.actor(Role.SECOND_ACCOUNTANT))
    payments.withdraw(batch=batch, by=factories.accountant())
    assert signed(order).orders.get() == order


def test_once_its_account_is_denied_nobody_makes_it(order, account) -> None:
    batch = signed(order)
    registry.deny(account=account, by=SYSTEM)
    with pytest.raises(StepRefused, match="abandonnez ce lot"):
        payments.make(batch=batch, by=factories.accountant())
    payments.withdraw(batch=batch, by=factories.accountant())
    payments.refuse_denied()
    assert status_of(order) == OrderStatus.REJECTED


def test_a_number_that_does_not_open_any_more_is_not_written(order, monkeypatch) -> None:
    monkeypatch.setattr(PaymentOrder, "legible_iban", "")
    with pytest.raises(StepRefused, match="ne se lit plus"):
        payments.prepare_by_hand(order=order, by=factories.accountant())


def test_it_leaves_out_of_the_budget_that_bears_it_today(order) -> None:
    move = payments.propose(order=order, budget="APIAS", reason="Accident de service", by=factories.accountant())
    payments.give(reimputation=move, by=factories.actor(Role.SECOND_ACCOUNTANT))
    assert signed(order).budget == "APIAS"


def test_an_account_just_noted_is_not_paid_yet() -> None:
    known = noted()
    accept(known)
    order = factories.visaed(bank.owed(known.insured))
    with pytest.raises(payments.NothingToSend):
        payments.prepare_by_hand(order=order, by=factories.accountant())


def test_what_leaves_in_a_file_is_not_made_by_hand() -> None:
    with pytest.raises(StepRefused):
        payments.make(batch=factories.batch(), by=factories.accountant())


def test_noted_twice_it_is_one_account_and_another_waits_for_tomorrow() -> None:
    by, person = factories.actor(Role.COUNTER), factories.insured()
    assert noted(person, by=by) == noted(person, by=by)
    with pytest.raises(Unacceptable, match="notez celui-ci demain"):
        noted(person, by=by, number="99887766554")
