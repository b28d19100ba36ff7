"""What we start: it starts again when it dies, and none of it is left."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from launcher import children
from launcher.children import MARK, Child

# A server with a worker of its own, which would outlive it.
SERVER = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"


def server(place: Path) -> Child:
    return Child("Le serveur", [sys.executable, "-c", SERVER], place / "logs" / "server.log", {MARK: str(place)})


def worker_of(child: Child) -> int:
    """Wait until the server says its worker's number."""
    until = time.monotonic() + 10
    while not (said := child.log.read_text()).endswith("\n"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return int(said.split()[-1])


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(pid: int) -> bool:
    """Tell whether a process ends soon: a signal takes a moment to arrive."""
    until = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_child_that_dies_is_started_again_and_its_workers_are_gone(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = server(place)
    child.start()
    worker = worker_of(child)
    child.process.kill()
    child.process.wait()
    children.revive(child)
    assert ends(worker)
    assert "Le serveur s'est arrêté" in capsys.readouterr().out
    time.sleep(child.pause)
    children.revive(child)
    assert child.alive
    child.stop()


def test_each_new_death_makes_a_longer_pause(place: Path) -> None:
    child = Child("Le serveur", ["false"], place / "logs" / "server.log", {})
    pauses = []
    for _ in range(3):
        child.started_at = -children.LONGEST_PAUSE
        children.revive(child)
        child.process.wait()
        children.revive(child)
        pauses.append(child.pause)
    assert pauses == [1.0, 2.0, 4.0]


def test_a_child_that_will_not_end_is_killed(place: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    )
    child = Child("Le têtu", [sys.executable, "-c", stubborn], place / "logs" / "stubborn.log", {})
    child.start()
    worker_of(child)
    child.stop(patience=0.1)
    assert not child.alive


def test_what_a_killed_launcher_left_is_swept(place: Path) -> None:
    child = server(place)
    child.start()
    worker = worker_of(child)
    children.sweep(place / "elsewhere")
    assert is_alive(worker)
    children.sweep(place)
    assert child.process.wait() == -signal.SIGKILL
    assert ends(worker)
    assert is_alive(os.getpid())
