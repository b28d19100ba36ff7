"""How lines that were read or typed become those of an edition: each tried by the law itself, said once."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from escale.domain.tariffs import units
from escale.domain.tariffs.models import Confidence
from escale.gateways import nomenclatures
from escale.gateways.nomenclatures import AmendedRow as ReadRow
from escale.gateways.nomenclatures import Price, Refused, Unreadable
from escale.rules import acts, budgets, currency, parameters, refusal, scope
from escale.rules.identity import folded
from escale.rules.intake import Care

_CARES = frozenset(care.value for care in Care)
_TRIED: dict[str, Callable[[str, date], Any]] = {
    "figure": lambda key, on: parameters.figure(key, on=on),
    "act": lambda key, on: acts.act(key, on=on),
    "territory": lambda key, on: scope.territory(key, on=on),
    "reason": lambda key, on: refusal.reason(key, on=on),
    "budget": lambda key, on: budgets.budget(key, on=on),
    "parity": lambda key, on: currency.choose(key, on=on, published=()),
}
"""How the law reads each table that an edition may amend: what it cannot read is refused."""


@dataclass(frozen=True)
class Content:
    """What an edition will be made of: its lines as they come, and the names and SHA-256 of where they come from."""

    files: str
    sha256: str
    read: Iterator[Price | ReadRow | Refused]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an edition, in the order of the columns of its table."""

    values: tuple[Any, ...]


PRICE_COLUMNS = (
    "code", "activity", "phase", "label", "folded", "care", "price", "drugs", "valid_from", "valid_until", "note",
)  # fmt: skip
ROW_COLUMNS = ("table", "key", "row", "valid_from", "valid_until")


def of_files(kind: str, files: Sequence[Path]) -> Content:
    """Prepare to read the files of a kind; raises Unreadable for one that cannot be opened."""
    return Content(", ".join(file.name for file in files), _digest(files), nomenclatures.READERS[kind](files))


def of_figure(name: str, value: Decimal, *, valid_from: date, valid_until: date | None, **said: str) -> Content:
    """Make one line of a figure that was typed; its SHA-256 is that of the line, its names sorted, in JSON."""
    row = {"value": f"{value.normalize():f}", **said}
    return _typed(ReadRow(line=1, table="figure", key=name, row=row, valid_from=valid_from, valid_until=valid_until))


def of_reason(code: str, *, valid_from: date, valid_until: date | None, **said: Any) -> Content:
    """Make one line of a coded reason that was typed, in the same way."""
    row = {name: words for name, words in said.items() if words}
    return _typed(ReadRow(line=1, table="reason", key=code, row=row, valid_from=valid_from, valid_until=valid_until))


def of_budget(code: str, *, valid_from: date, **said: str) -> Content:
    """Make one line of a budget that was typed, in the same way."""
    row = {name: words for name, words in said.items() if words}
    return _typed(ReadRow(line=1, table="budget", key=code, row=row, valid_from=valid_from, valid_until=None))


def _typed(line: ReadRow) -> Content:
    told = {"table": line.table, "key": line.key, "from": line.valid_from, "until": line.valid_until, **line.row}
    text = json.dumps(told, default=str, ensure_ascii=False, sort_keys=True)
    return Content("", hashlib.sha256(text.encode()).hexdigest(), iter([line]))


def _digest(files: Sequence[Path]) -> str:
    """Return the SHA-256 of a file, or that of the digests of several, in the order of their names."""
    digests = []
    for file in sorted(files, key=lambda one: one.name):
        try:
            with file.open("rb") as content:
                digests.append(hashlib.file_digest(content, "sha256").hexdigest())
        except OSError as fault:
            raise Unreadable(f"{file.name} : le fichier ne peut pas être lu.") from fault
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def lines(content: Content, *, effective_from: date, source: str) -> Iterator[Row | Refused]:
    """Try each line of a content: those that are good with their values, each other with why it is left out."""
    said: dict[tuple[Any, ...], int] = {}
    file = content.files if ", " not in content.files else ""
    for line in content.read:
        if isinstance(line, Refused):
            yield line
            continue
        starts = line.valid_from or effective_from
        name = (line.code,) if isinstance(line, Price) else (line.table, line.key)
        first = said.setdefault((*name, starts), line.line)
        if first != line.line:
            yield Refused(line.line, f"Déjà dit à la ligne {first}.", file)
        elif line.valid_until and line.valid_until <= starts:
            yield Refused(line.line, "La période finit avant la date d’effet.", file)
        elif isinstance(line, Price):
            yield _price(line, starts)
        else:
            yield _amended(line, starts, source)


def _price(line: Price, starts: date) -> Row | Refused:
    if line.care not in _CARES:
        return Refused(line.line, f"La nature de soins « {line.care[:24]} » n’est pas connue.")
    values = (
        line.code, line.activity, line.phase, line.label, folded(line.label)[:1000], line.care, line.price, line.drugs,
        starts, line.valid_until, line.note,
    )  # fmt: skip
    return Row(values)


def _amended(line: ReadRow, starts: date, source: str) -> Row | Refused:
    row = {"source": source, "confidence": "official", **line.row}
    if line.table not in _TRIED:
        return Refused(line.line, f"La table « {line.table} » n’est pas de celles qu’une édition change.")
    if row["confidence"] not in Confidence.values or not isinstance(row["source"], str):
        return Refused(line.line, "La source est un texte, la confiance law, official, secondary ou default.")
    if line.table == "figure" and line.key not in parameters.names():
        return Refused(line.line, f"Le chiffre « {line.key} » n’est pas connu de la loi.")
    if fault := _unreadable(line.table, line.key, row, starts):
        return Refused(line.line, fault)
    return Row((line.table, line.key, row, starts, line.valid_until))


def _unreadable(table: str, key: str, row: dict[str, Any], starts: date) -> str:
    """Have the law read the row as it will; return what it could not read, if anything."""
    with parameters.reading(parameters.Edition(0, {(table, key): ({**row, "from": starts},)})):
        try:
            found = _TRIED[table](key, starts)
            number = getattr(found, "value", getattr(found, "tariff", None))
            if number is not None and table == "figure":
                return units.shape(key).fault(number)
            if number is not None and number < 0:
                return "Le chiffre est négatif."
            for coefficient in row.get("usual", ()):
                acts.act(f"{key} {coefficient}", on=starts)
        except Exception as fault:
            return f"La loi ne sait pas lire cette ligne ({type(fault).__name__} : {str(fault)[:80]})."
    return ""
