"""What Escale stands on: a database and a virus scanner, given by the environment or started here."""

import os
from pathlib import Path

from launcher import clamd, debian, environment, home, postgres
from launcher.children import MARK, Child, follow, sweep
from launcher.screen import Step, Trouble

TEST_SIGNATURE_ONLY = "ne connaît que le fichier d'essai : pas de signatures sur cette machine"
NO_SCANNER = "absent : les pièces restent en quarantaine"

KEYS, MEDICAL_KEYS = "ESCALE_VAULT_KEYS", "ESCALE_VAULT_MEDICAL_KEYS"
MANAGE: list[str | Path] = [environment.PYTHON, home.CHECKOUT / "manage.py"]


def prepare(place: Path) -> dict[str, str]:
    """Clear what a killed launcher left, and return the variables that every part of Escale receives."""
    sweep(place)
    return {**environment.environ(), "ESCALE_HOME": str(place), "ESCALE_DEMO": "1", MARK: str(place)}


def database(place: Path, children: list[Child], step: Step, *, durable: bool = True) -> dict[str, str]:
    """Start our PostgreSQL, unless DATABASE_URL names one."""
    if os.environ.get("DATABASE_URL"):
        step.outcome = "celui de DATABASE_URL"
        return {}
    step.say("préparation")
    cluster = postgres.prepare(place / "postgres", environment.VENV)
    postgres.quiet(cluster)
    server = postgres.child(cluster, place / "logs" / "postgres.log", durable=durable)
    children.append(server)
    server.start()
    server.wait_until(lambda: postgres.is_ready(cluster), step=step)
    step.outcome = "prêt"
    return {"DATABASE_URL": cluster.url}


def vault_keys(place: Path, environ: dict[str, str], step: Step) -> dict[str, str]:
    """Say where the vault's keys are; unless the environment names them, they are drawn once and kept."""
    files = {name: os.environ.get(name) or str(place / file) for name, file in
             ((KEYS, "vault-keys"), (MEDICAL_KEYS, "vault-medical-keys"))}  # fmt: skip
    if not os.environ.get(KEYS) and not Path(files[KEYS]).exists():
        follow([*MANAGE, "draw_vault_keys"], log=place / "logs" / "keys.log", environ=environ | files, step=step)
    return files


def scanner(place: Path, children: list[Child], step: Step) -> dict[str, str]:
    """Start our clamd, unless ESCALE_CLAMD names one; without any, Escale opens all the same and papers wait."""
    if os.environ.get("ESCALE_CLAMD"):
        step.outcome = "celui de ESCALE_CLAMD"
        return {}
    program = debian.program("clamd") or installed_clamd(place, step)
    if program is None:
        return {}
    ours = clamd.prepare(place / "clamd", program)
    server = clamd.child(ours, place / "logs" / "clamd.log")
    children.append(server)
    server.start()
    if ours.is_demo:
        server.wait_until(lambda: clamd.answers(ours), step=step)
        step.outcome = TEST_SIGNATURE_ONLY
        return {"ESCALE_CLAMD": ours.address, "ESCALE_CLAMD_DEMO": "1"}
    step.outcome = "les signatures se chargent ; les pièces attendent jusque-là"
    return {"ESCALE_CLAMD": ours.address}


def installed_clamd(place: Path, step: Step) -> Path | None:
    """Install Debian's clamd when we may."""
    try:
        debian.install(["clamav-daemon"], log=place / "logs" / "apt.log", step=step)
    except Trouble as trouble:
        step.outcome = f"{NO_SCANNER}\n{trouble}"
    return debian.program("clamd")
