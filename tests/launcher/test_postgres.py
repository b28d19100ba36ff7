"""Our PostgreSQL: real servers, really killed."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from launcher import account, environment, home, postgres
from launcher.children import Child
from launcher.screen import Step

Opened = Callable[[Path], tuple[postgres.Cluster, Child]]

LAUNCHER = """
import sys, time
from pathlib import Path
from tests.launcher.test_postgres import start
start(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(60)
"""


def start(place: Path) -> tuple[postgres.Cluster, Child]:
    """Start a server as `make run` does."""
    cluster = postgres.prepare(place / "postgres", environment.VENV)
    postgres.quiet(cluster)
    server = postgres.child(cluster, place / "logs" / "postgres.log")
    server.start()
    with Step(1, of=1, what="PostgreSQL") as step:
        server.wait_until(lambda: postgres.is_ready(cluster), step=step)
    return cluster, server


@pytest.fixture
def opened() -> Iterator[Opened]:
    servers = []

    def open_(place: Path) -> tuple[postgres.Cluster, Child]:
        cluster, server = start(place)
        servers.append(server)
        return cluster, server

    yield open_
    for server in servers:
        server.stop()


def test_the_server_speaks_unicode_to_a_role_that_is_not_superuser(lived_in: Path, opened: Opened) -> None:
    cluster, _ = opened(lived_in)
    with psycopg.connect(cluster.url) as connection:
        found = connection.execute(
            "SELECT current_user, rolsuper, upper('é'), current_setting('server_encoding'), current_setting('fsync') "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert found == ("escale", False, "É", "UTF8", "on")


def test_nobody_enters_without_the_password(lived_in: Path, opened: Opened) -> None:
    cluster, _ = opened(lived_in)
    for name in ("escale", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="authentication"):
            psycopg.connect(f"host=127.0.0.1 port={cluster.port} user={name} dbname=postgres password=x")


def test_two_instances_stand_side_by_side(place: Path, opened: Opened) -> None:
    first, _ = opened(home.settle(str(place / "une")))
    second, _ = opened(home.settle(str(place / "deux")))
    for cluster in (first, second):
        with psycopg.connect(cluster.url) as connection:
            connection.execute("CREATE TABLE here (id int)")
    assert first.port != second.port


def test_what_was_committed_is_there_after_kill_9(lived_in: Path, opened: Opened) -> None:
    cluster, server = opened(lived_in)
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        server.process.kill()
        server.process.wait()
    again, _ = opened(lived_in)
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    assert again.url == cluster.url


def test_no_server_is_left_when_its_launcher_is_killed(lived_in: Path, opened: Opened) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(lived_in)], stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert any(line == "ready\n" for line in launcher.stdout)
        assert postgres.processes_in(lived_in / "postgres" / "data")
        launcher.kill()
    until = time.monotonic() + 30
    while postgres.processes_in(lived_in / "postgres" / "data"):
        assert time.monotonic() < until
        time.sleep(0.05)
    opened(lived_in)


def test_a_server_left_alone_is_stopped_before_another_starts(lived_in: Path, opened: Opened) -> None:
    cluster, left = opened(lived_in)
    postgres.quiet(cluster)
    assert left.process.wait(1) == 0
    opened(lived_in)


def test_a_stranger_with_the_number_of_a_dead_server_does_not_bar_the_way(lived_in: Path, opened: Opened) -> None:
    cluster, server = opened(lived_in)
    server_pid = server.process.pid
    server.process.kill()
    server.process.wait()
    pid_file = cluster.data / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], **account.dropped()) as stranger:
        pid_file.write_text(pid_file.read_text().replace(str(server_pid), str(stranger.pid), 1))
        opened(lived_in)
        assert stranger.poll() is None
        stranger.kill()


def test_a_database_half_made_is_made_anew(place: Path, opened: Opened) -> None:
    half = account.lodge(place / "postgres") / "data.new"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    opened(place)
    assert not half.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes account")
def test_root_lodges_the_server_where_nobody_may_enter(
    place: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "ELSEWHERE", place / "ailleurs")
    closed = place / "root"
    closed.mkdir(mode=0o700)
    cluster, server = opened(home.settle(str(closed / "escale")))
    assert cluster.data.is_relative_to(place / "ailleurs")
    assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
    server.stop()
    assert opened(closed / "escale")[0].url == cluster.url


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes account")
def test_programs_in_a_closed_folder_are_copied(place: Path) -> None:
    closed = place / "root"
    closed.mkdir(mode=0o700)
    binaries = postgres.wheel_binaries(environment.VENV)
    for part in (binaries.parent, binaries.parents[2] / f"{postgres.WHEEL}.libs"):
        shutil.copytree(part, closed / part.relative_to(binaries.parents[2]))
    wheel = closed / binaries.relative_to(binaries.parents[2])
    room = account.lodge(place / "postgres")
    copy = postgres.runnable(wheel, room)
    assert copy.is_relative_to(room)
    assert postgres.runnable(wheel, room) == copy
    assert account.allowed(copy / "initdb", "--version")
