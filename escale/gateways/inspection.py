"""What is in a document: page images fit to be shown, what was left out of them, and what the scanner must see.

A file made by a stranger is opened by a process of its own only, with little memory, little time, no environment and
no way to the rest of the house but the files it leaves in one folder. What people are shown is drawn anew from the
pixels: no metadata and nothing active is ever in it.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from escale.gateways import file_headers
from escale.gateways.file_kinds import Limits

# what was left out of the images, and what was done to make them, in the words of those who look at them
REMOVED = {
    "additional_actions": "actions automatiques",
    "embedded_files": "fichiers joints",
    "external_file": "renvoi à un autre fichier",
    "gps": "position de la prise de vue",
    "import_data": "importation de données",
    "javascript": "programme JavaScript",
    "launch": "lancement d’un programme",
    "open_action": "action à l’ouverture",
    "rich_media": "contenu multimédia",
    "submit_form": "envoi de formulaire",
    "xfa": "formulaire dynamique XFA",
}
ACTIVE = REMOVED.keys() - {"gps"}
CHANGED = {
    "converted": "converti en JPEG",
    "decrypted": "restrictions du PDF ignorées",
    "repaired": "fichier réparé",
    "unlocked": "ouvert avec son mot de passe",
    "upright": "image redressée",
}
_SENTENCES = {
    "locked": "Ce PDF est protégé par un mot de passe. Donnez-le, ou envoyez une copie sans protection.",
    "wrong_password": "Ce mot de passe n’ouvre pas ce PDF. Vérifiez-le, ou envoyez une copie sans protection.",
    "protected": "Ce PDF est protégé d’une façon que nous ne savons pas ouvrir. Envoyez-en une copie sans protection.",
    "too_many_pages": "Ce document compte plus de {pages} pages. Envoyez-le en plusieurs fichiers.",
    "too_many_pixels": "Cette image est trop grande. Réduisez-la ou reprenez la photo avec une définition moindre.",
    "broken": "Ce fichier est abîmé et ne peut pas être lu. Numérisez-le ou photographiez-le à nouveau.",
    "too_complex": "Ce fichier est trop lourd à afficher. Envoyez-le dans une définition moindre ou photographiez-le.",
}
_ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from escale.gateways.confined.entrance import main; main()"
_START = [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT)]
_WALL_SECONDS = 60
# each may hold 768 MB: a hundred senders of locked PDFs wait for their turn, and the machine stays up
_AT_ONCE = threading.BoundedSemaphore(2)
_CHUNK = 256 * 1024
_LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """The seconds that passed, and the most memory that the confined process held, in bytes: 0 if it died untold."""

    seconds: float = 0
    memory: int = 0


class Unreadable(Exception):
    """The document cannot be shown: `code` for programs, `str()` a French sentence that says what to do.

    `killed` where the process did not say so itself: the machine may have been too busy, rather than the file too big.
    """

    def __init__(self, code: str, *, limits: Limits, cost: Cost, killed: bool = False) -> None:
        super().__init__(_SENTENCES[code].format(**asdict(limits)))
        self.code = code
        self.cost = cost
        self.killed = killed


@dataclass(frozen=True, slots=True)
class Page:
    """A JPEG file and its size in pixels."""

    path: Path
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """The pages; what was left out of them and what was done (keys of REMOVED and CHANGED); the parts to scan."""

    pages: list[Page]
    removed: list[str]
    changed: list[str]
    parts: list[Path]
    cost: Cost


def inspect(source: BinaryIO, *, kind: str, folder: Path, limits: Limits) -> Inspection:
    """Draw every page of a document as `page-001.jpg`… in an empty folder; raises Unreadable, leaving nothing.

    `kind` is the media type that `file_kinds.examine` found. The parts, `part-001`…, are what the scanner would not
    find in the file by itself: a PDF without compression, and the files inside it. At most a minute, usually less
    than a second.
    """
    answer, cost = _asked(source, kind=kind, password=None, folder=folder, limits=limits)
    try:
        return Inspection(
            pages=[
                Page(_regular(folder / f"page-{number:03d}.jpg"), int(width), int(height))
                for number, (width, height) in enumerate(answer["pages"], 1)
            ],
            removed=[what for what in REMOVED if what in answer["removed"]],
            changed=[what for what in CHANGED if what in answer["changed"]],
            parts=[_regular(folder / f"part-{number:03d}") for number in range(1, int(answer["parts"]) + 1)],
            cost=cost,
        )
    except (KeyError, TypeError, ValueError, OSError) as error:  # the file took the process over: believe nothing
        _empty(folder)
        raise Unreadable("broken", limits=limits, cost=cost) from error


def refuse_locked(source: BinaryIO, *, kind: str, limits: Limits) -> None:
    """Refuse a PDF that asks for a password, and leave the source at its start; raises Unreadable.

    The code is `locked` where a password is asked for; what only its owner's lock restricts opens for everybody. Cheap
    for a file without a lock: only opening a lock tells which it is, and a confined process does it.
    """
    if kind == "application/pdf" and file_headers.pdf_has_lock(source):
        source.seek(0)
        with tempfile.TemporaryDirectory() as folder:
            unlock(source, password="", folder=Path(folder), limits=limits)
    source.seek(0)


def unlock(source: BinaryIO, *, password: str, folder: Path, limits: Limits) -> Path:
    """Write in an empty folder a copy of a PDF that opens without a password; raises Unreadable, leaving nothing.

    The password is the user's or the owner's; an empty one opens what asks for none. The code is `wrong_password` when
    it is not that one, `locked` when none is given. A copy that was unlocked is inspected like any PDF.
    """
    _asked(source, kind="application/pdf", password=password, folder=folder, limits=limits)
    return folder / "unlocked.pdf"


def _asked(
    source: BinaryIO, *, kind: str, password: str | None, folder: Path, limits: Limits
) -> tuple[dict[str, Any], Cost]:
    asked = {
        "kind": kind, "password": password, "folder": str(folder), "limits": asdict(limits),
        "largest_output": max(limits.size, limits.unpacked),
    }  # fmt: skip
    try:
        answer, cost = answered(asked, source, limits=limits, seconds=_WALL_SECONDS)
        if "refused" in answer:
            raise unreadable(str(answer["refused"]), limits=limits, cost=cost)
        return answer, cost
    except Unreadable:
        _empty(folder)
        raise


def unreadable(code: str, *, limits: Limits, cost: Cost) -> Unreadable:
    """Return the refusal that a confined process told by its code; one that is not ours is that of a broken file."""
    return Unreadable(code if code in _SENTENCES else "broken", limits=limits, cost=cost)


def answered(
    asked: dict[str, Any],
    source: BinaryIO,
    *,
    limits: Limits,
    seconds: float,
    turn: AbstractContextManager[Any] = _AT_ONCE,
) -> tuple[dict[str, Any], Cost]:
    """Have a confined process do what is asked with a file, in so many seconds; raises Unreadable.

    `turn` is what to hold meanwhile, so that few such processes run at once.
    """
    with turn, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 (our own code, no shell)
            _START,
            stdin=subprocess.PIPE, stdout=said, stderr=complained,
            # one arena: each thread of a decoder would otherwise reserve 64 MB of the memory allowed
            env={"MALLOC_ARENA_MAX": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        _wait(process, json.dumps(asked).encode() + b"\n", source, seconds)
        cost = Cost(time.monotonic() - began)
        if process.returncode:  # negative: killed by one of its own limits, or by the decoder's fault
            cause = ChildProcessError(process.returncode, _start_of(complained).decode(errors="replace"))
            killed = process.returncode < 0
            raise Unreadable("too_complex" if killed else "broken", limits=limits, cost=cost, killed=killed) from cause
        try:
            answer = json.loads(_start_of(said))
        except ValueError as error:
            raise Unreadable("broken", limits=limits, cost=cost) from error
    if not isinstance(answer, dict):
        raise Unreadable("broken", limits=limits, cost=cost)
    told = answer.get("memory")
    return answer, Cost(cost.seconds, told if isinstance(told, int) else 0)


def _wait(process: "subprocess.Popen[bytes]", asked: bytes, source: BinaryIO, seconds: float) -> None:
    """Give the process its work, and kill it when its time is over."""
    timer = threading.Timer(seconds, os.kill, (process.pid, 9))
    timer.start()
    try:
        with process.stdin as entrance:  # type: ignore[union-attr]
            for chunk in _chunks(asked, source):
                entrance.write(chunk)
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        _, status = os.waitpid(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)


def _chunks(asked: bytes, source: BinaryIO) -> Iterator[bytes]:
    yield asked
    while chunk := source.read(_CHUNK):
        yield chunk


def _start_of(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(_LONGEST_ANSWER)


def _regular(path: Path) -> Path:
    if path.is_symlink() or not path.is_file():
        raise ValueError(path.name)
    return path


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
