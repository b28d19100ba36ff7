"""The schemas of ISO 20022 that our files are held against: those that two packages carry, of which nothing is run."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from launcher.home import CHECKOUT

LOCK = Path(__file__).with_name("schemas.lock")
WHERE = {
    "pain.001": "pain001/templates/{message}/{message}.xsd",
    "pain.002": "pain001/pain002/schemas/{message}.xsd",
    "camt.053": "camt053/xsd/{message}.xsd",
    "camt.054": "camt053/xsd/{message}.xsd",
}


@cache
def schema(message: str) -> Any:
    """Return the schema of a message in one version (`camt.054.001.08`)."""
    return etree.XMLSchema(file=str(installed() / WHERE[message[:8]].format(message=message)))


def check(content: bytes, message: str) -> None:
    """Fail with what the schema says, unless the content is a valid message."""
    schema(message).assertValid(etree.fromstring(content))


def installed() -> Path:
    """Return a folder with the packages, taken once, without what they would run on."""
    room = CHECKOUT / ".cache" / f"iso20022-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    room.parent.mkdir(exist_ok=True)
    with room.with_suffix(".lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        if not room.exists():
            taking = room.with_suffix(".part")
            shutil.rmtree(taking, ignore_errors=True)
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--require-hashes"]
            done = subprocess.run(
                [*pip, "--target", str(taking), "-r", str(LOCK)], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"the packages are out of reach:\n{done.stderr}"
            taking.rename(room)
    return room
