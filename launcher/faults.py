"""`make faults`: breaks every part of houses of its own, hundreds of times, and says what was lost: nothing."""

from launcher import debian, environment, throwaway
from launcher.command import enter
from launcher.screen import Step, Trouble

PACKAGES = {"clamav-daemon": "clamd", "fiu-utils": "fiu-run"}


def faults(arguments: list[str]) -> int:
    """Inject the faults; return 1 if a promise was broken."""
    environment.for_development()
    missing = debian.missing(PACKAGES)
    with Step(1, of=1, what="Paquets Debian pour les pannes") as step:
        if not missing:
            step.outcome = "déjà là"
        else:
            try:
                debian.install(missing, log=environment.LOG, step=step)
            except Trouble as trouble:
                step.outcome = f"les pannes qui en ont besoin ne seront pas jouées\n{trouble}"
    return throwaway.play("tests.faults", arguments, environment.environ())


if __name__ == "__main__":
    enter(faults)
