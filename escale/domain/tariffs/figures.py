"""What is asked of the figures of the law: the value of each today, the next one, what waits for a second person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import ngettext

from escale.domain.tariffs.lifecycle import Status
from escale.domain.tariffs.models import AmendedRow, Confidence, Edition
from escale.domain.tariffs.units import Shape, shape
from escale.rules import parameters
from escale.rules.identity import folded
from escale.rules.parameters import Row

SHOWN = 50
"""How many rows of an edition are shown one by one."""


class Dated(NamedTuple):
    """One value of a figure, in words, with what it stands on; `edition` is 0 for what the house was shipped with."""

    value: str
    since: date | None
    until: date | None
    source: str
    confidence: Confidence
    edition: int = 0
    edition_pk: int | None = None

    @property
    def verified(self) -> bool:
        """Whether it was read in the law or on an official page."""
        return self.confidence in {Confidence.LAW, Confidence.OFFICIAL}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A figure as it stands on a day: its value, None before the first; the next one; the edition that waits."""

    name: str
    shape: Shape
    note: str
    now: Dated | None
    next: Dated | None
    ends_on: date | None
    """The day on which the value of today gives way."""
    waiting: int | None

    @property
    def verified(self) -> bool:
        """Whether the value of today was read in the law or on an official page."""
        return self.now is not None and self.now.verified

    def answers(self, words: Sequence[str]) -> bool:
        """Tell whether each of these folded words is somewhere in what is said of the figure."""
        source = self.now.source if self.now else ""
        said = folded(f"{self.shape.label} {self.note} {source} {self.name.replace('_', ' ')}")
        return all(word in said for word in words)


def standings(*, on: date, words: str = "") -> list[Standing]:
    """Return the figures that have these words, by label, under the edition of the law being read (2 queries)."""
    editions, waiting = _numbered(), _waiting()
    every = (_standing(name, on, editions, waiting) for name in parameters.names())
    asked = folded(words).split()
    return sorted((one for one in every if one.answers(asked)), key=lambda one: folded(one.shape.label))


def standing(name: str, *, on: date) -> Standing:
    """
    Return one figure under the edition of the law being read.

    :raises LookupError: if the law has no such figure.
    """
    if name not in parameters.names():
        raise LookupError(f"no figure {name!r}")
    return _standing(name, on, _numbered(), _waiting())


def said(edition: Edition) -> list[tuple[Shape, Dated]]:
    """Return the figures that an edition gives a value, the first of them, with this value."""
    rows = edition.rows.filter(table="figure").order_by("key", "valid_from")[:SHOWN]
    return [(shape(row.key), _dated(shape(row.key), row.dated)) for row in rows]


def named(editions: Iterable[Edition]) -> dict[int, str]:
    """Return, for each of these editions that holds figures, the name of the first and how many others (1 query)."""
    rows = AmendedRow.objects.filter(edition__in=[one.pk for one in editions], table="figure").order_by(
        "edition", "key"
    )
    held: dict[int, list[str]] = {}
    for pk, key in rows.values_list("edition_id", "key").distinct():
        held.setdefault(pk, []).append(shape(key).label)
    return {pk: _and_others(*labels) for pk, labels in held.items()}


def _and_others(first: str, *others: str) -> str:
    if not others:
        return first
    told = ngettext("%(first)s, et %(n)d autre chiffre", "%(first)s, et %(n)d autres chiffres", len(others))
    return told % {"first": first, "n": len(others)}


def _standing(name: str, on: date, editions: dict[int, int], waiting: dict[str, int]) -> Standing:
    form = shape(name)
    rows = parameters.laid_over("figure", name, parameters.table(name)["values"])
    now = parameters.current(rows, on=on)
    ends_on, following = _following(rows, now, on)
    return Standing(
        name=name,
        shape=form,
        note=parameters.table(name).get("note", ""),
        now=_dated(form, now, editions) if now else None,
        next=_dated(form, {**following, "from": ends_on}, editions) if following else None,
        ends_on=ends_on,
        waiting=waiting.get(name),
    )


def _following(rows: Sequence[Row], now: Row | None, on: date) -> tuple[date | None, Row | None]:
    """Return the first day after which another row is in force, and this row; none where nothing follows."""
    days = {day for row in rows for end in ("from", "until") if (day := row.get(end)) and day > on}
    for day in sorted(days):
        row = parameters.current(rows, on=day)
        if row is not now:
            return day, row
    return None, None


def _dated(form: Shape, row: Row, editions: dict[int, int] | None = None) -> Dated:
    number = row.get("edition", 0)
    return Dated(
        value=form.written(Decimal(str(row["value"]))),
        since=row.get("from"),
        until=row.get("until"),
        source=row["source"],
        confidence=Confidence(row["confidence"]),
        edition=number,
        edition_pk=(editions or {}).get(number),
    )


def _numbered() -> dict[int, int]:
    """Return the key of each edition in force, by its number."""
    return {number: pk for number, pk in Edition.objects.in_force().values_list("number", "pk") if number}


def _waiting() -> dict[str, int]:
    """Return, for each figure that has one, the oldest edition that waits for a second person."""
    rows = AmendedRow.objects.filter(table="figure", edition__status=Status.PROPOSED).order_by("-edition_id")
    return dict(rows.values_list("key", "edition_id"))
