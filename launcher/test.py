"""`make test`: the checks, then every test against real parts, in a house that is thrown away after."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from launcher import children, debian, environment, ground, home
from launcher.children import Child
from launcher.chores import do
from launcher.screen import Step, Trouble, indented


def test(arguments: list[str]) -> int:
    """Run the checks, unless some tests were chosen, then pytest; return its exit code."""
    environment.for_development()
    provide_packages()
    if not arguments:
        do("check")
    with throwaway(durable=False) as environ:
        return subprocess.run([environment.PYTHON, "-m", "pytest", *arguments], env=environ, check=False).returncode


def provide_packages() -> None:
    """Install what the tests need from Debian when we are root; else say which tests will be skipped for want of it."""
    missing = debian.missing(debian.FOR_TESTS)
    with Step(1, of=1, what="Paquets Debian pour les tests") as step:
        if not missing:
            step.outcome = "déjà là"
            return
        try:
            debian.install(missing, log=environment.LOG, step=step)
        except Trouble as trouble:
            step.outcome = f"{trouble}\nLes tests qui en ont besoin seront sautés, et comptés comme tels"


@contextlib.contextmanager
def throwaway(*, durable: bool) -> Iterator[dict[str, str]]:
    """Give the environment of an Escale that exists only inside the `with`: own home, database, scanner, secrets."""
    family: list[Child] = []
    with tempfile.TemporaryDirectory(prefix="escale-", ignore_cleanup_errors=True) as folder:
        try:
            place = home.settle(folder)
            environ = ground.prepare(place) | {"ESCALE_SECRET_KEY": secrets.token_urlsafe(48)}
            with Step(1, of=2, what="PostgreSQL") as step:
                environ |= ground.database(place, family, step, durable=durable)
            with Step(2, of=2, what="Antivirus") as step:
                environ |= ground.scanner(place, family, step)
            yield environ
        finally:
            children.stop(family)


def main() -> int:
    """Test, and leave nothing behind; what pytest says last is said last."""
    os.chdir(home.CHECKOUT)
    children.end_with_make()
    children.stop_on_signals()
    try:
        return test(sys.argv[1:])
    except Trouble as trouble:
        print(f"\n{indented(str(trouble))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
