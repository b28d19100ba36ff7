"""The pool of database connections, which a server that restarts leaves full of dead ones."""

from typing import Any

from django.db import connection
from psycopg import OperationalError
from psycopg_pool import ConnectionPool

_check = ConnectionPool.check_connection


def check(found: Any) -> None:
    """
    Raise if a connection is dead, and have new ones made in place of all that wait in the pool.

    Left to itself the pool hands out one dead connection after the other, with a longer pause before each: after four
    of them the visitor has waited ten seconds for nothing.
    """
    try:
        _check(found)
    except OperationalError:
        connection.pool.drain()  # type: ignore[attr-defined]
        raise


def watch() -> None:
    """Have every pool of this process check its connections so."""
    ConnectionPool.check_connection = staticmethod(check)  # type: ignore[assignment]
