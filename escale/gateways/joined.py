"""Several files read as the one that they make together."""

import io
import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

_BUFFER = 64 * 1024


@contextmanager
def joined(sizes: Sequence[int], opened: Callable[[int], BinaryIO]) -> Iterator[BinaryIO]:
    """Give one stream to read and seek in, made of files of these sizes, in bytes, of which one at a time is open.

    `opened` gives the file of a rank; what it raises, reading raises. OSError where a file is shorter than was said.
    """
    whole = _Joined(sizes, opened)
    try:
        yield io.BufferedReader(whole, _BUFFER)
    finally:
        whole.close()


class _Joined(io.RawIOBase):
    def __init__(self, sizes: Sequence[int], opened: Callable[[int], BinaryIO]) -> None:
        self._starts = [0, *itertools.accumulate(sizes)]
        self._opened = opened
        self._position = 0
        self._rank = -1
        self._file: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._starts[-1]}[whence]
        if origin + offset < 0:
            raise ValueError("before the beginning")
        self._position = origin + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._position >= self._starts[-1]:
            return 0
        rank = bisect_right(self._starts, self._position) - 1
        file = self._turn_to(rank)
        file.seek(self._position - self._starts[rank])
        given = file.read(min(len(buffer), self._starts[rank + 1] - self._position))
        if not given:
            raise OSError("shorter than was said")
        buffer[: len(given)] = given
        self._position += len(given)
        return len(given)

    def close(self) -> None:
        if self._file:
            self._file.close()
        super().close()

    def _turn_to(self, rank: int) -> BinaryIO:
        if self._file is None or rank != self._rank:
            if self._file:
                self._file.close()
            self._file, self._rank = self._opened(rank), rank
        return self._file
