"""Files that are there whole or not at all, whatever happens to the machine."""

import glob
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

PART = ".part"


def write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a new file, for its owner only (0600), that survives a power cut once this returns.

    Raises FileExistsError, and leaves the old file alone, if the path is taken; OSError if the disk refuses.
    A process killed meanwhile leaves only a hidden `.*.part` file beside the path, which `sweep` takes away.
    """
    _write(path, chunks, os.link)  # unlike a rename, the kernel refuses a name that is taken


def replace(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file as `write` does, in the place of the one that may be there: a reader sees one or the other."""
    _write(path, chunks, os.rename)


def _write(path: Path, chunks: Iterable[bytes], name: Callable[[Path, Path], None]) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        for chunk in chunks:
            _write_all(descriptor, chunk)
        os.fsync(descriptor)
        name(part, path)
    finally:
        os.close(descriptor)
        part.unlink(missing_ok=True)
    sync(path.parent)


def sweep(path: Path) -> None:
    """Take away what those who were killed while they wrote this file left beside it; whoever still writes it fails."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*{PART}"):
        part.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
