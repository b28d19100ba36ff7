"""The figures of the law: one YAML file each, dated values, each with its source and how sure we are of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_FOLDER = Path(__file__).parent
_VERIFIED = frozenset({"law", "official"})
_MENTIONS = {"secondary": " (source secondaire, à vérifier)", "default": " (valeur par défaut)"}


class Figure(NamedTuple):
    """One dated value of a figure of the law; `confidence` is law, official, secondary or default."""

    value: Decimal
    source: str
    confidence: str

    @property
    def verified(self) -> bool:
        return self.confidence in _VERIFIED


class Unknown(LookupError):
    """The figure has no value on this date."""


@lru_cache(maxsize=16_384)
def figure(name: str, *, on: date) -> Figure:
    """Return the figure as it stood on a date; raises Unknown before its first dated value."""
    row = current(table(name)["values"], on=on)
    if row is None:
        raise Unknown(f"{name}: no value on {on.isoformat()}")
    return Figure(Decimal(str(row["value"])), cited(row), row["confidence"])


def value(name: str, *, on: date) -> Decimal:
    """Return the value on a date, in the unit its file states (percent, EUR, days…); raises Unknown."""
    return figure(name, on=on).value


def source(name: str, *, on: date) -> str:
    """Return, in French, where the value comes from, and that it is a default where it is one; raises Unknown."""
    return figure(name, on=on).source


def verified(row: dict[str, Any]) -> bool:
    """Tell whether a dated row was read in the law or on an official page."""
    return row["confidence"] in _VERIFIED


def cited(row: dict[str, Any]) -> str:
    """Return the source of a dated row, with its reservation."""
    return str(row["source"]) + _MENTIONS.get(row["confidence"], "")


def current(rows: Iterable[dict[str, Any]], *, on: date) -> dict[str, Any] | None:
    """Return the row in force on a date: `from` included, `until` excluded, either may be absent."""
    for row in rows:
        if row.get("from", date.min) <= on < row.get("until", date.max):
            return row
    return None


@cache
def table(name: str) -> dict[str, Any]:
    """Return one packaged YAML file, read once."""
    content: dict[str, Any] = yaml.load((_FOLDER / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return content


def names() -> tuple[str, ...]:
    """Return the names of all figures, sorted: the files that hold dated `values`."""
    files = sorted(path.stem for path in _FOLDER.glob("*.yaml"))
    return tuple(name for name in files if "values" in table(name))
