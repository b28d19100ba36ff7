"""The house whose parts are killed: true processes on ports and in folders of their own, with proxies between them."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from launcher import children, clamd, debian, environment, ground, home, ports, postgres
from launcher.children import Child
from launcher.run import answers, web_command
from launcher.screen import Trouble
from tests.faults.proxy import Proxy
from tests.faults.scanner import Witness

PAUSE = 0.5
"""Seconds before what died is started again, as `make run` does."""
PASSWORD = "pannes-pannes-pannes"
READY_WITHIN = 90.0
ROOM = 2 * 1024**3
"""Bytes of the vault, in memory: only those that are taken count."""


@dataclass
class House:
    """Its folder, its processes by name, the proxies between them, and what was seen of the scanner."""

    place: Path
    environ: dict[str, str]
    cluster: postgres.Cluster
    scanner: clamd.Scanner
    family: dict[str, Child]
    witness: Witness
    web_line: Proxy
    web_database: Proxy
    worker_database: Proxy
    clamd_line: Proxy
    port: int
    own_disk: bool
    kept_down: set[str] = field(default_factory=set)
    died_at: dict[str, float] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Proxy, ...]:
        return self.web_line, self.web_database, self.worker_database, self.clamd_line

    @property
    def manage(self) -> list[str | Path]:
        return ground.MANAGE

    @property
    def vault(self) -> Path:
        return self.place / "vault"

    def file(self, key: str) -> Path:
        """Return where the vault keeps this file."""
        return self.vault / key[:2] / key

    def kill(self, name: str) -> None:
        """Kill a process and all its children with -9, as the machine does when memory is short."""
        process = self.family[name].process
        assert process
        if name == "postgres":
            for pid in postgres.processes_in(self.cluster.data):
                _kill(pid)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def kill_a_backend(self, chance: random.Random) -> None:
        """Kill one of the processes of PostgreSQL, which then restarts them all."""
        process = self.family["postgres"].process
        assert process
        _kill(chance.choice([pid for pid in postgres.processes_in(self.cluster.data) if pid != process.pid]))

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process."""
        process = self.family[name].process
        assert process
        process.send_signal(number)

    def kill_web_workers(self) -> None:
        """Kill the processes that serve, and leave alone the one that watches over them."""
        for pid in self.web_workers():
            _kill(pid)

    def web_workers(self) -> list[int]:
        """Return the processes that serve pages."""
        web = self.family["web"].process
        assert web
        task = Path(f"/proc/{web.pid}/task/{web.pid}/children")
        return [int(pid) for pid in task.read_text().split()]

    def watch(self) -> None:
        """Start again whatever died, after its pause."""
        for name, child in self.family.items():
            if child.alive or name in self.kept_down:
                self.died_at.pop(name, None)
            elif time.monotonic() - self.died_at.setdefault(name, time.monotonic()) > PAUSE:
                child.bury()
                if name == "postgres":
                    postgres.quiet(self.cluster)
                child.start()

    def is_open(self) -> bool:
        """Tell whether all of it is at work."""
        return (
            all(child.alive for child in self.family.values())
            and postgres.is_ready(self.cluster)
            and clamd.answers(self.scanner)
            and answers(self.port)
        )

    def until(self, true: Callable[[], bool], *, seconds: float = READY_WITHIN) -> None:
        """Watch over the house until this holds; raise Trouble if it never does."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise Trouble(f"{self.place} : rien ne revient ({', '.join(self.family)})")
            self.watch()
            time.sleep(0.05)

    def resize_vault(self, room: int | None) -> None:
        """Give the vault's file system so many bytes, or just those that it holds now."""
        if not self.own_disk:
            return
        if room is None:
            usage = os.statvfs(self.vault)
            room = (usage.f_blocks - usage.f_bfree) * usage.f_frsize
        subprocess.run(["mount", "-o", f"remount,size={room}", self.vault], check=True)

    def start_web(self, *prefix: str | Path) -> None:
        """Start the web server again, under another program if one is given."""
        web = self.family["web"]
        web.stop()
        web.command = [*prefix, *web_command(self.port)]
        web.start()
        self.until(lambda: answers(self.port))


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def _disk(vault: Path) -> Iterator[bool]:
    """Give the vault a file system of its own, which may be full, when we may."""
    vault.mkdir()
    own = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=0700", "tmpfs", vault], capture_output=True, check=False
        ).returncode
    )
    try:
        yield own
    finally:
        if own:
            subprocess.run(["umount", "--lazy", vault], check=False)


@contextmanager
def opened(place: Path) -> Iterator[House]:
    """Open a house in a folder, with nobody in it; all that was started is ended with it."""
    program = debian.program("clamd")
    if program is None:
        raise Trouble("clamd manque à cette machine (paquet Debian clamav-daemon).")
    cluster = postgres.prepare(place / "postgres", environment.VENV)
    scanner = clamd.prepare(place / "clamd", program, official=place)
    port, taken = _free_port()
    witness = Witness()
    web_database, worker_database = Proxy(cluster.port), Proxy(cluster.port)
    clamd_line, web_line = Proxy(scanner.port, witness=witness), Proxy(port)
    environ = ground.prepare(place) | {
        "DATABASE_URL": cluster.url,
        "ESCALE_SECRET_KEY": "p" * 50,
        "ESCALE_CLAMD": f"127.0.0.1:{clamd_line.port}",
        "ESCALE_CLAMD_DEMO": "1",
        "ESCALE_VAULT_KEYS": str(place / "vault-keys"),
        "ESCALE_URL": f"http://localhost:{web_line.port}",
    }
    whole = environ | {"ESCALE_VAULT_MEDICAL_KEYS": str(place / "vault-medical-keys")}

    def through(line: Proxy) -> dict[str, str]:
        return {"DATABASE_URL": cluster.url.replace(f":{cluster.port}/", f":{line.port}/")}

    logs = place / "logs"
    worker = [*ground.MANAGE, "procrastinate", "worker", "-q", "default,scan"]
    family = {
        "postgres": postgres.child(cluster, logs / "postgres.log"),
        "clamd": clamd.child(scanner, logs / "clamd.log"),
        "worker": Child("worker", worker, logs / "worker.log", whole | through(worker_database)),
        "web": Child("web", web_command(port), logs / "web.log", environ | through(web_database)),
    }
    with ExitStack() as ending:
        ending.callback(taken.close)
        own_disk = ending.enter_context(_disk(place / "vault"))
        house = House(place, whole, cluster, scanner, family, witness, web_line, web_database, worker_database,
                      clamd_line, port, own_disk)  # fmt: skip
        for line in house.lines:
            ending.callback(line.close)
        ending.callback(children.stop, list(family.values()))
        family["postgres"].start()
        house.kept_down = {"clamd", "worker", "web"}
        house.until(lambda: postgres.is_ready(cluster))
        for words in ("draw_vault_keys", "migrate"):
            _manage(words, whole)
        house.kept_down.clear()
        for name in ("clamd", "worker", "web"):
            family[name].start()
        house.until(house.is_open)
        yield house


def _manage(words: str, environ: dict[str, str]) -> None:
    command = [*ground.MANAGE, words]
    done = subprocess.run(command, env=environ, cwd=home.CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"manage.py {words}\n{done.stdout}{done.stderr}")


def _free_port() -> tuple[int, "ports.socket.socket"]:
    for port in range(19_000, 20_000):
        if taken := ports.take(port):
            return port, taken
    raise Trouble("Aucun port n'est libre.")
