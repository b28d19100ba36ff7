"""The Python environment in `.venv`, exactly as the locks say, made once and mended when it was left half-made."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from launcher import debian
from launcher.children import follow
from launcher.home import CHECKOUT
from launcher.screen import Step, Trouble

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = CHECKOUT / ".cache"
LOG = CACHE / "environment.log"
RUNTIME = CHECKOUT / "requirements.lock"
DEVELOPMENT = CHECKOUT / "requirements-dev.lock"
INSTALLER = Path(__file__).with_name("installer.lock")


def make_ready(*locks: Path, step: Step) -> None:
    """Install what these locks say, unless it is there already."""
    if all(is_installed(lock) for lock in locks):
        step.outcome = "déjà prêt"
        return
    with alone():
        if not works():
            make_venv(step)
        for lock in locks:
            if not is_installed(lock):
                install(lock, step)


def is_installed(lock: Path) -> bool:
    """Tell whether this very lock was installed to its end, for the Python that is there now."""
    stamp = stamp_of(lock)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(lock)


def stamp_of(lock: Path) -> Path:
    """Return the file that says which state of a lock is installed."""
    return VENV / f"{lock.name}.installed"


def digest(*files: Path) -> str:
    """Return what changes when one of these files changes, or the Python, or the place of the checkout."""
    contents = [file.read_bytes() for file in files]
    return hashlib.sha256(b"".join([*contents, bytes(PYTHON.resolve()), bytes(PYTHON)])).hexdigest()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one launcher at a time work on the environment."""
    try:
        CACHE.mkdir(exist_ok=True)
        lock = (CACHE / "environment.lock").open("a")
    except PermissionError as error:
        raise Trouble(f"Le dossier « {CHECKOUT} » appartient à un autre compte : clonez le dépôt chez vous.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works() -> bool:
    """Tell whether `.venv` is a whole environment, with pip in it, made where it stands: its scripts name the place."""
    try:
        found = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False)
        return found.returncode == 0 and str(VENV) in (VENV / "pyvenv.cfg").read_text()
    except OSError:
        return False


def make_venv(step: Step) -> None:
    """Make `.venv` anew; on a bare Debian, Python comes without what that needs."""
    if importlib.util.find_spec("ensurepip") is None:
        debian.install(["python3-venv"], log=LOG, step=step)
    follow([sys.executable, "-m", "venv", "--clear", VENV], log=LOG, step=step)


def install(lock: Path, step: Step) -> None:
    """Install a lock with its hashes: by uv, ten times quicker, or by pip where uv cannot be had or fails."""
    unfinished = VENV / "installing"
    again = unfinished.exists()
    unfinished.touch()
    try:
        install_uv(step)
        pip(["-m", "uv", "pip", "install", "--python", PYTHON, "--compile-bytecode"], "--reinstall", again, lock, step)
    except Trouble:
        pip(["-m", "pip", "install", "--progress-bar=off"], "--force-reinstall", True, lock, step)
    unfinished.unlink()
    stamp_of(lock).write_text(digest(lock))


def install_uv(step: Step) -> None:
    """Install uv in the environment, once."""
    if not is_installed(INSTALLER):
        pip(["-m", "pip", "install"], "--force-reinstall", True, INSTALLER, step)
        stamp_of(INSTALLER).write_text(digest(INSTALLER))


def pip(command: list[str | Path], anew: str, again: bool, lock: Path, step: Step) -> None:
    """Run one of the two installers, anew when an earlier one was killed half-way."""
    options = [anew] if again else []
    follow([PYTHON, *command, *options, "--require-hashes", "-r", lock], log=LOG, step=step)


def environ() -> dict[str, str]:
    """Return the environment variables with which to run the installed programs."""
    return {**os.environ, "PATH": os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)])}


def for_development() -> None:
    """Make everything ready that tests and checks take."""
    with Step(1, of=1, what="Environnement Python") as step:
        make_ready(RUNTIME, DEVELOPMENT, step=step)
