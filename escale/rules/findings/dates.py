"""The dates of a paper: of care, of the bill, of payment; one that may be two days is asked, never guessed."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from escale.rules.findings.layout import Row
from escale.rules.findings.vocabulary import Label, labels
from escale.rules.findings.written_dates import Written, written

_KINDS = {"birth": "birth", "care": "care", "payment": "payment", "bill": "bill", "other_date": "other"}
_THAI = re.compile("[\u0e00-\u0e7f]")
_LONG_AGO = timedelta(days=7305)  # no care is claimed that is as old: it is a birth, or was read amiss
_SOON = timedelta(days=1)  # where the sun rises earlier


class Day(NamedTuple):
    """A date on a paper: of what it is, the days it may be (one alone when it is sure), and where it is written."""

    kind: str
    candidates: tuple[date, ...]
    row: Row
    start: int
    end: int

    @property
    def on(self) -> date | None:
        """The day, where it is not ambiguous."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def find(rows: Sequence[Row], *, today: date, month_first: bool | None) -> list[Day]:
    """Return the dates of a paper that are possible and not to come, the likeliest day of care first.

    `month_first` tells the order of days and months where the paper or its country settles it, None where nothing
    does. Other dates of the paper settle it as well: 25/03 and 03/04 are written alike.
    """
    thai = any(_THAI.search(row.text) for row in rows)
    seen = [(rank, row, one) for rank, row in enumerate(rows) for one in written(row.text, thai=thai)]
    order = _order(seen, month_first, today)
    found = []
    for rank, row, one in seen:
        kind = _kind(rank, row, one, rows)
        days = _settled(one, order)
        past = tuple(day for day in days if day <= today + _SOON)
        if kind == "other" and not past:
            continue
        if kind != "birth" and past and past[0] < today - _LONG_AGO:
            kind = "other"
        if past:
            found.append(Day(kind, past, row, one.start, one.end))
    return sorted(found, key=_likeliness, reverse=True)


def _order(seen: list[tuple[int, Row, Written]], month_first: bool | None, today: date) -> bool | None:
    """Return whether months come first: as the dates of the paper that can be read in one way only, or as is told."""
    votes = 0
    for _rank, row, one in seen:
        if one.separator not in ("/", "-") or len(one.days) != 1:
            continue
        digits = [
            int(part) for part in row.text[one.start : one.end].replace("-", "/").split("/") if part.strip().isdigit()
        ]
        if len(digits) == 3 and digits[2] > 12:
            votes += (digits[1] > 12) - (digits[0] > 12)
    return votes > 0 if votes else month_first


def _settled(one: Written, month_first: bool | None) -> tuple[date, ...]:
    """Return the days that a date may be, once the order is known; a point is never between a month and a day."""
    if len(one.days) < 2:
        return one.days
    if one.separator == "." or one.native:
        return one.days[:1]
    return one.days if month_first is None else (one.days[1 if month_first else 0],)


def _kind(rank: int, row: Row, one: Written, rows: Sequence[Row]) -> str:
    """Return of what a date is, by the nearest label: before it, after it, or above it."""
    beside = [label for label in labels(row) if label.kind in _KINDS]
    before = [label for label in beside if label.end <= one.start]
    after = [label for label in beside if label.start >= one.end]
    if before:
        return _KINDS[_nearest(before, one).kind]
    if after and row.right_to_left:
        return _KINDS[min(after, key=lambda label: label.start).kind]
    left, _top, right, _bottom = row.box(one.start, one.end)
    for above in reversed(rows[max(0, rank - 2) : rank]):
        if above.page != row.page:
            continue
        for label in labels(above):
            begin, _t, end, _b = above.box(label.start, label.end)
            if label.kind in _KINDS and begin < right and end > left:
                return _KINDS[label.kind]
    return "unknown"


def _nearest(before: list[Label], one: Written) -> Label:
    """Return the label just before a date: « bill » is any date, and gives way to a surer one that is as near."""
    nearest = max(before, key=lambda label: label.end)
    surer = [label for label in before if label.kind != "bill" and nearest.start - label.end < 25]
    return max(surer, key=lambda label: label.end) if nearest.kind == "bill" and surer else nearest


def _likeliness(day: Day) -> tuple[int, float]:
    rank = {"care": 4, "bill": 3, "payment": 3, "unknown": 2, "other": 1, "birth": 0}[day.kind]
    return rank, -day.row.place - day.row.page
