"""Charts drawn here, without a script: an SVG for large screens, another for phones, and the table that says it all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, log10
from typing import NamedTuple

Value = int | None
WIDE, NARROW = 560, 296
"""Widths in the unit of the texts, so that none is ever read smaller than it is written."""
HEIGHT = 240
TOP, RIGHT, BOTTOM = 12, 12, 28
LETTER = 8
"""The width of a sign of an axis, at most."""


class Series(NamedTuple):
    """One row of values under its name; it is told apart by its colour, and by its hatching or its marks."""

    name: str
    values: Sequence[Value]


class Tick(NamedTuple):
    """A line of the grid, or a place on the axis, and what is written there."""

    at: str
    text: str


class Bar(NamedTuple):
    """A rectangle of a series, and what it says."""

    x: str
    y: str
    thick: str
    tall: str
    rank: int
    title: str

    @property
    def path(self) -> str:
        """Return its four sides, as SVG draws them."""
        return f"M{self.x} {self.y}h{self.thick}v{self.tall}h-{self.thick}z"


class Curve(NamedTuple):
    """A line of a series, and its points."""

    points: str
    dots: list[tuple[str, str]]
    rank: int


@dataclass
class Drawing:
    """An SVG of a width: a grid, and bars or curves, or the band that surrounds one."""

    width: int
    left: int
    across: list[Tick] = field(default_factory=list)
    along: list[Tick] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    band: str = ""
    height: int = HEIGHT

    @property
    def floor(self) -> int:
        """Where the axis lies."""
        return self.height - BOTTOM

    @property
    def end(self) -> int:
        """Where the grid ends."""
        return self.width - RIGHT

    @property
    def words(self) -> int:
        """The line of the words under the axis."""
        return self.height - BOTTOM // 2 + 4


@dataclass(frozen=True)
class Chart:
    """A chart with its sentence, its key, and its table; without a drawing, the table alone."""

    name: str
    title: str
    says: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    drawings: tuple[Drawing, ...] = ()
    key: Sequence[str] = ()
    curved: bool = False


def bars(labels: Sequence[str], series: Sequence[Series], *, stacked: bool = False) -> tuple[Drawing, ...]:
    """Draw bars, beside one another or stacked."""
    heights = [_sum(one.values[place] for one in series) for place in range(len(labels))] if stacked else []
    most = max(heights or [value or 0 for one in series for value in one.values], default=0)
    return tuple(_bars(_frame(width, labels, most), labels, series, most, stacked) for width in (WIDE, NARROW))


def curves(
    labels: Sequence[str], series: Sequence[Series], *, most: int = 0, unit: str = "",
    band: Sequence[tuple[int, int]] = (),
) -> tuple[Drawing, ...]:  # fmt: skip
    """Draw one curve for each series; a value that is not known leaves a gap. `band`: around all, from low to high."""
    known = [value for one in series for value in one.values if value is not None]
    most = most or max([*known, *(high for _low, high in band)], default=0)
    return tuple(_curves(_frame(width, labels, most, unit), labels, series, most, band) for width in (WIDE, NARROW))


def _frame(width: int, labels: Sequence[str], most: int, unit: str = "") -> Drawing:
    """Draw the grid, and as many words along the axis as have room."""
    step = _step(most)
    marks = range(0, _ceiling(most) + 1, step)
    left = 8 + LETTER * max(len(f"{_spaced(mark)}{unit}") for mark in marks)
    drawing = Drawing(width, left)
    drawing.across = [Tick(_at(_y(drawing, mark, most)), f"{_spaced(mark)}{unit}") for mark in marks]
    if labels:
        slot = (drawing.end - left) / len(labels)
        every = max(1, ceil(LETTER * (max(map(len, labels)) + 1) / slot))
        drawing.along = [Tick(_at(left + slot * (place + 1 / 2)), label)
                         for place, label in enumerate(labels) if not place % every]  # fmt: skip
    return drawing


def _bars(drawing: Drawing, labels: Sequence[str], series: Sequence[Series], most: int, stacked: bool) -> Drawing:
    slot = (drawing.end - drawing.left) / max(1, len(labels))
    thick = slot * 3 / 4 / (1 if stacked else len(series))
    for place, label in enumerate(labels):
        below = 0
        for rank, one in enumerate(series):
            value = one.values[place] or 0
            top, bottom = _y(drawing, below + value, most), _y(drawing, below, most)
            x = drawing.left + slot * (place + 1 / 8) + (0 if stacked else thick * rank)
            title = f"{label} : {_spaced(value)} ({one.name})"
            if value:
                drawing.bars.append(Bar(_at(x), _at(top), _at(thick), _at(bottom - top), rank, title))
            below += value if stacked else 0
    return drawing


def _curves(
    drawing: Drawing, labels: Sequence[str], series: Sequence[Series], most: int, band: Sequence[tuple[int, int]]
) -> Drawing:
    slot = (drawing.end - drawing.left) / max(1, len(labels))
    places = [drawing.left + slot * (place + 1 / 2) for place in range(len(labels))]
    for rank, one in enumerate(series):
        known = [(_at(x), _at(_y(drawing, value, most)))
                 for x, value in zip(places, one.values, strict=True) if value is not None]  # fmt: skip
        drawing.curves.append(Curve(" ".join(f"{x},{y}" for x, y in known), known, rank))
    if band:
        above = [f"{_at(x)},{_at(_y(drawing, high, most))}" for x, (_low, high) in zip(places, band, strict=True)]
        below = [f"{_at(x)},{_at(_y(drawing, low, most))}" for x, (low, _high) in zip(places, band, strict=True)]
        drawing.band = " ".join([*above, *reversed(below)])
    return drawing


def _y(drawing: Drawing, value: int, most: int) -> float:
    return drawing.floor - (drawing.floor - TOP) * value / _ceiling(most)


def _step(most: int) -> int:
    """Return a round distance between two lines of the grid: there are five at most."""
    if most <= 5:
        return 1
    size: int = 10 ** int(log10(most / 5))
    return next(size * times for times in (1, 2, 5, 10) if size * times * 5 >= most)


def _ceiling(most: int) -> int:
    return max(1, ceil(most / _step(most))) * _step(most)


def _sum(values: Iterable[Value]) -> int:
    return sum(value for value in values if value)


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _at(number: float) -> str:
    """Write a coordinate as SVG reads it, whatever the language of the page."""
    return f"{number:.1f}"
