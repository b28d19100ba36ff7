"""`make run`, whole: opened, killed, opened again, told to stop."""

import http.client
import os
import re
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


def answer_of(port: int, path: str) -> tuple[int, str | None]:
    line = http.client.HTTPConnection("localhost", port, timeout=10)
    line.request("GET", path)
    answer = line.getresponse()
    line.close()
    return answer.status, answer.getheader("Location")


def left_of(place: Path) -> dict[str, str]:
    """Return the processes that still belong to an instance: what each was started with, and its environment."""
    mark = f"{children.MARK}={place}".encode()
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environ, command = ((entry / part).read_bytes().replace(b"\0", b"\n") for part in ("environ", "cmdline"))
            if mark in environ or str(place) in os.readlink(entry / "cwd"):
                found[f"{entry.name} {command.decode()}"] = environ.decode()
        except OSError:
            continue
    return found


def told_of_medical_keys(processes: dict[str, str]) -> set[str]:
    """Return which processes are told where the medical keys are: by the port they serve, or as worker."""
    return {
        port[1] if (port := re.search(r"--port\n(\d+)", command)) else "worker"
        for command, environ in processes.items()
        if "ESCALE_VAULT_MEDICAL_KEYS=" in environ
    }


@pytest.mark.timeout(300)
def test_the_counter_opens_again_after_kill_9_and_closes_without_a_trace(place: Path) -> None:
    port = ports.kept(place / "web-port")
    launcher, said = open_counter(place, port)
    assert f"http://localhost:{port}" in said
    assert "un-mot-d-essai" in said
    [medical_port] = map(int, re.findall(r"à leur guichet, à part : http://localhost:(\d+)", said))
    assert answer_of(port, "/") == (200, None)
    assert answer_of(medical_port, "/etat/") == (200, None)
    assert answer_of(port, "/gestion/medical/") == (302, f"http://localhost:{medical_port}/gestion/medical/")
    assert answer_of(medical_port, "/mon-compte/") == (302, f"http://localhost:{port}/mon-compte/")
    assert told_of_medical_keys(left_of(place)) == {str(medical_port), "worker"}
    keys = {file: file.read_bytes() for file in (place / "vault-keys", place / "vault-medical-keys")}
    assert {file.stat().st_mode & 0o777 for file in keys} == {0o600}
    launcher.kill()
    launcher.communicate()

    launcher, _ = open_counter(place, port)
    assert answer_of(port, "/") == (200, None)
    assert {file: file.read_bytes() for file in keys} == keys
    launcher.send_signal(signal.SIGTERM)
    last, _ = launcher.communicate(timeout=60)
    assert launcher.returncode == 0
    assert last.endswith("Tout est arrêté, rien n'est perdu.\n")
    until = time.monotonic() + 30
    while left_of(place) and time.monotonic() < until:
        time.sleep(0.1)
    assert left_of(place) == {}
