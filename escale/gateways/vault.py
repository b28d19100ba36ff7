"""The store of every file received or made: content in, an anonymous key out; what lies there is sealed."""

import hashlib
import io
import itertools
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from escale.gateways import cipher
from escale.gateways.cipher import FRAME, SEALED_FRAME, Altered, Frames
from escale.gateways.keyring import Keyring, NoKey, is_medical
from escale.gateways.stores import NAME, Folder, Held, Missing, Store, Unavailable
from escale.gateways.turning import Turned, turned

__all__ = ["Altered", "Missing", "NoKey", "Stored", "Unavailable", "Vault", "store_at"]

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put: its key (32 hexadecimal digits), the SHA-256 of its content (64) and its size in bytes."""

    key: str
    sha256: str
    size: int


def store_at(address: str) -> Store:
    """Return the store at `folder:/path` or at an object store's address (see `Bucket`); raises ValueError."""
    if address.startswith("folder:"):
        return Folder(Path(address.removeprefix("folder:")))
    from escale.gateways.bucket import Bucket  # half a second and 40 MB that a folder does without

    return Bucket(address)


class Vault:
    """Sealed files under random keys; safe for many threads and processes at once.

    Every method raises OSError when the disk refuses, or Unavailable, which is one, when the object store does not
    answer: nothing is known then of the file. Reading raises besides Missing; Altered, when what is stored is not
    what was put under this key; NoKey, when this process does not hold the key.
    """

    def __init__(self, store: Store, keys: Keyring) -> None:
        self._store = store
        self._keys = keys

    def put(self, chunks: Iterable[bytes], *, medical: bool = False) -> Stored:
        """Keep a new file; once this returns, it survives a power cut, or the object store has answered for it.

        Raises what the chunks raise; then nothing is kept.
        """
        digest, size = hashlib.sha256(), 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        key, data_key = secrets.token_hex(16), cipher.data_key()
        head = self._keys.wrap(data_key, name=key, medical=medical)
        self._store.put(key, head, cipher.seal(data_key, measured()))
        return Stored(key, digest.hexdigest(), size)

    def open(self, key: str) -> BinaryIO:
        """Open a file for reading and seeking, once it is known to be as long as it was.

        What is read was authenticated before it is given; Altered may yet be raised by a later read.
        """
        held = self._store.open(_checked(key))
        try:
            content = _Content(held, Frames(self._keys.unwrap(held.head, name=key), held.size))
        except BaseException:
            held.close()
            raise
        return io.BufferedReader(content, FRAME)

    def chunks(self, key: str, size: int = 64 * 1024) -> Iterator[bytes]:
        """Yield the content of a file, `size` bytes at a time."""
        with self.open(key) as file:
            while chunk := file.read(size):
                yield chunk

    def digest(self, key: str) -> str:
        """Return the SHA-256 of the content that the store holds now, 64 hexadecimal digits."""
        digest = hashlib.sha256()
        for chunk in self.chunks(key, FRAME):
            digest.update(chunk)
        return digest.hexdigest()

    def is_medical(self, key: str) -> bool:
        """Tell whether a file was put for those alone who hold the medical keys."""
        return is_medical(self._store.head(_checked(key)))

    def delete(self, key: str) -> None:
        """Remove a file for good, its key with it; one that is already gone is no mistake: a purge can be run again."""
        self._store.delete(_checked(key))

    def sweep(self, known_keys: Callable[[list[str]], Iterable[str]], older_than: timedelta) -> list[str]:
        """Remove leftovers: writes cut short, and files that nobody knows; return the names removed.

        `known_keys` is asked with at most 1,000 keys at a time and answers those it knows. Nothing younger than
        `older_than` is touched: its owner may not have written its row yet.
        """
        written_before = time.time() - older_than.total_seconds()
        removed = self._store.clear_unfinished(written_before)
        for keys in _batches(self._store.names(written_before)):
            known = set(known_keys(keys))
            for key in keys:
                if key not in known:
                    self._store.delete(key)
                    removed.append(key)
        return removed

    def rewrap(self, threads: int = 8) -> Turned:
        """Wrap by the current keys every file that another key wraps, and leave its content alone.

        Files whose key is not held here are counted out of reach: medical ones, where the private half is not.
        May be cut short and run again at any time, while files come and go.
        """
        found = Turned()
        with ThreadPoolExecutor(threads) as pool:
            for keys in _batches(self._store.names(time.time())):
                found = sum(pool.map(self._rewrap, keys), found)
        return found

    def _rewrap(self, key: str) -> Turned:
        try:
            return turned(lambda: self._turn(key), name=key)
        except Missing:
            return Turned()

    def _turn(self, key: str) -> bool:
        head = self._store.head(key)
        if self._keys.is_current(head):
            return False
        data_key = self._keys.unwrap(head, name=key)
        self._store.change_head(key, self._keys.wrap(data_key, name=key, medical=is_medical(head)))
        return True


class _Content(io.RawIOBase):
    """The content of a sealed file, one frame in memory."""

    def __init__(self, held: Held, frames: Frames) -> None:
        self._held = held
        self._frames = frames
        self._position = 0
        self._number = -1
        self._frame = b""
        self._load(frames.last)  # the length of the file is true from here on

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._frames.size}[whence]
        if origin + offset < 0:
            raise ValueError("before the beginning")
        self._position = origin + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._position >= self._frames.size:
            return 0
        number, start = divmod(self._position, FRAME)
        self._load(number)
        given = memoryview(self._frame)[start : start + len(buffer)]
        buffer[: len(given)] = given
        self._position += len(given)
        return len(given)

    def close(self) -> None:
        if not self.closed:
            self._held.close()
        super().close()

    def _load(self, number: int) -> None:
        if number != self._number:
            self._frame = self._frames.open(number, self._held.read(number * SEALED_FRAME, SEALED_FRAME))
            self._number = number


def _checked(key: str) -> str:
    if not NAME.fullmatch(key):
        raise Missing(key)
    return key


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(itertools.islice(names, _BATCH)):
        yield batch
