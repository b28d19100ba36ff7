"""The bank of the demonstration: what it answers is read, and one account shows what comes back."""

import os
import time
from datetime import date, timedelta
from pathlib import Path

import time_machine
from django.conf import settings

from escale.domain.notices.models import Notice
from escale.domain.payments import actions as payments
from escale.domain.payments import balancing
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankFile, Discrepancy, PaymentOrder
from escale.jobs import banking
from escale.jobs.demo.bank import CLOSED_ACCOUNT, play
from tests import factories
from tests.conftest import Work
from tests.domain.payments import bank

ANOTHER_IBAN = "FR1420041010050500013M02606"


def a_minute_passes(folder: Path) -> None:
    """What was laid in a folder is old enough to be taken."""
    before = time.time() - 120
    for path in folder.glob("*.xml"):
        os.utime(path, (before, before))


def a_round(home: Path, work: Work) -> None:
    work()
    a_minute_passes(home / "bank")
    play(home / "bank", home / "bank-inbox")
    a_minute_passes(home / "bank-inbox")
    banking.collect()
    work()


def test_what_is_sent_is_paid_or_comes_back_and_is_paid_again_to_another_account(
    home: Path, work: Work, frozen: time_machine.Traveller
):
    lucky, unlucky = factories.insured(), factories.insured(paid_on_iban=CLOSED_ACCOUNT)
    factories.batch(bank.owed(lucky), bank.owed(unlucky))
    a_round(home, work)
    paid, back = PaymentOrder.objects.order_by("pk")
    assert (paid.status, paid.paid_on, back.status) == (OrderStatus.EXECUTED, date(2026, 9, 15), OrderStatus.UNPAID)
    kinds = dict(Notice.objects.values_list("account", "kind"))
    assert kinds == {lucky.account_id: "payment_made", unlucky.account_id: "payment_came_back"}
    assert sorted(BankFile.objects.values_list("kind", flat=True)) == ["camt.053", "camt.054", "pain.002"]

    banking.reissue_to_new_accounts()
    assert not PaymentOrder.objects.exclude(replaces=None).exists()
    unlucky.bank_accounts.update(valid_until=date(2026, 9, 10))
    factories.pay_on(unlucky, ANOTHER_IBAN, since=date(2026, 9, 10))
    banking.reissue_to_new_accounts()
    banking.reissue_to_new_accounts()
    again = PaymentOrder.objects.get(replaces=back)
    payments.visa(orders=[again], by=factories.accountant())
    payments.prepare_batch(by=factories.accountant())
    a_round(home, work)
    again.refresh_from_db()
    assert (again.status, again.iban) == (OrderStatus.EXECUTED, ANOTHER_IBAN)
    frozen.shift(timedelta(days=2))
    a_round(home, work)
    assert not Discrepancy.objects.exists()
    days = balancing.compared(settings.BANK_DEBTOR["iban"], date(2026, 9, 1))
    assert [(row.statement.number, row.gap, row.unexplained) for row in days] == [
        ("1", "", 0), ("2", "", 0), ("3", "", 0),
    ]  # fmt: skip
    assert days[-1].difference == days[0].brought
    assert list((home / "bank-inbox").glob("*.xml")) == list((home / "bank").glob("*.xml")) == []
