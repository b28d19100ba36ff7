"""Somebody who sends batches, or reads what the bank answers, killed at each step in turn: in a process of its own.

Each is a fork of a process that is ready, and kills itself one step later each time: what changes a file or a row, or a
statement of the database. What it cut short is then done again; how many files the bank got is told on the output.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import django
from django.db import connection

MORE_THAN_STEPS = 60
ON_DISK = {"open", "os.rename", "os.link", "os.remove"}
NO_EFFECT = ("SELECT", "(SELECT", "SAVEPOINT", "RELEASE")

Line = tuple[str, int]


def is_killed(act: Callable[[], Any], prepare: Callable[[], Any]) -> bool:
    """Do this in another process, that was prepared to kill itself; tell whether it did."""
    connection.close()  # a connection is of one process
    child = os.fork()
    if not child:
        prepare()
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_line(rank: int, modules: list[ModuleType]) -> None:
    """Have this process die when it comes to one more line of these modules than so many."""
    files, passed = {str(module.__file__) for module in modules}, set[Line]()

    def watch(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            passed.add((frame.f_code.co_filename, frame.f_lineno))
            if len(passed) > rank:
                die()
        return watch

    sys.settrace(watch)


def die_at_statement(rank: int) -> None:
    """Have this process die when it comes to one more statement than so many."""
    _watch_statements(_mortal(rank))


def die_at_effect(rank: int) -> None:
    """Have this process die when it comes to one more effect: a row written, a commit, a file made, named or synced."""
    live = _mortal(rank)
    _watch_statements(live, but=NO_EFFECT)
    commit, fsync = connection._commit, os.fsync
    connection._commit = lambda: (live(), commit(), live())  # type: ignore[method-assign]
    os.fsync = lambda descriptor: (live(), fsync(descriptor))[1]
    sys.addaudithook(lambda event, asked: live() if event in ON_DISK and not _only_reads(event, asked) else None)


def _only_reads(event: str, asked: tuple[Any, ...]) -> bool:
    """Tell whether a file is opened without being written to."""
    return event == "open" and not asked[2] & (os.O_WRONLY | os.O_RDWR)


def _mortal(rank: int) -> Callable[[], None]:
    """Return what has this process die once it was called so many times."""
    done = count()

    def live() -> None:
        if next(done) >= rank:
            die()

    return live


def _watch_statements(live: Callable[[], None], *, but: tuple[str, ...] = ()) -> None:
    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith(but):
            live()
        return execute(sql, *rest)

    connection.execute_wrappers.append(watch)


def send() -> None:
    """Prepare, sign and send what has the visa; every other time, the bank takes the file away as soon as it shows."""
    from django.conf import settings

    from escale.domain.accounts.models import Role
    from escale.domain.payments import actions as payments
    from escale.domain.payments.models import Batch
    from tests import factories
    from tests.domain.payments import bank

    person, by, second = factories.insured(), factories.accountant(), factories.actor(Role.SECOND_ACCOUNTANT)

    def pay_all() -> None:
        with suppress(payments.NothingToSend):
            payments.prepare_batch(by=by)
        batch = Batch.objects.latest("pk")
        if batch.waits:
            payments.sign(batch=batch, by=second)
        payments.send_batch(batch=batch)

    for rank in count():
        order = factories.visaed(bank.owed(person, "100000.00"))
        cut = is_killed(pay_all, partial(die_at_effect, rank))
        taken = _take_away(Path(settings.BANK_FOLDER)) if rank % 2 else b""
        pay_all()
        given = taken + _take_away(Path(settings.BANK_FOLDER))
        sys.stdout.write(f"{order} {given.count(f'<EndToEndId>{order}<'.encode())}\n")
        if not cut:
            return


def _take_away(folder: Path) -> bytes:
    """Take, as the bank does, the files that show; return what they hold."""
    files = list(folder.glob("*.xml"))
    content = b"".join(path.read_bytes() for path in files)
    for path in files:
        path.unlink()
    return content


def read() -> None:
    """Read what the bank booked of a batch, one transfer at a time."""
    from escale.domain.payments import actions as payments
    from tests import factories
    from tests.domain.payments import bank

    person = factories.insured()
    orders = [bank.owed(person) for _ in range(MORE_THAN_STEPS)]
    batch = bank.sent(*orders)
    for rank, order in enumerate(orders):
        file = payments.receive(name="reponse.xml", chunks=[bank.books(batch, order)])
        cut = is_killed(partial(payments.read_bank_file, file=file), partial(die_at_statement, rank))
        payments.read_bank_file(file=file)
        if not cut:
            return
    raise AssertionError("some steps were not come to")


if __name__ == "__main__":
    django.setup()
    connection.settings_dict["OPTIONS"].pop("pool")  # its threads would not follow a fork
    {"send": send, "read": read}[sys.argv[1]]()
