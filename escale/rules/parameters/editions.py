"""Editions of the law: dated rows laid over the packaged ones, so that a figure changes without a release."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar

Row = Mapping[str, Any]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edition:
    """Rows that come before the packaged ones, under (table, key): ("figure", "franchise_drug"), ("act", "G")…

    A row is written as in the YAML of its table: `from` (included) and `until` (excluded) are dates, either may be
    absent. An edition is whole: it holds the rows of those before it that still stand. Raises ValueError for a date
    that is not one.
    """

    number: int
    rows: Mapping[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict, compare=False, repr=False)
    imprint: str = field(init=False)
    """SHA-256 of the rows: two editions of one number and different rows are never taken for each other."""

    def __post_init__(self) -> None:
        marked = {
            key: tuple({**row, "edition": row.get("edition", self.number)} for row in rows)
            for key, rows in sorted(self.rows.items())
        }
        if any(type(row.get(end, date.min)) is not date for rows in marked.values() for row in rows for end in _ENDS):
            raise ValueError("the ends of a row are dates, or absent")
        text = json.dumps([[*key, rows] for key, rows in marked.items()], default=str, sort_keys=True)
        object.__setattr__(self, "rows", marked)
        object.__setattr__(self, "imprint", sha256(text.encode()).hexdigest())


_ENDS = ("from", "until")
AS_SHIPPED = Edition(0)
_READING: ContextVar[Edition] = ContextVar("edition", default=AS_SHIPPED)


def edition() -> Edition:
    """Return the edition being read: the law as shipped, outside any `reading`."""
    return _READING.get()


@contextmanager
def reading(edition: Edition) -> Iterator[Edition]:
    """Make every look-up inside see this edition, in this thread or task only."""
    token = _READING.set(edition)
    try:
        yield edition
    finally:
        _READING.reset(token)


def laid_over(table: str, key: str, packaged: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows of the edition for a key of a table, then the packaged ones: the first in force wins."""
    return (*_READING.get().rows.get((table, key), ()), *packaged)


def added(table: str) -> tuple[str, ...]:
    """Return the keys of a table that the edition has rows for, sorted; some may be new to the house."""
    return tuple(sorted(key for one, key in _READING.get().rows if one == table))


def per_edition(*, maxsize: int | None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the answers of a pure function of the law, apart for each edition."""

    def keep(asked: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=maxsize)
        def kept(_number: int, _imprint: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return asked(*args, **kwargs)

        @wraps(asked)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            read = _READING.get()
            return kept(read.number, read.imprint, *args, **kwargs)  # type: ignore[arg-type]  # names are hashable

        return answer

    return keep
