"""The processes we start: they end when we end, and one that dies is started again."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from launcher import account
from launcher.screen import MARGIN, Step, Trouble, french

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
MARK = "ESCALE_LAUNCHED_FROM"
GONE_WITHIN = 5.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """A service: how to start it, how to stop it, what the kernel sends it when we are killed, where it writes."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environ: dict[str, str]
    stop_with: signal.Signals = signal.SIGTERM
    orphaned_with: signal.Signals = signal.SIGKILL
    dropped: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    pause: float = field(default=0.5, init=False)

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches us alone and a kill reaches all of it."""
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environ,
                cwd="/" if self.dropped else None,
                process_group=0,
                umask=0o077,
                preexec_fn=ends_with_us(self.orphaned_with),
                **(account.dropped() if self.dropped else {}),
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait_until(self, ready: Callable[[], bool], *, step: Step, seconds: float = 60) -> None:
        """Wait until it answers; raise Trouble with its last lines when it died or never does."""
        until = time.monotonic() + seconds
        while not ready():
            if not self.alive or time.monotonic() > until:
                raise Trouble(f"{self.name} ne démarre pas.\n{last_lines(self.log)}")
            step.say("démarrage")
            time.sleep(0.05)

    def stop(self, patience: float = 12.0) -> None:
        """Ask it to end, then insist; nothing of it is left."""
        if self.process is None:
            return
        if self.alive:
            self.process.send_signal(self.stop_with)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.bury()

    def bury(self) -> None:
        """Kill what may be left of its group: workers outlive a server that was killed, and would keep its port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def ends_with_us(number: signal.Signals) -> Callable[[], None]:
    """Return what a child does before it starts, so that the kernel ends it even when we are killed with -9."""
    us = os.getpid()

    def promise() -> None:
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != us:
                os._exit(1)

    return promise


def watch(children: Sequence[Child]) -> NoReturn:
    """Start again whatever dies, each time a little later; never returns, ends by an exception (Ctrl-C)."""
    while True:
        for child in children:
            if not child.alive:
                revive(child)
        time.sleep(0.2)


def revive(child: Child) -> None:
    """Start a dead child again when its pause is over."""
    if child.process is not None:
        if time.monotonic() - child.started_at > HEALTHY_AFTER:
            child.pause = 0.5
        code = child.process.returncode
        child.bury()
        child.started_at = time.monotonic()
        wait = french(child.pause)
        print(f"{MARGIN}{child.name} s'est arrêté (code {code}) ; nouveau départ dans {wait} s.", flush=True)
    elif time.monotonic() - child.started_at >= child.pause:
        child.pause = min(child.pause * 2, LONGEST_PAUSE)
        child.start()


def stop(children: Sequence[Child]) -> None:
    """Stop everything, the last started first, whatever else the person types meanwhile."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    for child in reversed(children):
        child.stop()


def stop_on_signals() -> None:
    """Make every polite request to end arrive as Ctrl-C does, even when a shell in the background hides it."""
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)


def end_with_make() -> None:
    """When `make` started us, end when it is killed: it can no longer pass Ctrl-C on."""
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def sweep(home: Path) -> None:
    """End what an earlier launcher of this home, killed, may have left behind, and wait until its ports are free."""
    mark = f"{MARK}={home}".encode()
    dying = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in entry.read_bytes().split(b"\0"):
                dying.append(os.pidfd_open(int(entry.parent.name)))
                os.kill(int(entry.parent.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue
    for process in dying:
        select.select([process], [], [], GONE_WITHIN)
        os.close(process)


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log, and where to read the rest."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:] if log.exists() else []
    return "\n".join([*(f"    {line}" for line in lines), f"Le journal complet : {log}"])


def follow(
    command: Sequence[str | Path],
    *,
    log: Path,
    step: Step,
    environ: dict[str, str] | None = None,
    outlives: bool = False,
) -> str:
    """Run a command to its end, showing its last line meanwhile; return what it printed, raise Trouble when it fails.

    A command that `outlives` us is left to finish when we are killed: a package manager must not stop half-way.
    """
    promise = None if outlives else ends_with_us(signal.SIGTERM)
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT, env=environ, preexec_fn=promise
        )
    try:
        while process.poll() is None:
            step.say(last_line(log))
            time.sleep(0.05)
    finally:
        if process.poll() is None and not outlives:
            process.kill()
        process.wait()
    if process.returncode:
        raise Trouble(f"L'étape a échoué (code {process.returncode}).\n{last_lines(log)}")
    return log.read_text(encoding="utf-8", errors="replace")


def last_line(log: Path) -> str:
    """Return the last line written in a log."""
    with log.open("rb") as file:
        file.seek(max(log.stat().st_size - 400, 0))
        lines = file.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
