"""The house that is measured: its database made ready, its server as `make run` starts it, what its processes cost."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.visitor import Visitor
from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, Role, TotpKey
from escale.gateways import totp
from launcher import home, ports
from launcher.run import answers, web_command

PASSWORD = "mesures-mesures-mesures"
TICKS = os.sysconf("SC_CLK_TCK")


def make_ready() -> None:
    """Bring the database and the static files up to date; refuse a database in which real people may be."""
    call_command("migrate", verbosity=0)
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
        subprocess.run(command, cwd=home.CHECKOUT, check=True)
    if Account.objects.exclude(email__endswith=".example").exists():
        sys.exit("Cette base n’est pas vide : les mesures se font par « make bench », dans une base jetable.")


def account(email: str, *roles: Role) -> Account:
    """Return the account of somebody in the measures, made the first time."""
    known = Account.objects.filter(email=email).first()
    made = known or Account.objects.create_account(email=email, password=PASSWORD, name=email, roles=roles)
    if set(roles) - {Role.INSURED} and not queries.has_factor(made):
        secret = totp.draw()
        accounts.add_application(account=made, secret=secret, code=totp.code(secret, totp.step_at(timezone.now())))
    return made


def enter(visitor: Visitor, account: Account) -> None:
    """Sign in, with the second proof of those who have one."""
    page = visitor.submit(visitor.get("/connexion/"), {"email": account.email or "", "password": PASSWORD})
    if key := TotpKey.objects.filter(account=account).first():
        step = max(totp.step_at(timezone.now()), key.last_step + 1)
        visitor.submit(page, {"code": totp.code(queries.opened(key), step)})


@contextmanager
def serving(processes: int = 2, *, environ: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """Serve as `make run` does, with these variables besides; give the port and the process."""
    port = _free_port()
    command = [str(part) for part in web_command(port)]
    command[command.index("--workers") + 1] = str(processes)
    log = Path(os.environ["ESCALE_HOME"]) / "bench-web.log"
    with log.open("ab") as written:
        told = os.environ | (environ or {})
        server = subprocess.Popen(command, cwd=home.CHECKOUT, env=told, stdout=written, stderr=written)
    try:
        while not answers(port):
            if server.poll() is not None:
                sys.exit(f"Le serveur web ne démarre pas : {log}")
            time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    return next(port for port in range(18_000, 19_000) if ports.is_free(port))


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def database() -> int | None:
    """Return the process of the database server, if it is on this machine and may be looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    try:
        stat = Path(f"/proc/{backend}/stat").read_text()
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1]) if "postgres" in stat else None


def cpu(pid: int) -> float:
    """Return the processor's seconds that a process took, with its descendants, living and dead."""
    total = 0
    for one in family(pid):
        try:
            user, system, *of_the_dead = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15]
        except OSError:
            continue
        total += int(user) + int(system) + sum(map(int, of_the_dead))
    return total / TICKS


def memory(pid: int) -> float:
    """Return the share of memory (PSS) of one process, in megabytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found
    return int(found[1]) / 1024
