"""A line between two programs which may be cut, held, slowed, or made to lose one answer: sockets and threads only."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum

HERE = "127.0.0.1"
_AT_ONCE = struct.pack("ii", 1, 0)


class Way(Enum):
    """What happens on a line: it is opened, a question goes up, an answer comes down."""

    OPEN = "open"
    UP = "up"
    DOWN = "down"


class Cut(Exception):
    """The line is to be reset at once."""


class Line:
    """One connection through the proxy; what a rule or a witness remembers of it is in `notes`."""

    def __init__(self, near: socket.socket) -> None:
        self.near = near
        self.far: socket.socket | None = None
        self.notes: dict[str, object] = {}

    def reset(self) -> None:
        """Reset both ends: nobody learns what was still on its way."""
        for end in (self.near, self.far):
            if end is not None:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RD)
                end.close()


Rule = Callable[[Line, Way, bytes], bytes]
"""What a rule makes of some bytes: others, none, or Cut; while it waits, the line is silent."""


def pass_on(line: Line, way: Way, chunk: bytes) -> bytes:
    """Change nothing."""
    return chunk


class Proxy:
    """Listens on a port of its own, and passes on to another port of this machine."""

    def __init__(self, upstream: int, *, witness: Rule = pass_on) -> None:
        self.upstream = upstream
        self.rule: Rule = pass_on
        self._witness = witness
        self._lines: set[Line] = set()
        self._server = socket.create_server((HERE, 0), backlog=512)
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @contextmanager
    def under(self, rule: Rule) -> Iterator[None]:
        """Follow this rule for as long as the `with` lasts."""
        self.rule = rule
        try:
            yield
        finally:
            self.rule = pass_on

    def cut(self) -> None:
        """Reset every line that is open now."""
        for line in list(self._lines):
            line.reset()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        self.cut()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._server.accept()
                threading.Thread(target=self._serve, args=(Line(near),), daemon=True).start()

    def _serve(self, line: Line) -> None:
        self._lines.add(line)
        try:
            self.rule(line, Way.OPEN, b"")
            line.far = socket.create_connection((HERE, self.upstream))
            for end in (line.near, line.far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pump, args=(line, Way.DOWN), daemon=True)
            back.start()
            self._pump(line, Way.UP)
            back.join()
            line.near.close()
            line.far.close()
        except (OSError, Cut):
            line.reset()
        finally:
            self._lines.discard(line)

    def _pump(self, line: Line, way: Way) -> None:
        assert line.far
        source, target = (line.near, line.far) if way is Way.UP else (line.far, line.near)
        try:
            while chunk := source.recv(64 * 1024):
                target.sendall(self._witness(line, way, self.rule(line, way, chunk)))
            target.shutdown(socket.SHUT_WR)
        except (OSError, Cut):
            line.reset()


def refuse(line: Line, way: Way, chunk: bytes) -> bytes:
    """Reset whatever comes."""
    raise Cut


def slow(seconds: float) -> Rule:
    """Wait so long before each piece of an answer."""

    def wait(line: Line, way: Way, chunk: bytes) -> bytes:
        if way is Way.DOWN:
            time.sleep(seconds)
        return chunk

    return wait


def hold(over: threading.Event) -> Rule:
    """Say nothing until this is over; then what was held goes on, as TCP does after a silence."""

    def wait(line: Line, way: Way, chunk: bytes) -> bytes:
        over.wait()
        return chunk

    return wait


def lose_answer(question: bytes, *, rank: int = 1, lost: Callable[[], None]) -> Rule:
    """Pass this question on, the rank-th time it is asked; when its answer comes, say so and cut the line."""
    asked = 0

    def lose(line: Line, way: Way, chunk: bytes) -> bytes:
        nonlocal asked
        if way is Way.UP and question in chunk:
            asked += 1
            line.notes["doomed"] = asked == rank
        if way is Way.DOWN and line.notes.get("doomed"):
            lost()
            raise Cut
        return chunk

    return lose
