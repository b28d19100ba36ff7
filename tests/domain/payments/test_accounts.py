"""No payment to an account that has just changed, nor to one that its person never gave."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.payments import accounts, reissues
from escale.domain.payments import actions as payments
from escale.domain.payments import queries as of_payments
from escale.domain.payments.filters import Filters
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry import queries
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson
from escale.gateways.bank import InvalidBatch
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments.bank import owed
from tests.house.lives_of_accounts import ANOTHER_IBAN, accept, declared, noted

GERMAN_IBAN = "DE89370400440532013000"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


@pytest.fixture
def person() -> InsuredPerson:
    return factories.insured()


@pytest.fixture
def changed(person: InsuredPerson) -> BankAccount:
    """The account that they have just given."""
    return declared(person, holder="Alix Exemple")


def visaed(person: InsuredPerson) -> PaymentOrder:
    order = owed(person)
    payments.visa(orders=[order], by=factories.accountant())
    order.refresh_from_db()
    return order


def test_an_order_to_an_account_just_changed_waits_then_leaves_there(person, changed, frozen) -> None:
    order, by = visaed(person), factories.accountant()
    assert order.iban == ANOTHER_IBAN
    for _day in range(3):
        assert "En attente : compte changé le 15/09/2026, payé à partir du 18/09/2026" in accounts.why_not_payable(
            order, today=timezone.localdate()
        )
        with pytest.raises(payments.NothingToSend):
            payments.prepare_batch(by=by)
        frozen.shift(timedelta(days=1))
    assert payments.prepare_batch(by=by).orders.get() == order


def test_what_was_ordered_before_leaves_to_the_account_of_before(person) -> None:
    order = visaed(person)
    declared(person, holder="Alix Exemple")
    assert payments.prepare_batch(by=factories.accountant()).orders.get() == order
    assert order.iban == factories.IBAN


def test_an_order_to_an_account_that_was_denied_never_leaves(person, changed, frozen) -> None:
    order, before = owed(person), visaed(person)
    registry.deny(account=changed, by=SYSTEM)
    with pytest.raises(StepRefused, match="n’est pas d’elle"):
        payments.visa(orders=[order], by=factories.accountant())
    frozen.shift(timedelta(days=30))
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.accountant())
    payments.refuse_denied()
    for refused in (order, before):
        refused.refresh_from_db()
        assert refused.status == OrderStatus.REJECTED
    assert visaed(person).iban == factories.IBAN


def test_to_deny_an_account_is_a_change_and_nothing_is_paid_on_that_of_before_meanwhile(
    person, changed, frozen
) -> None:
    frozen.shift(timedelta(days=10))
    registry.deny(account=changed, by=SYSTEM)
    order, by = visaed(person), factories.accountant()
    assert order.iban == factories.IBAN
    assert "payé à partir du 28/09/2026" in accounts.why_not_payable(order, today=timezone.localdate())
    for _day in range(3):
        with pytest.raises(payments.NothingToSend):
            payments.prepare_batch(by=by)
        frozen.shift(timedelta(days=1))
    assert payments.prepare_batch(by=by).orders.get() == order


def test_to_give_up_an_account_that_nobody_looked_at_holds_nothing(person) -> None:
    order = visaed(person)
    registry.deny(account=declared(person), by=SYSTEM)
    assert payments.prepare_batch(by=factories.accountant()).orders.get() == order


def test_an_account_accepted_late_is_held_from_then_on_unless_another_was_given(person, frozen) -> None:
    waiting = declared(person)
    frozen.shift(timedelta(days=10))
    accept(waiting)
    assert accounts.payable_from(waiting, today=timezone.localdate()) == date(2026, 9, 28)
    other = declared(factories.insured())
    frozen.shift(timedelta(days=1))
    registry.declare(insured=other.insured, iban=GERMAN_IBAN, holder="Alix Exemple", by=SYSTEM)
    with pytest.raises(StepRefused, match="Un autre compte a été donné depuis"):
        accept(other)


def test_an_account_that_was_denied_is_looked_at_before_it_is_anybodys_again(person, changed, frozen) -> None:
    registry.deny(account=changed, by=SYSTEM)
    frozen.shift(timedelta(days=1))
    again, elsewhere = (declared(victim, holder="Alix Exemple") for victim in (person, factories.insured()))
    assert {again.status, elsewhere.status} == {AccountStatus.TO_CHECK}
    assert queries.sharers([elsewhere]) == {elsewhere.pk: {person.pk}}


def test_what_counter_agents_set_aside_is_not_given_again_on_the_same_day(person) -> None:
    registry.refuse(account=declared(person), by=factories.actor(Role.COUNTER))
    with pytest.raises(Unacceptable):
        declared(person)


@pytest.mark.parametrize(("iban", "reached"), [
    ("ME25510000000000123424", True), ("SM86U0322509800000000270100", False), ("TN5910006035183598478831", False),
])  # fmt: skip
def test_an_account_may_be_declared_only_if_it_may_be_ordered_to(person, iban: str, reached: bool) -> None:
    if not reached:
        with pytest.raises(Unacceptable):
            registry.declare(insured=person, iban=iban, holder="Alix Exemple", by=SYSTEM)
        return
    registry.declare(insured=person, iban=iban, holder="Alix Exemple", by=SYSTEM)
    assert owed(person).iban == iban


def test_a_batch_that_waits_for_its_signature_is_not_signed_once_an_account_is_denied(person, changed, frozen) -> None:
    visaed(person)
    frozen.shift(timedelta(days=3))
    batch = payments.prepare_batch(by=factories.accountant())
    type(batch).objects.update(wants_signature=True)
    registry.deny(account=changed, by=SYSTEM)
    with pytest.raises(StepRefused, match="abandonnez ce lot"):
        payments.sign(batch=batch, by=factories.accountant())


def test_the_families_that_share_an_account_are_told_from_the_others(person) -> None:
    relative, stranger = factories.insured(), factories.insured()
    person.beneficiaries.filter(link="spouse").update(person=relative)
    account = person.bank_accounts.get()
    assert queries.sharers([account]) == {account.pk: {stranger.pk}}
    factories.pay_on(stranger, ANOTHER_IBAN)
    assert not queries.sharers([account])


def test_who_noted_or_accepted_an_account_neither_approves_nor_signs_what_is_paid_there(person, frozen) -> None:
    wrote, read = factories.actor(Role.COUNTER), factories.actor(Role.COUNTER)
    accept(noted(person, by=wrote), by=read)
    frozen.shift(timedelta(days=3))
    order, fair = owed(person), factories.accountant()
    theirs = [Actor(Role.ACCOUNTANT, one.signatory) for one in (wrote, read)]
    for own in theirs:
        with pytest.raises(StepRefused):
            payments.visa(orders=[order], by=own)
        assert not of_payments.at_once(actor=own, filters=Filters())
    assert of_payments.at_once(actor=fair, filters=Filters()) == [order]
    payments.visa(orders=[order], by=fair)
    batch = payments.prepare_by_hand(order=order, by=factories.accountant())
    for own in theirs:
        assert not Batch.objects.to_sign_by(own).exists()
        with pytest.raises(StepRefused, match="vérifié un compte payé"):
            payments.sign(batch=batch, by=own)
    payments.sign(batch=batch, by=factories.accountant())


def test_an_account_whose_seal_is_damaged_stops_nobody_elses_payment(person) -> None:
    lost = visaed(person)
    person.bank_accounts.update(iban_sealed=b"Escale1oabc/damaged")
    assert not reissues.to_reissue(today=timezone.localdate())
    with pytest.raises(payments.NoBankAccount):
        owed(person)
    assert payments.prepare_batch(by=factories.accountant()).orders.get() == lost


def test_an_order_that_no_longer_opens_stops_nobody_elses_payment(person) -> None:
    lost, sound = visaed(person), visaed(factories.insured())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE payments_paymentorder DISABLE TRIGGER USER")
    PaymentOrder.objects.filter(pk=lost.pk).update(iban_sealed=b"Escale1oabc/damaged")
    assert payments.prepare_batch(by=factories.accountant()).orders.get() == sound
    with pytest.raises(InvalidBatch, match=lost.reference):
        payments.prepare_batch(by=factories.accountant())
