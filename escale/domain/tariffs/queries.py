"""What is asked of the tariffs: the edition of the law to read, and the act of a code on a day."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q, QuerySet

from escale.domain.tariffs.models import AmendedRow, Edition, Kind, TariffLine
from escale.rules import acts, parameters
from escale.rules.acts import Act
from escale.rules.intake import Care
from escale.rules.parameters import Row

SHELVES = 32
"""How many editions of the law each process keeps at hand: the one in force, and those of old decisions."""

_LINES = frozenset({Kind.CCAM, Kind.BDPM, Kind.LPP})
_CCAM = re.compile(r"[A-Z]{4}[0-9]{3}(-[1-5](-[0-3])?)?")


class Kept(NamedTuple):
    """An edition in force, as far as choosing between editions needs it."""

    number: int
    pk: int
    kind: str
    effective_from: date
    source: str


class Shelf(NamedTuple):
    """The law as an edition tells it: the rows laid over the packaged ones, and the nomenclatures in force by then."""

    law: parameters.Edition
    kept: tuple[Kept, ...]

    def in_charge(self, on: date) -> tuple[Kept, ...]:
        """Return the edition of each nomenclature that applies on a day: the last to take effect by then."""
        taken = {one.kind: one for one in sorted(self.kept, key=_rank) if one.effective_from <= on}
        return tuple(one for kind, one in taken.items() if kind in _LINES)


def edition(number: int | None = None) -> parameters.Edition:
    """Return the edition of the law in force, or the one of this number: one small query, the rest kept at hand."""
    return _shelf(number).law


def _shelf(number: int | None = None) -> Shelf:
    if number == 0:
        return _AS_SHIPPED
    editions = Edition.objects.in_force() if number is None else Edition.objects.in_force().filter(number=number)
    latest = editions.values_list("number", "pk").first()
    if latest is None and number:
        raise LookupError(f"no edition {number} was ever in force")
    return _shelved(*latest) if latest else _AS_SHIPPED


_AS_SHIPPED = Shelf(parameters.AS_SHIPPED, ())


@lru_cache(maxsize=SHELVES)
def _shelved(number: int, _pk: int) -> Shelf:
    """Build the law of an edition; what is in force never changes, so it is built once."""
    columns = ("number", "pk", "kind", "effective_from", "source")
    found = Edition.objects.in_force().filter(number__lte=number).values_list(*columns)
    kept = tuple(Kept(*row) for row in found)
    rows: dict[tuple[str, str], tuple[Row, ...]] = {}
    for one, ends in _reigns(kept):
        for amended in AmendedRow.objects.filter(edition=one.pk).order_by("table", "key", "-valid_from"):
            row = _within(amended, one, ends)
            if row:
                key = (amended.table, amended.key)
                rows[key] = (*rows.get(key, ()), row)
    return Shelf(parameters.Edition(number, rows), kept)


def _rank(one: Kept) -> tuple[date, int]:
    return one.effective_from, one.number


def _reigns(kept: Iterable[Kept]) -> Iterator[tuple[Kept, date]]:
    """Give each edition of rows, the last put in force first, with the day on which a whole nomenclature gives way."""
    ends: dict[int, date] = {}
    following: dict[str, date] = {}
    for one in sorted(kept, key=_rank, reverse=True):
        ends[one.number] = following.get(one.kind, date.max)
        if one.kind != Kind.FIGURES:  # a figure stands until another says otherwise
            following[one.kind] = one.effective_from
    yield from ((one, ends[one.number]) for one in sorted(kept, reverse=True) if one.kind not in _LINES)


def _within(amended: AmendedRow, one: Kept, ends: date) -> Row | None:
    """Return the row within the reign of its edition, None if nothing of it is left."""
    row = amended.dated
    starts, until = max(row["from"], one.effective_from), min(row.get("until", date.max), ends)
    if starts >= until:
        return None
    kept = {**row, "from": starts, "edition": one.number}
    return kept if until == date.max else {**kept, "until": until}


def act(code: str, *, on: date) -> Act:
    """
    Return an act as it stood on a day, under the edition of the law being read.

    An imported nomenclature comes before the packaged acts. What it no longer holds, the Fund no longer pays for.

    :raises LookupError: if there is no such act.
    """
    written = code.strip().upper()
    taken = in_charge(on=on)
    if not taken:
        return acts.act(written, on=on)
    line = lines(on=on, taken=taken).filter(code=written).order_by("-valid_from").first()
    if line:
        return as_act(line, taken)
    if of_ccam(written) and any(one.kind == Kind.CCAM for one in taken):
        raise LookupError(f"no act {written!r} in the CCAM on {on.isoformat()}")
    return acts.act(written, on=on)


def of_ccam(code: str) -> bool:
    """Tell whether a code is one of the CCAM, by its form."""
    return bool(_CCAM.fullmatch(code))


def known(code: str, *, on: date) -> Act | None:
    """Return an act as `act` does, None where there is none."""
    try:
        return act(code, on=on) if code else None
    except LookupError:
        return None


def known_together(wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Act]:
    """Return the acts of many codes, each on its day, as `known` does one by one; those that there are (2 queries)."""
    asked = {(code.strip().upper(), on) for code, on in wanted}
    number = parameters.edition().number
    shelf = _shelf(number) if number else _AS_SHIPPED
    taken = {on: shelf.in_charge(on) for _code, on in asked}
    kept: dict[str, list[TariffLine]] = {}
    editions = {one.pk for some in taken.values() for one in some}
    if editions:
        for line in TariffLine.objects.filter(code__in={code for code, _on in asked}, edition__in=editions):
            kept.setdefault(line.code, []).append(line)
    found = ((key, _among(kept.get(key[0], ()), key[0], key[1], taken[key[1]])) for key in asked)
    return {key: act for key, act in found if act}


def _among(kept: Iterable[TariffLine], code: str, on: date, taken: tuple[Kept, ...]) -> Act | None:
    """Choose the act of a code on a day among the lines that bear this code, else among the packaged acts."""
    editions = {one.pk for one in taken}
    held = [
        line
        for line in kept
        if line.edition_id in editions and line.valid_from <= on and (line.valid_until is None or on < line.valid_until)
    ]
    if held:
        return as_act(max(held, key=lambda line: line.valid_from), taken)
    if of_ccam(code) and any(one.kind == Kind.CCAM for one in taken):
        return None
    try:
        return acts.act(code, on=on)
    except LookupError:
        return None


def lines(*, on: date, taken: Iterable[Kept]) -> QuerySet[TariffLine]:
    """Return the lines of these editions that hold on a day."""
    return TariffLine.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=on), edition__in=[one.pk for one in taken], valid_from__lte=on
    )


def as_act(line: TariffLine, taken: Iterable[Kept]) -> Act:
    """Put a line of a nomenclature in the words of the law."""
    one = next(one for one in taken if one.pk == line.edition_id)
    return Act(
        code=line.code,
        label=line.label,
        care=Care(line.care),
        tariff=line.price,
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        source=line.note or one.source,
        verified=line.price is not None,
        drugs=line.drugs or "major",
        edition=one.number,
        version=parameters.version({"from": line.valid_from, "edition": one.number}),
    )


def in_charge(*, on: date) -> tuple[Kept, ...]:
    """Return the edition of each imported nomenclature that applies on a day, under the edition being read."""
    number = parameters.edition().number
    return _shelf(number).in_charge(on) if number else ()


def listed() -> QuerySet[Edition]:
    """Return the editions, what waits for a decision first."""
    return Edition.objects.select_related("proposed_by", "decided_by").newest_first()
