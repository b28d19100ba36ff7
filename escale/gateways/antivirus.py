"""ClamAV: tells whether a file is safe, and never guesses."""

import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

_CHUNK = 128 * 1024
_LONGEST_ANSWER = 64 * 1024


class Unavailable(Exception):
    """The scanner gave no verdict: absent, too slow, in error or over its own limits. Ask again later."""


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"  # protected, broken or too complex: nobody can tell, now or later


@dataclass(frozen=True, slots=True)
class Scan:
    """A verdict, the name of what was found (else empty), and which engine and signatures said so."""

    verdict: Verdict
    name: str
    signatures: str


class Antivirus:
    """A clamd at `unix:/path/to.sock` or `host:port`, spoken to in its INSTREAM protocol.

    The time-out, in seconds, holds for each exchange: clamd is silent while it reloads its signatures.
    """

    def __init__(self, address: str, timeout: float = 120) -> None:
        self._address = address
        self._timeout = timeout

    def scan(self, stream: BinaryIO) -> Scan:
        """Scan a stream from where it stands to its end; raises Unavailable."""
        signatures = self.version()
        with self._connection() as clamd:
            _send(clamd, b"zINSTREAM\0")
            while (chunk := stream.read(_CHUNK)) and _send(clamd, struct.pack("!I", len(chunk)) + chunk):
                pass
            _send(clamd, struct.pack("!I", 0))
            verdict, name = _reading(_answer(clamd))
        return Scan(verdict, name, signatures)

    def version(self) -> str:
        """Return the engine, and the signatures' number and date if any; raises Unavailable.

        `ClamAV 1.4.6/27500/Thu Nov 20 09:26:00 2026`, or `ClamAV 1.4.6` alone without official signatures.
        """
        with self._connection() as clamd:
            _send(clamd, b"zVERSION\0")
            answer = _answer(clamd)
        if not answer.startswith("ClamAV "):
            raise Unavailable(answer)
        return answer

    def _connection(self) -> socket.socket:
        try:
            if not self._address.startswith("unix:"):
                host, _, port = self._address.rpartition(":")
                return socket.create_connection((host.strip("[]"), int(port)), timeout=self._timeout)
            clamd = socket.socket(socket.AF_UNIX)
            try:
                clamd.settimeout(self._timeout)
                clamd.connect(self._address.removeprefix("unix:"))
            except OSError:
                clamd.close()
                raise
            return clamd
        except (OSError, ValueError) as error:  # an address that is empty or wrong is no scanner either
            raise Unavailable(f"{self._address}: {error}") from error


def _send(clamd: socket.socket, message: bytes) -> bool:
    """Tell whether clamd still listens: over its size limit it answers, then hangs up."""
    try:
        clamd.sendall(message)
    except (BrokenPipeError, ConnectionResetError):
        return False
    except OSError as error:
        raise Unavailable(str(error)) from error
    return True


def _answer(clamd: socket.socket) -> str:
    answer = b""
    try:
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            received = clamd.recv(4096)
            if not received:
                raise Unavailable(f"cut short: {answer!r}")
            answer += received
    except OSError as error:
        raise Unavailable(str(error)) from error
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def _reading(answer: str) -> tuple[Verdict, str]:
    if answer == "stream: OK":
        return Verdict.CLEAN, ""
    if not (answer.startswith("stream: ") and answer.endswith(" FOUND")):
        raise Unavailable(answer)
    name = answer.removeprefix("stream: ").removesuffix(" FOUND")
    # clamd's heuristics say why it could not look inside, not that it saw a virus
    return (Verdict.UNSCANNABLE if name.startswith("Heuristics.") else Verdict.INFECTED), name
