"""What was ordered before the bank's answers were read is followed, owed and made again as what is ordered since."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from escale.domain.claims.models import Award
from escale.domain.ledger.models import EntryLine
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentLine, PaymentOrder
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]

ANOTHER_IBAN = "FR1420041010050500013M02606"


def migration(app: str, name: str) -> Any:
    return import_module(f"escale.domain.{app}.migrations.{name}")


def run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statements)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def laid(*, days_ago: int) -> PaymentOrder:
    """An order of a batch that left before: it only had its visa, and no line."""
    order = factories.visaed()
    batch = payments.prepare_batch(by=factories.accountant())
    Batch.objects.filter(pk=batch.pk).update(
        status=BatchStatus.SENT, execution_on=timezone.localdate() - timedelta(days=days_ago), prepared_by=None
    )
    PaymentOrder.objects.filter(pk=order.pk).update(approved_by=None)
    return order


def migrated(order: PaymentOrder) -> PaymentOrder:
    before = migration("payments", "0004_batches_in_the_vault")
    run(before.PAID + before.WHO)
    return PaymentOrder.objects.get(pk=order.pk)


def test_what_left_these_last_days_is_on_its_way_and_what_left_before_is_paid():
    late, old = migrated(laid(days_ago=0)), migrated(laid(days_ago=30))
    assert (late.status, late.paid_on) == (OrderStatus.SENT, None)
    assert (old.status, old.paid_on) == (OrderStatus.EXECUTED, timezone.localdate() - timedelta(days=30))
    assert late.approved_by
    assert late.batch.prepared_by


def test_what_is_held_to_be_paid_may_be_told_paid_once():
    order = migrated(laid(days_ago=30))
    for _ in range(2):
        bank.says(bank.books(order.batch))
    assert not Discrepancy.objects.exists()
    assert not EntryLine.objects.filter(account="515").exists()
    bank.says(bank.books(order.batch, on=timezone.localdate() - timedelta(days=1)))
    assert Discrepancy.objects.get().why == Contradiction.PAID_TWICE


def test_an_order_of_before_has_the_lines_of_its_awards_and_may_be_made_again():
    order = factories.ordered()
    batch = bank.sent(order)
    lines = list(order.lines.values_list("amount", flat=True))
    run(
        "ALTER TABLE claims_award DISABLE TRIGGER USER; UPDATE claims_award SET payment_line_id = NULL;"
        "ALTER TABLE claims_award ENABLE TRIGGER USER; ALTER TABLE payments_paymentline DISABLE TRIGGER USER;"
        "DELETE FROM payments_paymentline; ALTER TABLE payments_paymentline ENABLE TRIGGER USER;"
    )
    for _ in range(2):
        run(migration("claims", "0033_awards_have_their_payment").LINES)
    assert [award.payment_line.amount for award in Award.objects.filter(amount__gt=0)] == lines
    assert PaymentLine.objects.count() == len(lines)
    bank.says(bank.returns(batch))
    factories.pay_on(order.insured, ANOTHER_IBAN)
    order.refresh_from_db()
    assert payments.reissue(order=order, by=factories.accountant()).lines.count() == len(lines)
    run("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_ledger_takes_in_charge_what_was_ordered_before_it():
    order = factories.ordered()
    batch = bank.sent(order)
    run(
        "ALTER TABLE ledger_entryline DISABLE TRIGGER USER; ALTER TABLE ledger_accountingentry DISABLE TRIGGER USER;"
        "DELETE FROM ledger_entryline; DELETE FROM ledger_accountingentry;"
        "ALTER TABLE ledger_entryline ENABLE TRIGGER USER; ALTER TABLE ledger_accountingentry ENABLE TRIGGER USER;"
    )
    for _ in range(2):
        migration("ledger", "0003_what_was_ordered_before").open_the_ledger(apps, None)
    bank.says(bank.books(batch))
    moved = dict.fromkeys(("4071", "5159", "515"), 0)
    for line in EntryLine.objects.filter(account__in=moved):
        moved[line.account] += line.debit - line.credit
    assert moved == {"4071": 0, "5159": 0, "515": -order.amount}
