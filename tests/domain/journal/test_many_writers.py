"""Many write at once while it is sealed: nothing is missed, nothing is sealed twice."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from escale.domain.accounts.models import Account
from escale.domain.journal import actions as journal
from escale.domain.journal import queries
from escale.domain.journal.models import Block, Entry
from tests import factories

WRITERS, TRANSACTIONS, SEALERS = 6, 12, 2


@pytest.mark.django_db(transaction=True)
def test_what_many_wrote_at_once_is_sealed_once_each():
    account, over = factories.account(), Event()
    with ThreadPoolExecutor(WRITERS + SEALERS) as threads:
        sealing = [threads.submit(_seal_until, over) for _ in range(SEALERS)]
        written = [threads.submit(_write, account, random.Random(seed)) for seed in range(WRITERS)]
        kept = sum(done.result() for done in written)
        over.set()
        sealed = sum(done.result() for done in sealing) + journal.seal()
    assert journal.seal() == 0
    counted = Counter(entry for block in Block.objects.all() for entry in block.entry_ids)
    assert set(counted.values()) == {1}
    assert set(counted) == set(Entry.objects.values_list("pk", flat=True))
    assert kept == sealed == len(counted)
    assert list(queries.faults()) == []


def _write(account: Account, chance: random.Random) -> int:
    """Write in transactions that last more or less, some of which fail; return how many entries were kept."""
    kept = 0
    for _ in range(TRANSACTIONS):
        entries = chance.randint(1, 3)
        with transaction.atomic():
            for _ in range(entries):
                journal.record("account.sign_in", subject=account)
                time.sleep(chance.random() / 100)
            if chance.random() < 0.2:
                transaction.set_rollback(True)
            else:
                kept += entries
    connection.close()
    return kept


def _seal_until(over: Event) -> int:
    sealed = 0
    while not over.is_set():
        sealed += journal.seal()
    connection.close()
    return sealed
