"""Somebody who sends batches, or reads what the bank answers, killed at each line in turn: in a process of its own.

Each is a fork of a process that is ready, and kills itself at the first line of these modules where none was killed
before. What it cut short is then done again; how many files the bank got of each batch is told on the output.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import django
from django.db import connection

Line = tuple[str, int]

MORE_THAN_LINES = 150


def cut_short(act: Callable[[], Any], modules: list[ModuleType], passed: set[Line]) -> bool:
    """Do this in another process, killed at a line of these modules that is not passed yet; tell whether it was."""
    files = {str(module.__file__) for module in modules}
    heard, told = os.pipe()
    connection.close()  # a connection is of one process
    child = os.fork()
    if not child:

        def watch(frame: FrameType, event: str, _argument: Any) -> Any:
            file, line = frame.f_code.co_filename, frame.f_lineno
            if file not in files:
                return None
            if event == "line" and (file, line) not in passed:
                os.write(told, f"{file}\n{line}".encode())
                os.kill(os.getpid(), signal.SIGKILL)
            return watch

        sys.settrace(watch)
        act()
        os._exit(0)
    os.close(told)
    with os.fdopen(heard) as output:
        said = output.read().split("\n")
    os.waitpid(child, 0)
    if len(said) == 1:
        return False
    passed.add((said[0], int(said[1])))
    return True


def send() -> None:
    """Send batches: every other one, the bank takes the file away as soon as it shows."""
    from django.conf import settings

    from escale.domain.payments import actions as payments
    from escale.domain.payments.actions import sending
    from escale.domain.payments.models import Batch
    from escale.gateways.bank import delivering
    from tests import factories
    from tests.domain.payments import bank

    person, passed = factories.insured(), set[Line]()
    cut = True
    while cut:
        batch = factories.batch(bank.owed(person))
        cut = cut_short(partial(payments.send_batch, batch=batch), [sending, delivering], passed)
        laid = Path(settings.BANK_FOLDER) / f"{batch}.xml"
        taken = laid.exists() and len(passed) % 2
        if taken:
            laid.unlink()
        payments.send_batch(batch=Batch.objects.get(pk=batch.pk))
        sys.stdout.write(f"{batch} {int(taken) + laid.exists()}\n")


def read() -> None:
    """Read what the bank booked of a batch, one transfer at a time."""
    from escale.domain.payments import actions as payments
    from escale.domain.payments.actions import hearing, returning
    from tests import factories
    from tests.domain.payments import bank

    person, passed = factories.insured(), set[Line]()
    orders = [bank.owed(person) for _ in range(MORE_THAN_LINES)]
    batch = bank.sent(*orders)
    for order in orders:
        file = payments.receive(name="reponse.xml", chunks=[bank.books(batch, order)])
        cut = cut_short(partial(payments.read_bank_file, file=file), [returning, hearing], passed)
        payments.read_bank_file(file=file)
        if not cut:
            return
    raise AssertionError("some lines were not come to")


if __name__ == "__main__":
    django.setup()
    connection.settings_dict["OPTIONS"].pop("pool")  # its threads would not follow a fork
    {"send": send, "read": read}[sys.argv[1]]()
