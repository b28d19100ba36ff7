"""The hand of somebody who owns the database and means harm."""

from collections.abc import Callable

import pytest
from django.db import connection

TABLES = ("journal_entry", "journal_block")


@pytest.fixture
def tamper(db: None) -> Callable[..., None]:
    """Run a statement on the journal with its guards taken away, then put them back."""

    def tamper(statement: str, *values: object) -> None:
        connection.check_constraints()  # a table with checks still to be made cannot be altered
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, values)
            connection.check_constraints()
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return tamper
