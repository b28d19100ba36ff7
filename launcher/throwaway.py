"""A house that exists for the time of a command: own home, database and secrets, thrown away after."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from launcher import children, environment, ground, home
from launcher.children import Child
from launcher.screen import Step

IN_MEMORY = Path("/dev/shm")
ROOM = 8 * 1024**3
"""Bytes that what lives in memory may take before there is none left for the rest; tests take a tenth of it."""


def lodging(*, durable: bool) -> Path | None:
    """Return where such a house is the quickest: in memory, if nothing of it has to last and there is room; or None."""
    with contextlib.suppress(OSError):
        there = os.statvfs(IN_MEMORY)
        if not durable and there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC:
            return IN_MEMORY
    return None


@contextlib.contextmanager
def house(*, durable: bool) -> Iterator[dict[str, str]]:
    """Give the environment variables of a house that lives inside the `with` only."""
    family: list[Child] = []
    lodged = lodging(durable=durable)
    with tempfile.TemporaryDirectory(prefix="escale-", dir=lodged, ignore_cleanup_errors=True) as folder:
        place = home.settle(folder)
        environ = ground.prepare(place) | {"ESCALE_SECRET_KEY": secrets.token_urlsafe(48)}
        environ["PYTHONDONTWRITEBYTECODE"] = ""  # dozens of processes read the same code
        if lodged:
            (place / "tmp").mkdir()
            environ["TMPDIR"] = str(place / "tmp")
        try:
            with Step(1, of=1, what="PostgreSQL") as step:
                environ |= ground.database(place, family, step, durable=durable)
                environ |= ground.vault_keys(place, environ, step)
            yield environ
        finally:
            children.stop(family)
            shutil.rmtree((place / "postgres").resolve(), ignore_errors=True)  # it may be lodged elsewhere


def play(module: str, arguments: Sequence[str], environ: dict[str, str]) -> int:
    """Run a Python module in such a house; return its exit code."""
    command: list[str | Path] = [environment.PYTHON, "-m", module, *arguments]
    ends = children.ends_with_us(signal.SIGTERM)
    return subprocess.run(command, env=environ, check=False, preexec_fn=ends).returncode
