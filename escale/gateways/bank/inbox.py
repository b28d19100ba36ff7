"""The folder by which the bank answers, shared with its line (SFTP, EBICS); what leaves goes by the outbox."""

import hashlib
import os
import time
from pathlib import Path

from escale.gateways import durable

_READ = ".read"
_LONGEST_NAME = 255
"""In bytes."""
_UNFINISHED = frozenset({".part", ".filepart", ".tmp"})


def collect(folder: Path, *, quiet_seconds: float = 60) -> list[Path]:
    """Return the files that the bank laid in a folder, the oldest first; none that somebody may still be writing.

    Such a file is hidden, or is named as one that is not finished, or changed within the last `quiet_seconds`.
    """
    if not folder.is_dir():
        return []
    latest = time.time() - quiet_seconds
    whole = [path for path in folder.iterdir() if path.is_file() and not _is_unfinished(path)]
    return sorted((path for path in whole if _changed(path) <= latest), key=lambda path: (_changed(path), path.name))


def put_away(path: Path, *, sha256: str) -> None:
    """Move a file that was read beside those that were, in `.read`, under its name and its digest.

    Unless it is no longer the file of this digest: the bank laid another under its name meanwhile, that is yet to read.
    """
    if _digest(path).hex() != sha256:
        return
    place = path.parent / _READ
    place.mkdir(mode=0o700, exist_ok=True)
    os.rename(path, place / _name_once_read(path, sha256))
    durable.sync(place)
    durable.sync(path.parent)


def _name_once_read(path: Path, sha256: str) -> str:
    """Return the name of a file with its digest, cut to what a folder takes."""
    end = os.fsencode(f".{sha256[:16]}{path.suffix}")
    return os.fsdecode(os.fsencode(path.stem)[: _LONGEST_NAME - len(end)] + end)


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix.lower() in _UNFINISHED


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
