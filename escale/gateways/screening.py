"""The verdict on one file: what the door, the confined process and the scanner say of it, put together."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from escale.gateways import file_kinds, inspection
from escale.gateways.antivirus import Antivirus, Scan, Unavailable, Verdict
from escale.gateways.file_kinds import Limits
from escale.gateways.inspection import Cost, Inspection


class Outcome(StrEnum):
    """What becomes of a file; `cleaned` is accepted too, and something was left out or changed in its images."""

    ACCEPTED = "accepted"
    CLEANED = "cleaned"
    REFUSED = "refused"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"
    SCANNER_UNAVAILABLE = "scanner_unavailable"


SENTENCES = {
    Outcome.ACCEPTED: "Ce fichier est accepté.",
    Outcome.CLEANED: "Ce fichier est accepté.",
    Outcome.INFECTED: "Ce fichier contient un virus. Supprimez-le de votre appareil et envoyez un autre fichier.",
    Outcome.UNSCANNABLE: (
        "L’antivirus ne peut pas lire tout ce fichier. Imprimez-le en PDF ou photographiez-le, "
        "puis envoyez ce nouveau fichier."
    ),
    Outcome.SCANNER_UNAVAILABLE: (
        "L’antivirus ne répond pas. Ce fichier est gardé et sera contrôlé dès que possible ; vous n’avez rien à faire."
    ),
}
# clamd's words for what it saw to be damaged or disguised, or could not open, and which we have opened and redrawn
_REDRAWN = ("Heuristics.Broken.Media.", "Heuristics.Encrypted.PDF", "Heuristics.PDF.ObfuscatedNameObject")


@dataclass(frozen=True, slots=True)
class Screening:
    """A verdict, why, and what it took.

    `code` is that of a refusal, else empty; `removed` and `changed` are keys of inspection's tables; `finding` is what
    the scanner said, even where another verdict came first.
    """

    outcome: Outcome
    sentence: str
    code: str = ""
    kind: str = ""
    pages: int = 0
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    finding: str = ""
    signatures: str = ""
    cost: Cost = Cost()


def scan(source: BinaryIO, inspected: Inspection | None, antivirus: Antivirus) -> Scan:
    """Scan a file as it was received, then each part that its inspection gave; raises Unavailable.

    A virus anywhere is a virus, even if the scanner fell silent elsewhere. One scan missing, otherwise, and there is
    no verdict. What one scan could not look into makes the whole unscannable, unless it was opened and redrawn here.
    """
    silence, scans = None, []
    for stream in _streams(source, inspected):
        try:
            scans.append(antivirus.scan(stream))
        except Unavailable as error:
            silence = error
            continue
        if scans[-1].verdict == Verdict.INFECTED:
            return scans[-1]
    if silence:
        raise silence
    received, *others = scans
    if inspected and received.name.startswith(_REDRAWN):
        received = Scan(Verdict.CLEAN, "", received.signatures)
    return next((one for one in (received, *others) if one.verdict != Verdict.CLEAN), received)


def _streams(source: BinaryIO, inspected: Inspection | None) -> Iterator[BinaryIO]:
    source.seek(0)
    yield source
    for path in inspected.parts if inspected else ():
        with path.open("rb") as part:
            yield part


def screen(
    source: BinaryIO,
    *,
    name: str,
    declared_type: str,
    password: str = "",
    limits: Limits,
    antivirus: Antivirus,
    folder: Path,
) -> Screening:
    """Give the whole verdict on a file, leaving its pages in an empty folder; what is refused is scanned too."""
    began = time.monotonic()
    kind, inspected, refusal, memory = "", None, ("", ""), 0
    try:
        kind = file_kinds.examine(source, name=name, declared_type=declared_type, limits=limits).type
        inspected = _inspected(source, kind=kind, password=password, folder=folder, limits=limits)
        memory = inspected.cost.memory
    except file_kinds.Refused as error:
        refusal = error.code, str(error)
    except inspection.Unreadable as error:
        refusal, memory = (error.code, str(error)), error.cost.memory
    finding, scanned = _scanned(source, inspected, antivirus)
    outcome = _outcome(inspected, scanned)
    code, sentence = refusal if outcome == Outcome.REFUSED else ("", SENTENCES[outcome])
    return Screening(
        outcome=outcome,
        sentence=sentence + _told(inspected) if outcome == Outcome.CLEANED else sentence,
        code=code,
        kind=kind,
        pages=len(inspected.pages) if inspected else 0,
        removed=inspected.removed if inspected else [],
        changed=inspected.changed if inspected else [],
        finding=finding,
        signatures=scanned.signatures if scanned else "",
        cost=Cost(time.monotonic() - began, memory),
    )


def _inspected(source: BinaryIO, *, kind: str, password: str, folder: Path, limits: Limits) -> Inspection:
    """Inspect a file or, where it asks for a password and one is given, the copy which that opens."""
    try:
        return inspection.inspect(source, kind=kind, folder=folder, limits=limits)
    except inspection.Unreadable as error:
        if error.code != "locked" or not password:
            raise
    source.seek(0)
    with tempfile.TemporaryDirectory() as room:
        copy = inspection.unlock(source, password=password, folder=Path(room), limits=limits)
        with copy.open("rb") as unlocked:
            found = inspection.inspect(unlocked, kind=kind, folder=folder, limits=limits)
    return replace(found, changed=["unlocked", *found.changed])


def _scanned(source: BinaryIO, inspected: Inspection | None, antivirus: Antivirus) -> tuple[str, Scan | None]:
    try:
        verdict = scan(source, inspected, antivirus)
        return verdict.name, verdict
    except Unavailable as error:
        return str(error), None


def _outcome(inspected: Inspection | None, scanned: Scan | None) -> Outcome:
    if scanned and scanned.verdict == Verdict.INFECTED:
        return Outcome.INFECTED
    if inspected is None:
        return Outcome.REFUSED
    if scanned is None:
        return Outcome.SCANNER_UNAVAILABLE
    if scanned.verdict == Verdict.UNSCANNABLE:
        return Outcome.UNSCANNABLE
    return Outcome.CLEANED if inspected.removed or inspected.changed else Outcome.ACCEPTED


def _told(inspected: Inspection | None) -> str:
    """Return what was left out and what was done, after the sentence that says yes."""
    lists = (
        ("Retiré de ce qui est montré", inspection.REMOVED, inspected.removed if inspected else []),
        ("Préparation", inspection.CHANGED, inspected.changed if inspected else []),
    )
    return "".join(f" {what} : {', '.join(labels[key] for key in keys)}." for what, labels, keys in lists if keys)
