"""`make run`: from a bare machine to an open counter, then watch over it until Ctrl-C."""

import http.client
import os
import secrets
import signal
import socket
import string
from pathlib import Path
from typing import NoReturn

from launcher import children, debian, environment, ground, home, ports
from launcher.children import Child, follow
from launcher.command import enter
from launcher.ground import MANAGE
from launcher.screen import Step, Trouble, indented

DEFAULT_PORT = 8000
STEPS = 8


def open_counter(family: list[Child]) -> NoReturn:
    """Take every step in order, then watch; ends by an exception."""
    with Step(1, of=STEPS, what="Environnement Python") as step:
        environment.make_ready(environment.RUNTIME, step=step)

    place = home.settle(os.environ.get("ESCALE_HOME") or str(home.CHECKOUT / ".escale"))
    claimed = home.claim(place)
    logs = place / "logs"
    environ = ground.prepare(place) | kept_secrets(place)
    port, taken = take_port()
    medical_port, medical_taken = take_port("ESCALE_MEDICAL_PORT", port + 1)
    environ["ESCALE_URL"], environ["ESCALE_MEDICAL_URL"] = map(address, (port, medical_port))

    with Step(2, of=STEPS, what="PostgreSQL") as step:
        environ |= ground.database(place, family, step)
    with Step(3, of=STEPS, what="Antivirus") as step:
        environ |= ground.scanner(place, family, step)
    with Step(4, of=STEPS, what="Base de données à jour") as step:
        environ |= ground.vault_keys(place, environ, step)
        follow([*MANAGE, "migrate"], log=logs / "migrate.log", environ=environ, step=step)
    with Step(5, of=STEPS, what="Feuilles de style et images") as step:
        collect_static(place, environ, step)
    with Step(6, of=STEPS, what="Récit de démonstration") as step:
        story = follow([*MANAGE, "tell_demo"], log=logs / "demo.log", environ=environ, step=step)
    with Step(7, of=STEPS, what="Langues de la lecture automatique") as step:
        otherwise = "les pièces de ces langues ne seront pas lues par machine"
        debian.provide(debian.FOR_READING, otherwise=otherwise, log=logs / "apt.log", step=step)
    with Step(8, of=STEPS, what="Guichet web et travaux de fond") as step:
        worker = Child(
            "Le travail de fond",
            [*MANAGE, "procrastinate", "worker", "--delete-jobs", "successful", "-q", "default,scan"],
            logs / "worker.log",
            environ,
        )
        reader = Child(
            "La lecture des pièces",
            [*MANAGE, "procrastinate", "worker", "--delete-jobs", "successful", "-q", "read"],
            logs / "reader.log",
            without_medical_keys(environ),
        )
        server = web("Le serveur web", web_command(port), logs / "web.log", without_medical_keys(environ))
        medical = web_command(medical_port, workers=1)
        physicians = web("Le guichet des médecins", medical, logs / "medical.log", environ)
        for child in (worker, reader, server, physicians):
            family.append(child)
            child.start()
        server.wait_until(lambda: answers(port), step=step)
        physicians.wait_until(lambda: answers(medical_port), step=step)

    welcome(place, environ, story)
    with claimed, taken, medical_taken:
        claimed.write(environ["ESCALE_URL"])
        claimed.flush()
        children.watch(family)


def kept_secrets(place: Path) -> dict[str, str]:
    """Return the application's key and the demo's password: given, or drawn once and kept."""
    drawn = {
        "ESCALE_SECRET_KEY": ("secret-key", lambda: secrets.token_urlsafe(48)),
        "ESCALE_DEMO_PASSWORD": ("demo-password", readable_password),
    }
    return {name: os.environ.get(name) or home.keep(place / file, draw) for name, (file, draw) in drawn.items()}


def readable_password() -> str:
    """Draw four groups of four letters and digits that nobody mistakes for one another (about 79 bits)."""
    letters = [letter for letter in string.ascii_lowercase + string.digits if letter not in "01ilo"]
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def address(port: int) -> str:
    """Return what to type to reach a port of this machine; one name, so that both counters share one session."""
    return f"http://localhost:{port}"


def take_port(variable: str = "ESCALE_PORT", first: int = DEFAULT_PORT) -> tuple[int, socket.socket]:
    """Take the port that was asked for, or else the first free one from there up; ours while the socket is open."""
    if asked := os.environ.get(variable):
        if not asked.isdecimal() or not 0 < int(asked) < 65536:
            raise Trouble(f"{variable} doit être un nombre entre 1 et 65535, et non « {asked} ».")
        if taken := ports.take(int(asked)):
            return int(asked), taken
        raise Trouble(f"Le port {asked} est déjà pris : donnez-en un autre, {variable}=… make run")
    for port in range(first, 65536):
        if taken := ports.take(port):
            if port != first:
                print(f"  Le port {first} est déjà pris ; Escale prend le {port}.")
            return port, taken
    raise Trouble("Aucun port n'est libre sur cette machine.")


def collect_static(place: Path, environ: dict[str, str], step: Step) -> None:
    """Gather the style sheets, scripts and pictures, when one of them changed."""
    stamp = place / "static.digest"
    digest = environment.digest(environment.RUNTIME, *sorted(home.CHECKOUT.glob("escale/web/static/**/*.*")))
    if stamp.exists() and stamp.read_text() == digest:
        step.outcome = "déjà en place"
        return
    follow([*MANAGE, "collectstatic", "--no-input"], log=place / "logs" / "static.log", environ=environ, step=step)
    stamp.write_text(digest)


def web(name: str, command: list[str | Path], log: Path, environ: dict[str, str]) -> Child:
    """Describe a web server: the kernel asks it to end, it then ends its workers."""
    return Child(name, command, log, environ, orphaned_with=signal.SIGTERM)


def without_medical_keys(environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a process that may not open medical papers."""
    return {name: value for name, value in environ.items() if name != ground.MEDICAL_KEYS}


def web_command(port: int, *, workers: int = 2) -> list[str | Path]:
    """Return the web server's command line.

    Its default threads stand slow clients, fewer would not; workers still starting lose the order to stop, so that
    only the time-out ends them.
    """
    command: list[str | Path] = [environment.PYTHON, "-m", "granian", "escale.config.wsgi:application"]
    options = f"--interface wsgi --workers {workers} --workers-kill-timeout 10 --respawn-failed-workers --no-ws"
    return [*command, "--host", "127.0.0.1", "--port", str(port), *options.split()]


def answers(port: int) -> bool:
    """Tell whether the web server says that all is well."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/etat/", headers={"Host": f"localhost:{port}"})
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def welcome(place: Path, environ: dict[str, str], story: str) -> None:
    """Say where to go, as whom, and where what leaves the house is written."""
    print(f"\n  Escale est ouverte : {environ['ESCALE_URL']}")
    print(f"  Les médecins-conseils sont conduits à leur guichet, à part : {environ['ESCALE_MEDICAL_URL']}\n")
    print(indented(story.strip()))
    print(f"\n    Mot de passe de ces comptes : {environ['ESCALE_DEMO_PASSWORD']}\n")
    letters = "envoyés par le serveur de EMAIL_URL" if os.environ.get("EMAIL_URL") else place / "mail"
    print(f"    Courriels : {letters}\n    Virements : {place / 'bank'}\n    Journaux  : {place / 'logs'}\n")
    print("  Ctrl-C arrête tout ; « make run » reprend où vous en étiez.", flush=True)


def run(_arguments: list[str]) -> int:
    """Open, and leave nothing behind however it ends."""
    family: list[Child] = []
    try:
        open_counter(family)
    except KeyboardInterrupt:
        print("\n  Escale ferme…", flush=True)
        return 0
    finally:
        children.stop(family)
        if family:
            print("  Tout est arrêté, rien n'est perdu.", flush=True)


if __name__ == "__main__":
    enter(run)
