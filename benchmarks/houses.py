"""A measure at several sizes: each in a database of its own, kept so that none is emptied for another, or made anew."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection


def each(measure: str, sizes: Sequence[int], *, of: str = "demandes", anew: bool = False) -> Iterator[tuple[int, Any]]:
    """Yield what a measure finds at each size, the smallest first: the answer of its `at`, run by another process.

    The database of a size is that of all the measures that keep theirs; one that is made anew is dropped afterwards.
    """
    for size in sorted(sizes):
        print(f"  {size:,} {of}".replace(",", "\N{NARROW NO-BREAK SPACE}"), flush=True)
        name = "_".join([settings.DATABASES["default"]["NAME"], *([measure] if anew else []), str(size)])
        if anew:
            _drop(name)
        _make(name)
        command = [sys.executable, "-m", "benchmarks.houses", measure, str(size)]
        environ = os.environ | {"DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"}
        done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
        if anew:
            _drop(name)
        yield size, json.loads(done.stdout.splitlines()[-1])


def _make(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() == (0,):
            cursor.execute(f'CREATE DATABASE "{name}"')


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def main(measure: str, size: int) -> None:
    """Measure at one size in the database of this process, and write what was found for the process that asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
    import django

    django.setup()
    from benchmarks import house

    house.make_ready()
    print(json.dumps(importlib.import_module(f"benchmarks.{measure}").at(size)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
