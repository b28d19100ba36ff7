"""`make run`, whole: opened, killed, opened again, told to stop."""

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import children, home, ports

AS_IF_ALONE = (
    "DATABASE_URL", "ESCALE_CLAMD", "ESCALE_SECRET_KEY", "ESCALE_VAULT_KEYS", "ESCALE_VAULT_MEDICAL_KEYS",
    "MAKELEVEL", children.MARK,
)  # fmt: skip


def open_counter(place: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    """Run the launcher until it says that the counter is open; return it with all that it said."""
    environ = {name: value for name, value in os.environ.items() if name not in AS_IF_ALONE}
    launcher = subprocess.Popen(
        [sys.executable, "-m", "launcher.run"],
        cwd=home.CHECKOUT,
        env=environ | {"ESCALE_HOME": str(place), "ESCALE_PORT": str(port), "ESCALE_DEMO_PASSWORD": "un-mot-d-essai"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    for line in launcher.stdout:
        said += line
        if "Ctrl-C" in line:
            return launcher, said
    pytest.fail(said)


def status_of(port: int, path: str) -> int:
    line = http.client.HTTPConnection("localhost", port, timeout=10)
    line.request("GET", path)
    status = line.getresponse().status
    line.close()
    return status


def left_of(place: Path) -> list[str]:
    """Return the processes that still belong to an instance."""
    mark = f"{children.MARK}={place}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes() or str(place) in os.readlink(entry / "cwd"):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.mark.timeout(300)
def test_the_counter_opens_again_after_kill_9_and_closes_without_a_trace(place: Path) -> None:
    port = ports.kept(place / "web-port")
    launcher, said = open_counter(place, port)
    assert f"http://localhost:{port}" in said
    assert "un-mot-d-essai" in said
    assert status_of(port, "/") == 200
    keys = {file: file.read_bytes() for file in (place / "vault-keys", place / "vault-medical-keys")}
    assert {file.stat().st_mode & 0o777 for file in keys} == {0o600}
    launcher.kill()
    launcher.communicate()

    launcher, _ = open_counter(place, port)
    assert status_of(port, "/") == 200
    assert {file: file.read_bytes() for file in keys} == keys
    launcher.send_signal(signal.SIGTERM)
    last, _ = launcher.communicate(timeout=60)
    assert launcher.returncode == 0
    assert last.endswith("Tout est arrêté, rien n'est perdu.\n")
    until = time.monotonic() + 5
    while left_of(place) and time.monotonic() < until:
        time.sleep(0.1)
    assert left_of(place) == []
