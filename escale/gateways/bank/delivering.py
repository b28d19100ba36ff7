"""The two folders that are shared with the bank's line (SFTP, EBICS): what leaves by one, what comes by the other."""

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from escale.gateways import durable

_READY, _DELIVERED, _READ = ".ready", ".delivered", ".read"
_LONGEST_NAME = 255
"""In bytes."""
_UNFINISHED = frozenset({".part", ".filepart", ".tmp"})


def deliver(folder: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """Lay a file in the folder from which the bank takes its orders, once, whatever dies meanwhile; return its path.

    Delivered again, the same file is no mistake, and is not laid a second time, even when the bank has taken the first
    one away: a copy that stays beside the folder's own files, under `.delivered`, is the proof. It is made before
    the file shows, from one that then moves at a stroke: what still waits in `.ready` was never shown.

    Raises FileExistsError if other content already bears this name, ValueError if the name is a path.
    """
    if Path(name).name != name or not name or name.startswith("."):
        raise ValueError("the name of a file, not a path")
    shown, ready, proof = folder / name, folder / _READY / name, folder / _DELIVERED / name
    for place in (folder, ready.parent, proof.parent):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    if proof.exists():
        for chunk in chunks:
            digest.update(chunk)
        if _digest(proof) != digest.digest():
            raise FileExistsError(name)
    else:
        if shown.exists():
            raise FileExistsError(name)
        durable.replace(ready, chunks)
        os.link(ready, proof)
        durable.sync(proof.parent)
    if ready.exists():
        os.rename(ready, shown)
        durable.sync(folder)
        durable.sync(ready.parent)
    return shown


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
