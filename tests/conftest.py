"""What every test may ask for: a house of its own, a real scanner, a worker that does all that is queued."""

import asyncio
import gc
import math
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from django.db import connection
from django.test import TransactionTestCase
from procrastinate.contrib.django import app

from escale.domain.accounts.hashers import Argon2
from escale.domain.documents import queries as documents
from escale.gateways import inspection, keyring
from escale.gateways.keyring import Kind
from escale.rules import second_look
from tests import emptying, warm_room

pytest_plugins = ["tests.neighbours"]

BUSY = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
"""Properties are judged on what they say, not on how busy the machine is."""
hypothesis.settings.register_profile("house", derandomize=True, **BUSY)  # the same examples each time
hypothesis.settings.register_profile("search", max_examples=2_000, print_blob=True, **BUSY)
hypothesis.settings.load_profile("house")  # unless --hypothesis-profile=search asks for others

A_TUESDAY = datetime(2026, 9, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell the journeys last: the loop of their browser stays in the thread, where no other can run beside it.

    The longest files first: nobody tells a long one alone at the end.
    """
    items.sort(key=lambda item: item.path.stat().st_size if "journeys" in item.path.parts else math.inf, reverse=True)


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: all that was read so far."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def vault_keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The keys that any process holds, and those of whoever opens medical papers."""
    folder, private = tmp_path_factory.mktemp("keys"), keyring.draw(Kind.MEDICAL_PRIVATE)
    public = keyring.public_half(private)
    everyone, physicians = folder / "vault-keys", folder / "vault-medical-keys"
    keyring.add(everyone, "tests", {Kind.ORDINARY: keyring.draw(Kind.ORDINARY), Kind.MEDICAL_PUBLIC: public})
    keyring.add(physicians, "tests", {Kind.MEDICAL_PRIVATE: private})
    return everyone, physicians


@pytest.fixture(autouse=True)
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """No decision is drawn to be read again, whatever its amount, unless a test asks for it."""
    monkeypatch.setattr(second_look, "why", lambda *_of, **_drawn: None)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path, vault_keys: tuple[Path, Path]) -> Iterator[Path]:
    """A folder for this test alone, with its vault, its mail and its bank; nobody scans unless asked."""
    settings.VAULT = f"folder:{tmp_path / 'vault'}"
    settings.VAULT_KEYS, settings.VAULT_MEDICAL_KEYS = vault_keys[0], str(vault_keys[1])
    settings.EMAIL_URL = f"folder:{tmp_path / 'mail'}"
    settings.BANK_FOLDER, settings.BANK_INBOX = str(tmp_path / "bank"), str(tmp_path / "bank-inbox")
    settings.INSURERS_FOLDER = str(tmp_path / "insurers")
    settings.CLAMD = "127.0.0.1:1"
    _forget_neighbours()
    yield tmp_path
    _forget_neighbours()


def _forget_neighbours() -> None:
    documents.vault.cache_clear()
    documents.antivirus.cache_clear()


@pytest.fixture(autouse=True)
def quick_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost next to nothing to check, save where their cost is what is told."""
    for cost, least in {"memory_cost": 8, "time_cost": 1, "parallelism": 1}.items():
        monkeypatch.setattr(Argon2, cost, least)


@pytest.fixture(scope="session")
def warm_start() -> Iterator[list[str]]:
    """What starts a look into a paper at little cost."""
    with warm_room.open_room() as start:
        yield start


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch, warm_start: list[str]) -> None:
    """Papers cost little to look into, save where the look is what is told, and in processes other than the tests'."""
    monkeypatch.setattr(inspection, "_START", warm_start)


@pytest.fixture
def scanning(home: Path, settings, scanner: str) -> None:
    """The house has its scanner."""
    settings.CLAMD = scanner
    _forget_neighbours()


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    """It is a Tuesday morning of September 2026, and the clock goes on from there."""
    with time_machine.travel(A_TUESDAY, tick=True) as clock:
        yield clock


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Have the tests that commit leave an empty database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptying.leave_nothing())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


Work = Callable[..., None]


@pytest.fixture
def work(transactional_db: None) -> Work:
    """Have the real worker do all that is queued; `later=True` when what has to be tried again is due."""

    async def do_all() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as night_shift:
            async with night_shift.open_async():
                await night_shift.run_worker_async(
                    queues=["default", "scan"],  # no machine reads papers there: it has tests of its own
                    wait=False,
                    listen_notify=False,
                    install_signal_handlers=False,
                )

    def work(*, later: bool = False) -> None:
        if later:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        asyncio.run(do_all())

    return work
