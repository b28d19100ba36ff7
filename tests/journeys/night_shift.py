"""The worker of a story: a process of its own, forked from one that has read all the code of the house once."""

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection

WORKER = ["manage.py", "procrastinate", "--skip-checks", "worker", "-q", "default,scan"]
PLACES = ("VAULT", "VAULT_KEYS", "VAULT_MEDICAL_KEYS", "EMAIL_URL", "BANK_FOLDER")
LEAVES_WITHIN = 60


def keeper() -> ForkServerContext:
    """Return what starts workers; the process that it keeps ends with us."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def start(context: ForkServerContext, *, clamd: str, look: list[str], log: Path) -> ForkServerProcess:
    """Start a worker on the database and in the places of the test."""
    places = {name: getattr(settings, name) for name in PLACES} | {"CLAMD": clamd}
    worker = context.Process(target=_work, args=(connection.settings_dict["NAME"], places, look, log))
    worker.start()
    return worker


def end(worker: ForkServerProcess) -> None:
    """Ask a worker to leave once what it does is done."""
    worker.terminate()
    worker.join(LEAVES_WITHIN)
    assert not worker.is_alive(), "the worker does not leave"


def _work(database: str, places: dict[str, str], look: list[str], log: Path) -> None:
    from escale.gateways import inspection

    said = os.open(log, os.O_WRONLY | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(said, stream.fileno())
    connection.settings_dict["NAME"] = database
    for name, place in places.items():
        setattr(settings, name, place)
    inspection._START = look
    execute_from_command_line(WORKER)


if not settings.configured:  # we are the process that is kept
    django.setup()
    from escale.gateways import typesetting  # noqa: F401
    from escale.jobs import schedule, tasks  # noqa: F401
