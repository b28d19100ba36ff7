"""A place for an instance, with a space in its path, open to the account of the services."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import home


@contextlib.contextmanager
def a_place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="une maison ", ignore_cleanup_errors=True) as folder:
        yield home.settle(folder)


@pytest.fixture
def place() -> Iterator[Path]:
    with a_place() as place:
        yield place


@pytest.fixture(scope="session")
def lived_in() -> Iterator[Path]:
    """A place where a database may have been made already."""
    with a_place() as place:
        yield place
