"""PostgreSQL restarts while the house is at rest: the next visitor is answered at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

VISITORS = 8


@pytest.mark.django_db(transaction=True)
def test_a_pool_full_of_dead_connections_answers_the_next_visitor_at_once():
    together = threading.Barrier(VISITORS)

    def ask(_visitor: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            together.wait()
        connection.close()

    with ThreadPoolExecutor(VISITORS) as pool:
        list(pool.map(ask, range(VISITORS)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        [ended] = cursor.fetchone()
    assert ended >= VISITORS - 1  # one of them is now the connection of this test

    together = threading.Barrier(1)
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(ask, [0]))
    assert time.monotonic() - began < 5
