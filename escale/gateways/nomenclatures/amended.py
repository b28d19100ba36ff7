"""Figures of the law, territories and other dated rows that change: a YAML file written as the packaged tables are."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from escale.gateways.nomenclatures import sheet
from escale.gateways.nomenclatures.sheet import AmendedRow, Refused, Unreadable, Wrong

_LARGEST = 1_000_000
_ENDS = ("from", "until")


def figures(files: Sequence[Path]) -> Iterator[AmendedRow | Refused]:
    """Read a list of rows, each with `table`, `key`, `from`, `until` and the values of its table.

    `line` counts the rows of the file from one. Raises Unreadable for what is not such a list.
    """
    for path in files:
        for number, row in enumerate(_listed(path), 1):
            try:
                yield _amended(number, row)
            except Wrong as fault:
                yield Refused(number, str(fault), path.name)


def _listed(path: Path) -> list[Any]:
    with sheet.opened(path) as content:
        raw = content.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise Unreadable(f"{path.name} : le fichier est trop long pour être une liste de chiffres.")
    try:
        rows = yaml.safe_load(raw)
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise Unreadable(f"{path.name} : ce n’est pas du YAML bien formé.") from fault
    if not isinstance(rows, list):
        raise Unreadable(f"{path.name} : le fichier n’est pas une liste de lignes datées.")
    return rows


def _amended(number: int, row: Any) -> AmendedRow:
    if not isinstance(row, dict) or not all(isinstance(name, str) for name in row):
        raise Wrong("Une ligne est faite de « nom : valeur ».")
    values = {name: value for name, value in row.items() if name not in {"table", "key", *_ENDS}}
    table, key = row.get("table"), row.get("key")
    if not (isinstance(table, str) and isinstance(key, str) and 0 < len(table) <= 40 and 0 < len(key) <= 80):
        raise Wrong("Il manque la table ou la clé.")
    _text(table + key)
    ends = [row.get(end) for end in _ENDS]
    if any(end is not None and type(end) is not date for end in ends):
        raise Wrong("Une date s’écrit 2026-01-31, sans guillemets.")
    if ends[0] and ends[1] and ends[1] <= ends[0]:
        raise Wrong("La période finit avant de commencer.")
    return AmendedRow(
        line=number, table=table, key=key, row={name: _plain(value) for name, value in values.items()},
        valid_from=ends[0], valid_until=ends[1],
    )  # fmt: skip


def _text(value: str) -> str:
    if "\x00" in value or not value.isprintable():
        raise Wrong("Un texte contient un signe qui ne s’écrit pas.")
    return value


def _plain(value: Any) -> Any:
    """Keep what JSON can hold without a change: numbers as they were written."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return str(Decimal(str(value)))
    if isinstance(value, list):
        return [_plain(one) for one in value]
    raise Wrong("Une valeur est un texte, un nombre, oui ou non, ou une liste.")
