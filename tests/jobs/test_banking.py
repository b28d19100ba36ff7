"""What follows from the files of the bank: each is taken in whatever the others are, and whoever is paid is told."""

import os
import time
from pathlib import Path

import pytest

from escale.domain.accounts import actions as accounts
from escale.domain.notices.models import Notice
from escale.domain.payments.models import BankFile
from escale.jobs import banking
from tests import factories
from tests.conftest import Work
from tests.domain.payments import bank


def laid(home: Path, name: bytes) -> Path:
    """A file that the bank laid two minutes ago."""
    inbox = home / "bank-inbox"
    inbox.mkdir(exist_ok=True)
    path = inbox / os.fsdecode(name)
    path.write_bytes(name)
    os.utime(path, (time.time() - 120, time.time() - 120))
    return path


@pytest.mark.django_db
def test_a_file_that_cannot_be_taken_in_stops_no_other(home: Path):
    strange, long = laid(home, b"\xff.xml"), laid(home, b"r" * 240 + b".xml")
    with pytest.raises(ExceptionGroup):
        banking.collect()
    assert [file.name for file in BankFile.objects.all()] == ["r" * 200]
    assert (strange.exists(), long.exists()) == (True, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen", "scanning")
def test_whoever_closed_their_account_is_told_at_their_last_address_that_a_payment_came_back(work: Work):
    claim = factories.received()
    work()
    account, address = claim.insured.account, claim.insured.account.email
    order = factories.ordered(factories.approved(claim))
    accounts.close(account=account)
    bank.says(bank.rejects(bank.sent(order)))
    work()
    assert Notice.objects.get(kind="payment_came_back").address == address
