"""What is moved from a budget to another, or comes back: by budget too, each account comes back to nothing."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.ledger.models import EntryLine
from escale.domain.payments import actions as payments
from escale.domain.payments import queries
from escale.domain.payments.actions import batching
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankEvent, Discrepancy, Outcome, PaymentOrder
from escale.rules.lifecycle import StepRefused
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.test_booked_as_one import as_one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

ANOTHER_IBAN = "FR1420041010050500013M02606"


def moved(order: PaymentOrder, budget: str = "APIAS") -> None:
    move = payments.propose(order=order, budget=budget, reason="Accident de service", by=factories.accountant())
    payments.give(reimputation=move, by=factories.actor(Role.SECOND_ACCOUNTANT))


def reissued(order: PaymentOrder) -> PaymentOrder:
    factories.pay_on(order.insured, ANOTHER_IBAN)
    return payments.reissue(order=PaymentOrder.objects.get(pk=order.pk), by=factories.accountant())


def balances(*accounts: str) -> dict[tuple[str, str], Decimal]:
    """What these accounts hold for each budget, but nothing."""
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for account, budget, debit, credit in EntryLine.objects.values_list("account", "budget", "debit", "credit"):
        held[account, budget] += debit - credit
    return {key: sum for key, sum in held.items() if sum and key[0] in accounts}


def test_what_is_moved_before_it_leaves_is_owed_by_the_budget_that_pays_it():
    order = factories.visaed()
    moved(order)
    payments.send_batch(batch=payments.prepare_batch(by=factories.accountant()))
    assert not balances("4071", "4663")


def test_what_is_moved_after_it_left_then_came_back_is_issued_again_out_of_what_came_back():
    order = factories.ordered()
    batch = bank.sent(order)
    moved(PaymentOrder.objects.get(pk=order.pk))
    bank.says(bank.returns(batch))
    again = factories.visaed(reissued(order))
    assert again.budget == "APIAS"
    assert balances("4071", "4663") == {("4071", "APIAS"): -order.amount}
    payments.reject(order=again, reason="RIB à vérifier", by=factories.accountant())
    assert balances("4071", "4663") == {("4663", "GENERAL"): -order.amount}


def test_an_order_that_is_issued_again_is_no_longer_moved():
    order = factories.ordered()
    bank.says(bank.rejects(bank.sent(order)))
    order.refresh_from_db()
    move = payments.propose(order=order, budget="APIAS", reason="Accident de service", by=factories.accountant())
    reissued(order)
    with pytest.raises(StepRefused, match="émis de nouveau"):
        payments.give(reimputation=move, by=factories.actor(Role.SECOND_ACCOUNTANT))
    payments.decline(reimputation=move, by=factories.actor(Role.SECOND_ACCOUNTANT))
    with pytest.raises(StepRefused, match="émis de nouveau"):
        payments.propose(order=order, budget="APIAS", reason="Accident de service", by=factories.accountant())


@pytest.mark.parametrize("others", [0, 1])
def test_what_is_told_returned_before_its_batch_is_booked_as_one_was_executed_too(others: int):
    orders = [factories.ordered() for _ in range(1 + others)]
    batch = bank.sent(*orders)
    bank.says(bank.returns(batch, orders[0]))
    for _ in range(2):
        bank.says(as_one(batch))
    bank.says(bank.books(batch))
    assert not balances("5159")
    assert balances("515") == ({("515", "GENERAL"): -orders[1].amount} if others else {})
    assert not Discrepancy.objects.exists()


@pytest.mark.parametrize("told", [bank.books, as_one])
def test_what_the_bank_says_of_a_batch_that_nobody_signed_goes_to_a_person(told: Any):
    order = factories.ordered()
    batch = factories.batch(order)
    type(batch).objects.update(wants_signature=True)
    bank.says(told(batch))
    assert Discrepancy.objects.get().why == Contradiction.NEVER_SENT
    assert BankEvent.objects.get().outcome == Outcome.APART
    assert PaymentOrder.objects.get().status == OrderStatus.APPROVED


def test_a_batch_whose_day_is_past_is_not_signed():
    batch = factories.batch()
    type(batch).objects.update(wants_signature=True, execution_on=timezone.localdate())
    batch.refresh_from_db()
    with pytest.raises(StepRefused, match="jour d’exécution"):
        payments.sign(batch=batch, by=factories.actor(Role.SECOND_ACCOUNTANT))


def test_who_proposed_what_a_batch_pays_does_not_sign_it():
    second = factories.actor(Role.SECOND_ACCOUNTANT)
    order = factories.ordered()
    PaymentOrder.objects.filter(pk=order.pk).update(proposed_by=second.account)
    batch = factories.batch(PaymentOrder.objects.get(pk=order.pk))
    type(batch).objects.update(wants_signature=True)
    batch.refresh_from_db()
    with pytest.raises(StepRefused, match="proposé"):
        payments.sign(batch=batch, by=second)


def test_a_batch_takes_nothing_that_another_budget_took_while_it_waited(monkeypatch):
    order, other = factories.visaed(), factories.visaed()
    asked = batching._still_borne_by

    def late(budget: str, held: list[int]) -> list[int]:
        moved(order)
        return asked(budget, held)

    monkeypatch.setattr(batching, "_still_borne_by", late)
    assert list(payments.prepare_batch(by=factories.accountant()).orders.all()) == [other]


def test_a_reissue_is_borne_where_it_was_moved_visa_or_not():
    order = factories.ordered()
    bank.says(bank.rejects(bank.sent(order)))
    again, year = reissued(order), timezone.localdate().year
    moved(again)
    assert balances("65611", "4431") == {("4431", "APIAS"): order.amount}
    payments.reject(order=again, reason="RIB à vérifier", by=factories.accountant())
    assert (queries.consumed("GENERAL", year=year), queries.consumed("APIAS", year=year)) == (0, order.amount)
    last = factories.visaed(reissued(again))
    assert last.budget == "APIAS"
    assert balances("4071", "4663") == {("4071", "APIAS"): -order.amount}
