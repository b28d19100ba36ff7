"""A measure at several sizes: each in a database of its own, which is kept, so that none is emptied for another."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection


def each(measure: str, sizes: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """Yield what a measure finds at each size, the smallest first: the answer of its `at`, run by another process."""
    for size in sorted(sizes):
        print(f"  {size:,} demandes".replace(",", "\N{NARROW NO-BREAK SPACE}"), flush=True)
        command = [sys.executable, "-m", "benchmarks.houses", measure, str(size)]
        done = subprocess.run(
            command, env=os.environ | {"DATABASE_URL": _database(size)}, check=True, stdout=subprocess.PIPE, text=True
        )
        yield size, json.loads(done.stdout.splitlines()[-1])


def _database(size: int) -> str:
    """Return the address of the database of a size, made the first time."""
    known = settings.DATABASES["default"]
    name = f"{known['NAME']}_{size}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() == (0,):
            cursor.execute(f'CREATE DATABASE "{name}"')
    before, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return f"{before}/{name}"


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
