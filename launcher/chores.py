"""`make check`, `fix`, `docs`, `lock`: each a short list of commands, all of them run, every complaint shown."""

import secrets
import shlex
import subprocess

from launcher import environment, home
from launcher.command import enter
from launcher.screen import Step, Trouble

LOCK = "-m uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate"

CHORES = {
    "check": {
        "Le style": "-m ruff check .",
        "La mise en forme": "-m ruff format --check .",
        "Les gabarits": "-m djade --target-version 5.2 --check {templates}",
        "Les types": "-m mypy",
        "Qui importe qui": ".venv/bin/lint-imports",
        "Django": "manage.py check",
        "Les migrations": "manage.py makemigrations --check --dry-run",
        "Les diagrammes": "manage.py draw_lifecycles --check",
    },
    "fix": {
        "Le style": "-m ruff check --fix .",
        "La mise en forme": "-m ruff format .",
        "Les gabarits": "-m djade --target-version 5.2 {templates}",
    },
    "docs": {
        "Les diagrammes": "manage.py draw_lifecycles",
    },
    "lock": {
        "Le programme": f"{LOCK} pyproject.toml -o requirements.lock",
        "Les outils": f"{LOCK} --group dev -c requirements.lock -o requirements-dev.lock",
        "L'installateur": f"{LOCK} --group installer -o launcher/installer.lock",
    },
}


def do(chore: str) -> None:
    """Run every command of a chore; raise Trouble with all that they complained about."""
    found = []
    for number, (what, command) in enumerate(CHORES[chore].items(), start=1):
        with Step(number, of=len(CHORES[chore]), what=what) as step:
            done = subprocess.run(
                [environment.PYTHON, *words(command)],
                env={**environment.environ(), "ESCALE_DEMO": "1", "ESCALE_SECRET_KEY": secrets.token_urlsafe(48)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                step.outcome = "à revoir"
                found.append(f"{what}\n{done.stdout}{done.stderr}")
    if found:
        raise Trouble("\n".join(found))


def words(command: str) -> list[str]:
    """Cut a command in words; `{templates}` stands for every page and every message of the house."""
    templates = [str(path) for path in sorted(home.CHECKOUT.glob("escale/**/templates/**/*.html"))]
    return [part for word in shlex.split(command) for part in (templates if word == "{templates}" else [word])]


def chore(arguments: list[str]) -> int:
    """Do one chore, with the environment that it takes."""
    environment.for_development()
    do(arguments[0])
    return 0


if __name__ == "__main__":
    enter(chore)
