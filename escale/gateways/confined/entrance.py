"""The way in and out of the confined process: what is asked and the file come in, a few words of JSON go out."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

_MEMORY = 768 * 1024 * 1024
_CPU_SECONDS = 30
_MOST_FILES = 32


class Unreadable(Exception):
    """The file is refused, under this code."""


def main() -> None:
    """Do what the first line of the standard input asks with the file that follows it; print the answer."""
    asked = json.loads(sys.stdin.buffer.readline())
    _confine(asked)
    try:
        answer = _done(asked, sys.stdin.buffer.read())
    except Unreadable as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "too_complex"}
    sys.stdout.write(json.dumps(answer | {"memory": _peak()}))


def _done(asked: dict[str, Any], content: bytes) -> dict[str, Any]:
    folder = Path(asked["folder"])
    if asked.get("reading"):
        from escale.gateways.confined import reading

        return reading.read(content, asked["kind"], folder, asked["limits"], asked["reading"])
    if asked["kind"] != "application/pdf":
        from escale.gateways.confined import pictures

        return pictures.inspect(content, asked["kind"], folder, asked["limits"])
    from escale.gateways.confined import pdfs

    if asked["password"] is not None:
        return pdfs.unlock(content, asked["password"], folder)
    return pdfs.inspect(content, folder, asked["limits"])


def _peak() -> int:
    """Return the most memory held, in bytes; what the system tells the parent counts the parent's own at the start."""
    try:
        told = Path("/proc/self/status").read_text()
        return int(told.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):  # no Linux
        return 0


def _confine(asked: dict[str, Any]) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, asked.get("memory", _MEMORY)),
        (resource.RLIMIT_CPU, asked.get("cpu_seconds", _CPU_SECONDS)),
        (resource.RLIMIT_FSIZE, asked["largest_output"]),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
