"""A hundred thousand orders through the house: in a batch, signed, sent, and what the bank answers, heard.

Run by `transfers --house`, in a database that is made for it.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from benchmarks import bank_files, house, stock
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BankFileStatus
from escale.domain.payments.models import BankEvent, Batch, Discrepancy, Outcome, PaymentOrder

_REFUSED, _RETURNED = 100, 200
"""One transfer out of so many."""
_BUDGETS = ("GENERAL", "SMG")
_WRITTEN = (
    "payments_bankevent", "journal_entry", "ledger_accountingentry", "ledger_entryline", "procrastinate_jobs",
)  # fmt: skip
_ORDERS = """
WITH ordered AS (
    INSERT INTO payments_paymentorder (status, reference, holder, iban_digest, iban_sealed, masked_iban, amount,
        ordered_at, rejection, insured_id, ordered_by_id, approved_by_id, budget, budget_year, reissue_reason)
    SELECT 'approved', %(budget)s || '-' || lpad(n::text, 6, '0'), 'Léa Œuvrard n° ' || n, %(iban_digest)s,
        %(iban_sealed)s, %(masked_iban)s, %(amount)s, now(), '', n, %(agent)s, %(accountant)s, %(budget)s, %(year)s, ''
    FROM generate_series(1, %(size)s) n RETURNING id, amount
)
INSERT INTO payments_paymentline (order_id, benefit, legal_basis, label, amount)
SELECT id, 'care', 'CSS, art. R. 160-1', 'Soins', amount FROM ordered
"""
Taken = dict[str, Any]


def at(size: int) -> list[Taken]:
    """Return what each step takes for so many transfers, booked one by one, then for as many booked as one sum."""
    with tempfile.TemporaryDirectory() as folder, override_settings(BANK_FOLDER=folder):
        return list(_steps(size))


def _steps(size: int) -> Iterator[Taken]:
    _order(size)
    today = timezone.localdate()
    first = [f"{_BUDGETS[0]}-{number:06}" for number in range(1, size + 1)]
    refused = set(first[::_REFUSED])
    executed = [reference for reference in first if reference not in refused]
    yield from _sent(_BUDGETS[0])
    batch = _latest()
    yield _heard("answered", bank_files.statuses(first, refused=refused, batch=batch))
    yield _heard("booked", bank_files.bookings(executed, batch=batch, on=today))
    yield _heard("returned", bank_files.bookings(executed[::_RETURNED], batch=batch, back=True, on=today))
    yield from _sent(_BUDGETS[1])
    batch = _latest()
    yield _heard("accepted", bank_files.accepted(batch=batch))
    yield _heard("booked_as_one", bank_files.booked_as_one(size, batch=batch, on=today))


def _order(size: int) -> None:
    """Have people, each with an approved order out of two budgets."""
    agent, accountant = (house.account(f"{name}@bench.example").pk for name in ("gestion", "visa"))
    paid = PaymentOrder()
    paid.iban = bank_files.IBAN
    account = {"iban_digest": paid.iban_digest, "iban_sealed": paid.iban_sealed, "masked_iban": paid.masked_iban}
    given: dict[str, Any] = account | {
        "size": size, "agent": agent, "accountant": accountant, "amount": bank_files.AMOUNT,
        "year": timezone.localdate().year,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        stock.people(size)
        for budget in _BUDGETS:
            cursor.execute(_ORDERS, given | {"budget": budget})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _sent(budget: str) -> Iterator[Taken]:
    """Have the orders of a budget leave in one batch."""
    roles = (Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
    preparing, signing = (Actor(role, house.account(f"{role}@bench.example", role)) for role in roles)
    yield _taken("prepared", lambda: payments.prepare_batch(by=preparing, budget=budget))
    batch = Batch.objects.latest("pk")
    if batch.wants_signature:
        yield _taken("signed", lambda: payments.sign(batch=batch, by=signing))
    yield _taken("sent", lambda: payments.send_batch(batch=batch))
    assert batch.sent_at, "the batch is held back"


def _latest() -> str:
    return Batch.objects.latest("pk").reference


def _heard(act: str, lines: Iterable[str]) -> Taken:
    """Hear what the bank tells in these lines, all of which is to fit."""
    file = payments.receive(name=f"{act}.xml", chunks=(line.encode() for line in lines))
    taken = _taken(act, lambda: payments.read_bank_file(file=file))
    file.refresh_from_db()
    assert file.status == BankFileStatus.READ, file.refusal
    assert not Discrepancy.objects.exists()
    assert not BankEvent.objects.filter(outcome=Outcome.EARLY).exists()
    return taken


def _taken(act: str, work: Callable[[], object]) -> Taken:
    """Do it, and return its seconds, those of this process, its peak of memory (MB), its statements, and its floor."""
    tally = _Statements()
    before = {table: _last(table) for table in _WRITTEN}
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory starts from what is held now
    held, began, processor = _memory("VmRSS"), time.perf_counter(), time.process_time()
    with connection.execute_wrapper(tally):
        work()
    return {
        "act": act,
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - processor,
        "memory": _memory("VmHWM") - held,
        "statements": tally.number,
        "floor": sum(_copied(table, after) for table, after in before.items()),
    }


class _Statements:
    """How many statements went to the database."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.number += 1
        return execute(*given)


def _memory(which: str) -> float:
    """Return one of the figures that the system keeps of this process, in MB."""
    [line] = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{which}:"))
    return int(line.split()[1]) / 1024


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def _copied(table: str, after: int) -> float:
    """Return the seconds in which PostgreSQL takes again, bare, the rows that were written in a table."""
    with transaction.atomic(), connection.cursor() as cursor, tempfile.TemporaryFile() as rows:
        cursor.execute(f"CREATE TEMP TABLE plain (LIKE {table}) ON COMMIT DROP")
        with cursor.copy(f"COPY (SELECT * FROM {table} WHERE id > {after}) TO STDOUT") as out:
            for row in out:
                rows.write(row)
        rows.seek(0)
        began = time.perf_counter()
        with cursor.copy("COPY plain FROM STDIN") as taken:
            while chunk := rows.read(1 << 18):
                taken.write(chunk)
        return time.perf_counter() - began
