"""The confined process that looks into a paper, for tests that tell something else: its libraries are read once.

Nine tenths of what a small paper costs go to reading them. Here one process reads them, and each paper has a copy of it
(a fork), under the same limits, by the same `main`; what is started in the house only says where the paper is.
"""

import array
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.children import ends_with_us

ROOT = Path(__file__).parents[1]
SERVER = "import sys; sys.path.insert(0, sys.argv[1]); from tests.warm_room import serve; serve()"
START = """
import _socket, os
line = _socket.socket(_socket.AF_UNIX)
line.connect({address!r})
handed = b"".join(number.to_bytes(4, {order!r}) for number in (0, 1, 2))
line.sendmsg([b"."], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, handed)])
said = line.recv(1)
os._exit(int(said)) if said else os.kill(os.getpid(), 9)
"""
"""What is started for each paper: it hands over its three streams, and ends as whoever looked into it did."""


@contextmanager
def open_room() -> Iterator[str]:
    """Keep such a process, and give what to start in its place."""
    with tempfile.TemporaryDirectory(prefix="escale-") as folder, socket.socket(socket.AF_UNIX) as door:
        address = str(Path(folder) / "door")
        door.bind(address)
        door.listen()
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-c", SERVER, str(ROOT)], stdin=door,
            env={"MALLOC_ARENA_MAX": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=ends_with_us(signal.SIGTERM),
        )  # fmt: skip
        try:
            yield START.format(address=address, order=sys.byteorder)
        finally:
            keeper.terminate()
            keeper.wait()


def serve() -> None:
    """Look into what comes through the door, each paper in a copy of this process."""
    from escale.gateways.confined import entrance, pdfs, pictures  # noqa: F401 (what is read once)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    door = socket.socket(fileno=0)
    while True:
        line, _ = door.accept()
        if os.fork():
            line.close()
            continue
        _, handed, _, _ = line.recvmsg(1, socket.CMSG_SPACE(12))
        streams = array.array("i", handed[0][2])
        for place, stream in enumerate(streams):
            os.dup2(stream, place)
            os.close(stream)
        try:
            entrance.main()
            sys.stdout.flush()
            line.sendall(b"0")
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            line.sendall(b"1")
        finally:
            os._exit(0)
