"""Somebody who sends batches, or reads what the bank answers, killed at each step in turn: in a process of its own.

Each is a fork of a process that is ready, and kills itself one step later each time: a line of what lays files, or a
statement of the database. What it cut short is then done again; how many files the bank got is told on the output.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import django
from django.db import connection

MORE_THAN_STEPS = 60

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
    done = count()

    def watch(execute: Callable[..., Any], *statement: Any) -> Any:
        if next(done) >= rank:
            die()
        return execute(*statement)

    connection.execute_wrappers.append(watch)


def send() -> None:
    """Send batches: every other one, the bank takes the file away as soon as it shows."""
    from django.conf import settings

    from escale.domain.payments import actions as payments
    from escale.domain.payments.actions import sending
    from escale.domain.payments.models import Batch
    from escale.gateways import outbox
    from tests import factories
    from tests.domain.payments import bank

    person = factories.insured()
    for rank in count():
        batch = factories.batch(bank.owed(person))
        cut = is_killed(partial(payments.send_batch, batch=batch), partial(die_at_line, rank, [sending, outbox]))
        laid = Path(settings.BANK_FOLDER) / f"{batch}.xml"
        if taken := rank % 2 and laid.exists():
            laid.unlink()
        payments.send_batch(batch=Batch.objects.get(pk=batch.pk))
        sys.stdout.write(f"{batch} {int(taken) + laid.exists()}\n")
        if not cut:
            return


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
