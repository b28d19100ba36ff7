"""The confined process that looks into a paper, for tests that tell something else: its libraries are read once.

Nine tenths of what a small paper costs go to reading them. Here one process reads them, and each paper has a copy of it
(a fork), under the same limits, by the same `main`; what is started in the house only says where the paper is.
"""

import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.children import ends_with_us

ROOT = Path(__file__).parents[1]
SERVER = "import sys; sys.path.insert(0, sys.argv[1]); from tests.warm_room import serve; serve()"
LENT = {4: os.O_RDONLY, 5: os.O_WRONLY, 6: os.O_WRONLY}
"""The streams of a paper, under numbers that the shell never moves, as it does the first three when it speaks."""
START = "exec 3<>/dev/tcp/127.0.0.1/{port} 4<&0 5>&1 6>&2; echo $$ >&3; read -r -u 3 code && exit $code; kill -9 $$"
"""What a shell does for each paper: it says who it is, lends its streams, and ends as whoever looked into it did."""


@contextmanager
def open_room() -> Iterator[list[str]]:
    """Keep such a process, and give what to start in its place."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-c", SERVER, str(ROOT)], stdin=door,
            env={"MALLOC_ARENA_MAX": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=ends_with_us(signal.SIGTERM),
        )  # fmt: skip
        try:
            yield ["/bin/bash", "-c", START.format(port=door.getsockname()[1])]
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
        with line.makefile() as said:
            lender = said.readline().strip()
        for place, (number, way) in enumerate(LENT.items()):
            stream = os.open(f"/proc/{lender}/fd/{number}", way)
            os.dup2(stream, place)
            os.close(stream)
        try:
            entrance.main()
            sys.stdout.flush()
            line.sendall(b"0\n")
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            line.sendall(b"1\n")
        finally:
            os._exit(0)
