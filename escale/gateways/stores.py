"""Where sealed files lie: a store keeps a small head and a content under a name, and knows nothing of what they say.

The head may be replaced, the content never is. Two stores: a local folder, here, and a bucket of an object store.
"""

import fcntl
import hashlib
import itertools
import os
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from escale.gateways import durable

NAME = re.compile(r"[0-9a-f]{32}")
HEAD_BYTES = 1_300
"""The longest head that every store takes; the metadata of an object hold 2 KB, in base64."""


class Missing(LookupError):
    """No file under this name."""


class Unavailable(OSError):
    """The store does not answer, or refuses: whether the file is there is not known. Ask again later."""


class Held(Protocol):
    """A file open for reading; close it."""

    head: bytes  # empty when it cannot be read
    size: int  # of the content, in bytes

    def read(self, offset: int, length: int) -> bytes:
        """Return at most `length` bytes of the content; raises OSError."""

    def close(self) -> None: ...


class Store(Protocol):
    """What the vault asks of a place; every method raises OSError, and Unavailable where the place is a neighbour."""

    def put(self, name: str, head: bytes, chunks: Iterable[bytes]) -> None:
        """Keep a new file, durable once this returns, or nothing at all; raises FileExistsError for a name taken."""

    def open(self, name: str) -> Held:
        """Open a file; raises Missing."""

    def head(self, name: str) -> bytes:
        """Return the head of a file, empty when it cannot be read; raises Missing."""

    def change_head(self, name: str, head: bytes) -> None:
        """Put another head in the place of the present one, of which nothing is left; raises Missing."""

    def delete(self, name: str) -> None:
        """Remove a file for good, its head first of all, if it is there."""

    def names(self, written_before: float) -> Iterator[str]:
        """Yield the names of the files put before a moment, in seconds since 1970, or not much later."""

    def clear_unfinished(self, written_before: float) -> list[str]:
        """Remove what puts cut short before a moment left behind; return what it was called."""


# A folder keeps the head at the start of the file, in one of two places, each on disk blocks of its own: another head
# is made durable in the free place before the present one is wiped, so that no crash leaves a file without either.
_PLACE = 4096
_START = 2 * _PLACE
_FRAMING = struct.Struct("!4sIH")  # mark, how many heads came before, length
_MARK = b"ESC1"
_SHARDS = [f"{number:02x}" for number in range(256)]


class Folder:
    """A local folder; safe for many threads and processes at once, also over NFS v4.

    Build one per process: it makes its folders and waits until they are durable.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for shard in _SHARDS:
            (folder / shard).mkdir(mode=0o700, exist_ok=True)
        durable.sync(folder)

    def put(self, name: str, head: bytes, chunks: Iterable[bytes]) -> None:
        durable.write(self._path(name), itertools.chain([_place(head, 0), bytes(_PLACE)], chunks))

    def open(self, name: str) -> "_HeldInFolder":
        return _HeldInFolder(self._descriptor(name, os.O_RDONLY))

    def head(self, name: str) -> bytes:
        with self._opened(name, os.O_RDONLY) as descriptor:
            return _present(descriptor)[1]

    def change_head(self, name: str, head: bytes) -> None:
        with self._opened(name, os.O_RDWR) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = os.fstat(descriptor)
            count, _ = _present(descriptor)
            _overwrite(descriptor, _place(head, count + 1), at=(count + 1) % 2)
            _overwrite(descriptor, bytes(_PLACE), at=count % 2)
            os.utime(descriptor, ns=(before.st_atime_ns, before.st_mtime_ns))

    def delete(self, name: str) -> None:
        with suppress(Missing), self._opened(name, os.O_RDWR) as descriptor:
            _overwrite(descriptor, bytes(_START), at=0)  # without its key, what the disk may keep of it says nothing
        path = self._path(name)
        path.unlink(missing_ok=True)
        durable.sync(path.parent)

    def names(self, written_before: float) -> Iterator[str]:
        for shard in _SHARDS:
            yield from (name for name in _old(self._folder / shard, written_before) if NAME.fullmatch(name))

    def clear_unfinished(self, written_before: float) -> list[str]:
        cleared = []
        for shard in _SHARDS:
            for name in _old(self._folder / shard, written_before):
                if name.endswith(durable.PART):
                    (self._folder / shard / name).unlink(missing_ok=True)
                    cleared.append(name)
        return cleared

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _descriptor(self, name: str, flags: int) -> int:
        path = self._path(name)
        try:
            return os.open(path, flags | os.O_CLOEXEC)
        except FileNotFoundError as error:
            if not path.parent.is_dir():  # the whole disk is away: not one file is known to be missing
                raise Unavailable(f"{path.parent} is not there") from error
            raise Missing(name) from error

    @contextmanager
    def _opened(self, name: str, flags: int) -> Iterator[int]:
        descriptor = self._descriptor(name, flags)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


class _HeldInFolder:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = max(0, os.fstat(descriptor).st_size - _START)
        self.head = _present(descriptor)[1]

    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._descriptor, length, _START + offset)

    def close(self) -> None:
        os.close(self._descriptor)


def _place(head: bytes, count: int) -> bytes:
    assert len(head) <= HEAD_BYTES
    framed = _FRAMING.pack(_MARK, count, len(head)) + head
    return (framed + hashlib.sha256(framed).digest()).ljust(_PLACE, b"\0")


def _present(descriptor: int) -> tuple[int, bytes]:
    """Return how many heads came before the present one, and that one; of two that are whole, the later."""
    found = (0, b"")
    for at in (0, 1):
        place = os.pread(descriptor, _PLACE, at * _PLACE).ljust(_PLACE, b"\0")
        mark, count, length = _FRAMING.unpack_from(place)
        end = _FRAMING.size + length
        if mark == _MARK and place[end : end + 32] == hashlib.sha256(place[:end]).digest():
            found = max(found, (count, place[_FRAMING.size : end]))
    return found


def _overwrite(descriptor: int, content: bytes, *, at: int) -> None:
    os.pwrite(descriptor, content, at * _PLACE)
    os.fdatasync(descriptor)


def _old(folder: Path, written_before: float) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.stat().st_mtime < written_before)
