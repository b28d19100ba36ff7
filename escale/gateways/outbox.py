"""A folder from which a neighbour takes files (SFTP, EBICS, a mounted share): each is laid there once."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from escale.gateways import durable

_READY, _DELIVERED = ".ready", ".delivered"


def deliver(folder: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """Lay a file in the folder from which a neighbour takes them, once, whatever dies meanwhile; return its path.

    Delivered again, the same file is no mistake, and is not laid a second time, even when it was taken away: its
    SHA-256, which stays beside the folder's own files, under `.delivered`, is the proof. Nothing else of it stays.

    Raises FileExistsError if other content already bears this name, or if it was given up; ValueError if the name is a
    path.
    """
    make_ready(folder, name, chunks)
    return show(folder, name)


def make_ready(folder: Path, name: str, chunks: Iterable[bytes]) -> None:
    """Write a file beside the folder, where the neighbour does not look: all that is long, and nothing that is told.

    Raises as `deliver` does.
    """
    shown, ready, proof = _places(folder, name)
    for place in (folder, ready.parent, proof.parent):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if proof.exists():
        if _digest(chunks) != proof.read_bytes():
            raise FileExistsError(name)
    elif shown.exists():
        raise FileExistsError(name)
    else:
        durable.sweep(ready)
        durable.replace(ready, chunks)


def show(folder: Path, name: str) -> Path:
    """Have a file that is ready show, at a stroke, unless it did; return its path.

    The proof is made before: what still waits in `.ready` was never shown. Raises OSError if it was given up.
    """
    shown, ready, proof = _places(folder, name)
    if not was_shown(folder, name):
        if not proof.exists():
            with ready.open("rb") as file:
                digest = _digest(file)
            durable.write(proof, [digest])
        elif _is_given_up(proof):
            raise FileExistsError(name)
        os.rename(ready, shown)  # whoever gave it up meanwhile took it away
        durable.sync(folder)
        durable.sync(ready.parent)
    return shown


def was_shown(folder: Path, name: str) -> bool:
    """Tell whether a file was delivered, be it by somebody who died before saying so; nobody must deliver it now."""
    _shown, ready, proof = _places(folder, name)
    return proof.exists() and not _is_given_up(proof) and not ready.exists()


def was_given_up(folder: Path, name: str) -> bool:
    """Tell whether a file was given up: it never shows."""
    _shown, _ready, proof = _places(folder, name)
    return proof.exists() and _is_given_up(proof)


def give_up(folder: Path, name: str) -> None:
    """Have a file that was not shown never be, not even by a delivery that was stopped in the middle and goes on now.

    An empty proof says so, which no delivery takes for its own. Raises FileExistsError if it was shown: then it left.
    """
    _shown, ready, proof = _places(folder, name)
    proof.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        durable.write(proof, [])
    except FileExistsError:
        if was_shown(folder, name):
            raise
        if not _is_given_up(proof):
            _take_back(ready)
            durable.replace(proof, [])
    ready.unlink(missing_ok=True)
    durable.sweep(ready)


def delivered(folder: Path) -> set[str]:
    """Return the names of all the files that were shown in a folder, or were about to be."""
    proofs = folder / _DELIVERED
    return {path.name for path in proofs.iterdir() if not _is_given_up(path)} if proofs.is_dir() else set()


def _take_back(ready: Path) -> None:
    """Take away what is ready and has its proof; whoever delivers it takes it away too, and one of both fails."""
    try:
        ready.unlink()
    except FileNotFoundError as shown:
        raise FileExistsError(ready.name) from shown


def _is_given_up(proof: Path) -> bool:
    return proof.stat().st_size == 0


def _places(folder: Path, name: str) -> tuple[Path, Path, Path]:
    """Return where a file shows, where it waits, and where the proof stays."""
    if Path(name).name != name or not name or name.startswith("."):
        raise ValueError("the name of a file, not a path")
    return folder / name, folder / _READY / name, folder / _DELIVERED / name


def _digest(chunks: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest().encode()
