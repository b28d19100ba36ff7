"""A stay in hospital is one, however its bills cut it: its days follow each other, its lump sum is borne once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from escale.rules.care_line import CareLine
from escale.rules.intake import Care

_NOTHING = Decimal(0)
_DOUBT = (
    "Séjours à l’hôpital qui se suivent ou se chevauchent : dites si c’est un seul séjour, et combien de ses jours "
    "sont comptés ailleurs (CSS, art. R. 160-16, I, 2 et V, 3)."
)
COMPARED = (
    "Séjour écrit en plusieurs lignes : la participation et le forfait journalier se comparent sur tout le séjour. "
    "Vérifiez la somme (CSS, art. L. 174-4)."
)


class Piece(NamedTuple):
    """What one line tells of a stay: its days, the last one excluded, how many came before, when the stay began."""

    line: CareLine
    until: date
    before: int
    first: date


class Placed(NamedTuple):
    """A line with the days of its stay counted, the day on which the stay began, and what a person has to judge."""

    line: CareLine
    first: date
    told: tuple[str, ...] = ()


def placed(lines: Sequence[CareLine]) -> list[Placed]:
    """Return the lines of a claim, in order of date, each with its place in a stay (CSS, art. R. 160-16, I and V, 3).

    Days that follow each other at one provider are one stay, heavy as a whole; an act during a stay counts its days.
    """
    pieces: dict[int, Piece] = {}
    doubts = set()
    for place, line in enumerate(lines):
        if not _is_stay(line):
            continue
        before = [one for one in pieces.values() if one.line.given_on <= line.given_on <= one.until]
        own = [one for one in before if one.until == line.given_on and one.line.provider == line.provider != ""]
        if len(own) < len(before):
            doubts.add(place)
        pieces[place] = _piece(line, own[0] if own and len(own) == len(before) else None)
    heavy = {(one.first, one.line.provider) for one in pieces.values() if one.line.heavy}
    found = []
    for place, line in enumerate(lines):
        if piece := pieces.get(place):
            whole = line.heavy or (line.provider != "" and (piece.first, line.provider) in heavy)
            one = replace(line, hospital_days_before=piece.before, heavy=whole)
            found.append(Placed(one, piece.first, (_DOUBT,) if place in doubts else ()))
        else:
            found.append(Placed(_during(line, pieces.values()), line.given_on))
    return found


def compares_otherwise(dues: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Tell whether the shares and daily charges of one stay, in euros, give another sum together than line by line."""
    shares, charges = zip(*dues, strict=True)
    apart = sum((max(pair) for pair in zip(shares, charges, strict=True)), _NOTHING)
    return apart != max(sum(shares, _NOTHING), sum(charges, _NOTHING))


def _is_stay(line: CareLine) -> bool:
    return line.care is Care.HOSPITAL and line.hospital_days > 0 and not line.emergency and line.decided_eur is None


def _piece(line: CareLine, follows: Piece | None) -> Piece:
    until, before, first = line.given_on + timedelta(days=line.hospital_days), line.hospital_days_before, line.given_on
    if follows:
        before, first = before or follows.before + follows.line.hospital_days, follows.first
    return Piece(line, until, before, first)


def _during(line: CareLine, pieces: Iterable[Piece]) -> CareLine:
    """Count the days of the stay before an act given during it, unless they were said."""
    if not line.in_hospital or line.hospital_days_before:
        return line
    around = [one for one in pieces if one.line.given_on <= line.given_on < one.until]
    days = max((one.before + (line.given_on - one.line.given_on).days for one in around), default=0)
    return replace(line, hospital_days_before=days)
