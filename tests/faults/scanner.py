"""What is seen of the scanner from outside: which bytes it declared clean, and words that it never said."""

import hashlib
import struct
import threading

from tests.faults.proxy import Cut, Line, Rule, Way

_SCAN = b"zINSTREAM\0"

WORDS = (
    b"INSTREAM size limit exceeded. ERROR\0",
    b"COMMAND READ TIMED OUT\0",
    b"stream: Can't allocate memory ERROR\0",
    b"",  # it hangs up without a word
    b"stream: O",  # it hangs up in the middle of the best of news
)


class Witness:
    """Reads what goes to clamd and what it answers; keeps the SHA-256 of all that it declared clean."""

    def __init__(self) -> None:
        self.clean: set[str] = set()

    def __call__(self, line: Line, way: Way, chunk: bytes) -> bytes:
        if way is Way.UP:
            self._hear(line, chunk)
        elif chunk.startswith(b"stream: OK"):
            told = line.notes["told"]
            assert isinstance(told, bytearray)
            self.clean.add(_digest(bytes(told)))
        return chunk

    def _hear(self, line: Line, chunk: bytes) -> None:
        told = line.notes.setdefault("told", bytearray())
        assert isinstance(told, bytearray)
        told += chunk


def _digest(told: bytes) -> str:
    """Return the SHA-256 of a file sent by INSTREAM: pieces, each after its length, until one of no length."""
    digest, at = hashlib.sha256(), len(_SCAN)
    while length := struct.unpack_from("!I", told, at)[0]:
        digest.update(told[at + 4 : at + 4 + length])
        at += 4 + length
    return digest.hexdigest()


def answer(words: bytes) -> Rule:
    """Have the scanner answer so to every file, whatever it holds; the file itself never reaches it."""

    def say(line: Line, way: Way, chunk: bytes) -> bytes:
        if way is Way.UP and chunk.startswith(_SCAN):
            line.notes["answered"] = True
            line.near.sendall(words)
            if not words.endswith(b"\0"):
                raise Cut
        return b"" if way is Way.UP and "answered" in line.notes else chunk

    return say


def stop_before(reached: threading.Event, over: threading.Event) -> Rule:
    """Hold the first scan at its first byte, and tell that it has begun."""

    def wait(line: Line, way: Way, chunk: bytes) -> bytes:
        if way is Way.UP and chunk.startswith(_SCAN):
            reached.set()
            over.wait()
        return chunk

    return wait
