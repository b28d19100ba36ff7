"""ESCALE_HOME: the folder where one instance of Escale keeps all that it writes."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from launcher.screen import Trouble

CHECKOUT = Path(__file__).resolve().parent.parent


def settle(given: str) -> Path:
    """Make the home, or find it again; the services may pass through it, nobody else may look inside."""
    home = Path(given).expanduser().resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "logs").mkdir(mode=0o700, exist_ok=True)
        home.chmod(0o711)
    except PermissionError as error:
        raise Trouble(
            f"Le dossier « {home} » appartient à un autre compte.\n"
            "Lancez Escale sous ce compte, ou choisissez un autre dossier : ESCALE_HOME=… make run"
        ) from error
    return home


def claim(home: Path) -> IO[str]:
    """Take the home for ourselves until the returned file is closed; raise Trouble when another launcher holds it."""
    claimed = (home / "running").open("a+", encoding="utf-8")
    try:
        fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        with claimed:
            claimed.seek(0)
            where = claimed.read().strip() or "démarrage en cours"
        raise Trouble(
            f"Escale tourne déjà avec ce dossier ({where}).\nPour une seconde instance : ESCALE_HOME=.escale-2 make run"
        ) from error
    claimed.truncate(0)
    return claimed


def keep(path: Path, draw: Callable[[], str]) -> str:
    """Draw a secret the first time, find it again ever after; readable by our account only."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(draw())
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    return path.read_text(encoding="utf-8").strip()
