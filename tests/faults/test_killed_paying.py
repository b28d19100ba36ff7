"""`kill -9` at each step of sending, then of reading: one file at the bank, each fact posted once."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments.lifecycle import BankFileStatus, BatchStatus, OrderStatus
from escale.domain.payments.models import BankFile, Batch, Discrepancy, PaymentOrder
from tests.faults.conftest import is_alone, until
from tests.house import HOUSE

MANY = 20

Do = Callable[[str], list[str]]


@pytest.fixture
def killed(environ: dict[str, str]) -> Do:
    """Do this again and again, killed at each step; return what was told of it."""

    def do(what: str) -> list[str]:
        command = [sys.executable, "-m", "tests.faults.payer", what]
        said = subprocess.run(command, cwd=HOUSE, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout
        until(is_alone)
        return said.splitlines()

    return do


def posted(event: str) -> Counter[str]:
    return Counter(AccountingEntry.objects.filter(event=event).values_list("piece", flat=True))


def test_whoever_prepares_signs_and_sends_killed_at_any_effect_has_each_order_at_the_bank_once(killed: Do):
    told = dict(line.split() for line in killed("send"))
    assert len(told) > MANY
    assert set(told.values()) == {"1"}
    orders = PaymentOrder.objects.select_related("batch")
    assert {order.reference: (order.status, order.batch.status) for order in orders} == dict.fromkeys(
        told, (OrderStatus.SENT, BatchStatus.SENT)
    )
    assert all(batch.signed_by for batch in Batch.objects.all())
    assert posted("batch_sent") == Counter(Batch.objects.values_list("reference", flat=True))


def test_a_reader_killed_at_any_step_applies_each_fact_once(killed: Do):
    killed("read")
    orders = PaymentOrder.objects.filter(status=OrderStatus.EXECUTED)
    assert orders.count() == BankFile.objects.filter(status=BankFileStatus.READ).count() > MANY
    assert posted("executed") == Counter(orders.values_list("reference", flat=True))
    assert not Discrepancy.objects.exists()
