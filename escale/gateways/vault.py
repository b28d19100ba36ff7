"""The store of every file received or made: content in, an anonymous key out."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from escale.gateways import durable

_KEY = re.compile(r"[0-9a-f]{32}")
_SHARDS = [f"{number:02x}" for number in range(256)]
_BATCH = 1000


class Missing(LookupError):
    """No file under this key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put: its key (32 hexadecimal digits), its SHA-256 (64) and its size in bytes."""

    key: str
    sha256: str
    size: int


class Vault:
    """Files in a local folder, under random keys; safe for many threads and processes at once.

    Build one per process: it makes its folders and waits until they are durable.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for shard in _SHARDS:
            (folder / shard).mkdir(mode=0o700, exist_ok=True)
        durable.sync(folder)

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Keep a new file; once this returns, it survives a power cut.

        Raises OSError if the disk refuses, or what the chunks raise; then nothing is kept.
        """
        digest, size = hashlib.sha256(), 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        key = secrets.token_hex(16)
        durable.write(self._path(key), measured())
        return Stored(key, digest.hexdigest(), size)

    def open(self, key: str) -> BinaryIO:
        """Open a file for reading; raises Missing."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as error:
            raise Missing(key) from error

    def chunks(self, key: str, size: int = 64 * 1024) -> Iterator[bytes]:
        """Yield the content of a file, `size` bytes at a time; raises Missing."""
        with self.open(key) as file:
            while chunk := file.read(size):
                yield chunk

    def digest(self, key: str) -> str:
        """Return the SHA-256 of what the disk holds now, 64 hexadecimal digits; raises Missing."""
        digest = hashlib.sha256()
        for chunk in self.chunks(key, 1024 * 1024):
            digest.update(chunk)
        return digest.hexdigest()

    def delete(self, key: str) -> None:
        """Remove a file for good; one that is already gone is no mistake, so that a purge can be run again."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        durable.sync(path.parent)

    def sweep(self, known_keys: Callable[[list[str]], Iterable[str]], older_than: timedelta) -> list[str]:
        """Remove leftovers: writes cut short, and files that nobody knows; return the names removed.

        `known_keys` is asked with at most 1,000 keys at a time and answers those it knows. Nothing younger than
        `older_than` is touched: its owner may not have written its row yet.
        """
        written_before = time.time() - older_than.total_seconds()
        removed: list[str] = []
        for shard in _SHARDS:
            old = _names(self._folder / shard, written_before)
            keys = [name for name in old if _KEY.fullmatch(name)]
            known: set[str] = set()
            for start in range(0, len(keys), _BATCH):
                known.update(known_keys(keys[start : start + _BATCH]))
            for name in old:
                if name.endswith(durable.PART) or (_KEY.fullmatch(name) and name not in known):
                    (self._folder / shard / name).unlink(missing_ok=True)
                    removed.append(name)
        return removed

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise Missing(key)
        return self._folder / key[:2] / key


def _names(folder: Path, written_before: float) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.stat().st_mtime < written_before)
