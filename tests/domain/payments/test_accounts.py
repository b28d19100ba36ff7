"""No payment to an account that has just changed, nor to one that its person never gave."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.payments import accounts, reissues
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry import queries
from escale.domain.registry.models import BankAccount, InsuredPerson
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments.bank import owed
from tests.house.lives_of_accounts import ANOTHER_IBAN, declared

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
    payments.reject(order=before, reason="Compte signalé", by=factories.accountant())
    before.refresh_from_db()
    assert before.status == OrderStatus.REJECTED
    assert visaed(person).iban == factories.IBAN


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
    assert list(queries.sharing(account)) == [stranger]
    factories.pay_on(stranger, ANOTHER_IBAN)
    assert not queries.sharing(account).exists()


def test_an_account_whose_seal_is_damaged_stops_nobody_elses_payment(person) -> None:
    lost = visaed(person)
    person.bank_accounts.update(iban_sealed=b"Escale1oabc/damaged")
    assert not reissues.to_reissue(today=timezone.localdate())
    with pytest.raises(payments.NoBankAccount):
        owed(person)
    assert payments.prepare_batch(by=factories.accountant()).orders.get() == lost
