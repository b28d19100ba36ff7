"""The body of a request as it arrives, however slowly, without ever waiting for all of it."""

import queue
import threading
import time
from collections.abc import Iterator

from django.http import HttpRequest

LARGEST_READ = 4 * 1024
"""Bytes: a line that dies keeps no more than that from us."""
AT_ONCE = 0.05
"""Seconds: of what came sooner we ask twice as much the next time, else half as much."""
TICK = 0.5
PATIENCE = 60
"""Seconds of silence after which the sender is taken for gone."""


def arriving(request: HttpRequest) -> Iterator[bytes]:
    """
    Yield the body as it arrives, and nothing at each tick at which nothing came.

    It ends with the body, with the connection, or when the sender was silent for too long: what came before is good.
    A thread reads, since the server's `read` waits until it has all that it was asked for; it ends with the connection.
    """
    came: queue.Queue[bytes] = queue.Queue(maxsize=16)
    abandoned = threading.Event()
    threading.Thread(target=_read, args=(request, came, abandoned), daemon=True).start()
    heard = time.monotonic()
    try:
        while time.monotonic() - heard < PATIENCE:
            try:
                chunk = came.get(timeout=TICK)
            except queue.Empty:
                yield b""
                continue
            if not chunk:
                return
            heard = time.monotonic()
            yield chunk
    finally:
        abandoned.set()


def _read(request: HttpRequest, came: "queue.Queue[bytes]", abandoned: threading.Event) -> None:
    size, chunk = 1, b"-"
    while chunk and not abandoned.is_set():
        began = time.monotonic()
        try:
            chunk = request.read(size)
        except OSError:  # how some servers say that the connection was cut
            chunk = b""
        size = min(2 * size, LARGEST_READ) if time.monotonic() - began < AT_ONCE else max(1, size // 2)
        _give(chunk, came, abandoned)


def _give(chunk: bytes, came: "queue.Queue[bytes]", abandoned: threading.Event) -> None:
    while not abandoned.is_set():
        try:
            came.put(chunk, timeout=TICK)
            return
        except queue.Full:
            pass
