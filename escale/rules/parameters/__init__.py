"""The figures of the law: one YAML file each, dated values, each with its source and how sure we are of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from escale.rules.parameters.editions import AS_SHIPPED, Edition, Row, added, edition, laid_over, per_edition, reading

__all__ = [
    "AS_SHIPPED", "Edition", "Figure", "Row", "Unknown", "added", "cited", "current", "edition", "figure", "laid_over",
    "names", "per_edition", "reading", "source", "table", "tables", "value", "verified", "version",
]  # fmt: skip

_FOLDER = Path(__file__).parent
_VERIFIED = frozenset({"law", "official"})
_MENTIONS = {"secondary": " (source secondaire, à vérifier)", "default": " (valeur par défaut)"}


class Figure(NamedTuple):
    """One dated value of a figure of the law; `confidence` is law, official, secondary or default."""

    value: Decimal
    source: str
    confidence: str
    since: date | None = None
    edition: int = 0
    version: str = ""
    """Which dated row this is, in French: « depuis le 15/05/2024 », and the edition that laid it."""

    @property
    def verified(self) -> bool:
        return self.confidence in _VERIFIED


class Unknown(LookupError):
    """A figure, told by its French label, has no value on a date."""

    def __init__(self, label: str, on: date) -> None:
        super().__init__(f"« {label} » n’a pas de valeur connue au {on:%d/%m/%Y}")


@per_edition(maxsize=16_384)
def figure(name: str, *, on: date) -> Figure:
    """Return the figure as it stood on a date, in the edition being read; raises Unknown before its first value."""
    row = current(laid_over("figure", name, table(name)["values"]), on=on)
    if row is None:
        raise Unknown(table(name)["label"], on)
    number = Decimal(str(row["value"]))
    return Figure(number, cited(row), row["confidence"], row.get("from"), row.get("edition", 0), version(row))


def value(name: str, *, on: date) -> Decimal:
    """Return the value on a date, in the unit its file states (percent, EUR, days…); raises Unknown."""
    return figure(name, on=on).value


def source(name: str, *, on: date) -> str:
    """Return, in French, where the value comes from, and that it is a default where it is one; raises Unknown."""
    return figure(name, on=on).source


def version(row: Row) -> str:
    """Return, in French, which dated row this is."""
    since = f"depuis le {row['from']:%d/%m/%Y}" if "from" in row else "de tout temps"
    return f"{since}, édition {row['edition']}" if row.get("edition") else since


def verified(row: Row) -> bool:
    """Tell whether a dated row was read in the law or on an official page."""
    return row["confidence"] in _VERIFIED


def cited(row: Row) -> str:
    """Return the source of a dated row, with its reservation."""
    return str(row["source"]) + _MENTIONS.get(row["confidence"], "")


def current(rows: Iterable[Row], *, on: date) -> Row | None:
    """Return the first row in force on a date: `from` included, `until` excluded, either may be absent."""
    for row in rows:
        if row.get("from", date.min) <= on < row.get("until", date.max):
            return row
    return None


@cache
def table(name: str) -> dict[str, Any]:
    """Return one packaged YAML file, read once."""
    content: dict[str, Any] = yaml.load((_FOLDER / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return content


@cache
def names() -> tuple[str, ...]:
    """Return the names of all figures, sorted: the files that hold dated `values`."""
    return tuple(name for name in tables() if "values" in table(name))


@cache
def tables() -> tuple[str, ...]:
    """Return the names of all packaged tables, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
