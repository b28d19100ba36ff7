"""`make check`, `fix`, `docs`, `lock`: each a short list of commands, all of them run, every complaint shown."""

import subprocess

from launcher import environment, home, throwaway
from launcher.command import enter
from launcher.screen import Step, Trouble

LOCK = "uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate"

CHORES = {
    "check": {
        "Le style": "ruff check .",
        "La mise en forme": "ruff format --check .",
        "Les gabarits": "djade --target-version 5.2 --check {templates}",
        "Les types": "mypy",
        "Qui importe qui": "lint-imports",
        "Django": "python manage.py check",
        "Les migrations": "python manage.py makemigrations --check --dry-run",
        "Les diagrammes": "python manage.py draw_lifecycles --check",
        "Ce qui n'est pas sûr": "python manage.py draw_uncertain --check",
        "La copie de ses données": "python manage.py draw_portability --check",
    },
    "fix": {
        "Le style": "ruff check --fix .",
        "La mise en forme": "ruff format .",
        "Les gabarits": "djade --target-version 5.2 {templates}",
    },
    "docs": {
        "Les diagrammes": "python manage.py draw_lifecycles",
        "Ce qui n'est pas sûr": "python manage.py draw_uncertain",
        "La copie de ses données": "python manage.py draw_portability",
    },
    "lock": {
        "Le programme": f"{LOCK} pyproject.toml -o requirements.lock",
        "Les outils": f"{LOCK} --group dev -c requirements.lock -o requirements-dev.lock",
        "L'installateur": f"{LOCK} --group installer -o launcher/installer.lock",
    },
}


def do(chore: str, environ: dict[str, str]) -> None:
    """Run every command of a chore; raise Trouble with all that they complained about."""
    found = []
    for number, (what, command) in enumerate(CHORES[chore].items(), start=1):
        with Step(number, of=len(CHORES[chore]), what=what) as step:
            done = run(command, environ)
            if done.returncode and chore == "fix":
                done = run(command, environ)  # a tool may complain of what it has just repaired
            if done.returncode:
                step.outcome = "à revoir"
                found.append(f"{what}\n{done.stdout}{done.stderr}")
    if found:
        raise Trouble("\n".join(found))


def run(command: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command of a chore, and keep what it says."""
    return subprocess.run(
        words(command), env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def words(command: str) -> list[str]:
    """Cut a command in words; `{templates}` stands for every page and every message of the house."""
    templates = [str(path) for path in sorted(home.CHECKOUT.glob("escale/**/templates/**/*.html"))]
    return [part for word in command.split() for part in (templates if word == "{templates}" else [word])]


def chore(arguments: list[str]) -> int:
    """Do one chore, with the environment that it takes."""
    environment.for_development()
    with throwaway.house(durable=False) as environ:
        do(arguments[0], environ)
    return 0


if __name__ == "__main__":
    enter(chore)
