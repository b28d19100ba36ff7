"""Processes of the house, on the same database and the same home as the test, that one may kill."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def quick_looks() -> None:
    """Each look into a paper is a process started anew, as in the house."""


@pytest.fixture
def environ(transactional_db: None, home: Path, vault_keys: tuple[Path, Path]) -> dict[str, str]:
    """The environment in which another process works on this test's database and files."""
    place = connection.settings_dict
    user = ":".join(quote(place[name], safe="") for name in ("USER", "PASSWORD") if place[name])
    address = f"{place['HOST'] or 'localhost'}:{place['PORT'] or 5432}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{user}@{address}/{place['NAME']}",
        "DJANGO_SETTINGS_MODULE": "escale.config.settings",
        "ESCALE_HOME": str(home),
        "ESCALE_VAULT_KEYS": str(vault_keys[0]),
        "ESCALE_VAULT_MEDICAL_KEYS": str(vault_keys[1]),
        "ESCALE_DEMO": "1",
    }


def until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until this holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "too long"
        time.sleep(0.02)


def is_alone() -> bool:
    """Tell whether the database has forgotten the processes that were killed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now()"
        )
        return cursor.fetchone() == (0,)
