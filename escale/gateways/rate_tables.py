"""Readers of the tables of exchange rates that are published: a monthly table, or the ECB's daily file."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

MOST_BYTES = 20_000_000
# By what name each publisher calls a column; the first found is read.
COLUMNS = {
    "currency": ("currency code", "isoa3code", "iso a3 code", "code devise", "code iso", "devise", "currency"),
    "units": ("units per eur cross", "units per eur", "unites par euro", "value", "valeur"),
    "euros": ("euros par unite", "eur per unit", "taux de chancellerie"),
    "pounds": ("currency units per 1", "currency units per £1", "units per gbp"),
    "on": ("period start", "start date", "date d effet", "mois", "month", "du", "date"),
}
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m", "%m/%Y", "%d %B %Y", "%d-%b-%Y")
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Line:
    """A rate as a table gives it: its line in the file, units for one euro, the first day on which it holds."""

    number: int
    currency: str
    units_per_eur: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be read, and why, in French."""

    number: int
    reason: str


class Unreadable(Exception):
    """The file is no table of rates; the message says why, in French."""


class _Wrong(Exception):
    """What one cell holds makes no sense."""


def read(path: Path, *, month: date | None = None) -> Iterator[Line | Fault]:
    """Read a table of rates, line by line (CSV with a header: comma, semicolon or tab; UTF-8 or Windows-1252).

    `month` is the first day on which the rates hold, for a table that does not say it. Rates may be in units for one
    euro, in euros for one unit, or in units for one pound if the euro's own line is there (HMRC). Raises Unreadable
    if the header names no currency, no rate or no day, if the file is too large, or OSError.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{path.name} est trop gros pour un tableau de cours.")
    rows = _rows(path.read_bytes())
    header = [_folded(cell) for cell in next(rows, (0, []))[1]]
    if header[:1] == ["date"] and len(header) > 1 and all(_CODE.fullmatch(cell.upper()) for cell in header[1:] if cell):
        yield from _daily(header, rows)
    else:
        yield from _monthly(_columns(path, header, month), rows, month)


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    table = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark)
    try:
        for row in table:
            if any(cell.strip() for cell in row):
                yield table.line_num, row
    except csv.Error as fault:
        raise Unreadable(f"Ligne {table.line_num} : ce n’est pas un fichier CSV ({fault}).") from fault


def _columns(path: Path, header: list[str], month: date | None) -> dict[str, int]:
    found = {}
    for meaning, names in COLUMNS.items():
        place = next((header.index(name) for name in names if name in header), None)
        if place is not None:
            found[meaning] = place
    if "currency" not in found:
        raise Unreadable(f"{path.name} : aucune colonne ne donne le code de la devise.")
    if not {"units", "euros", "pounds"} & found.keys():
        raise Unreadable(f"{path.name} : aucune colonne ne donne le cours (unités par euro, ou euros par unité).")
    if "on" not in found and month is None:
        raise Unreadable(f"{path.name} ne dit pas son mois : ajoutez --month AAAA-MM.")
    return found


def _daily(header: list[str], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Line | Fault]:
    """Read the ECB's own file: a day a line, a currency a column; what is not published is « N/A »."""
    for number, row in rows:
        for code, cell in zip(header[1:], row[1:], strict=False):
            if code and cell.strip() not in {"", "N/A"}:
                try:
                    yield Line(number, code.upper(), _number(cell), _day(row[0]))
                except _Wrong as wrong:
                    yield Fault(number, f"{code.upper()} : {wrong}")


def _monthly(
    columns: dict[str, int], rows: Iterable[tuple[int, list[str]]], month: date | None
) -> Iterator[Line | Fault]:
    every = list(rows)
    pounds = _pounds(columns, every, month) if "units" not in columns and "euros" not in columns else {}
    for number, row in every:
        try:
            code, on = _code(columns, row), _on(columns, row, month)
            yield Line(number, code, _units(columns, row, pounds.get(on)), on)
        except _Wrong as wrong:
            yield Fault(number, str(wrong))


def _pounds(columns: dict[str, int], rows: Iterable[tuple[int, list[str]]], month: date | None) -> dict[date, Decimal]:
    """Return the euros for one pound, day by day, from the euro's own lines."""
    found = {}
    for _line, row in rows:
        try:
            if _code(columns, row) == "EUR":
                found[_on(columns, row, month)] = _number(_cell(columns, row, "pounds"))
        except _Wrong:  # told with its own line
            continue
    return found


def _units(columns: dict[str, int], row: list[str], euros_per_pound: Decimal | None) -> Decimal:
    if "units" in columns:
        return _number(_cell(columns, row, "units"))
    if "euros" in columns:
        return 1 / _number(_cell(columns, row, "euros"))
    if euros_per_pound is None:
        raise _Wrong("le tableau est en livres et ne donne pas l’euro de ce mois")
    return _number(_cell(columns, row, "pounds")) / euros_per_pound


def _code(columns: dict[str, int], row: list[str]) -> str:
    code = _cell(columns, row, "currency").upper()
    if not _CODE.fullmatch(code):
        raise _Wrong(f"« {code[:20]} » n’est pas un code de devise en trois lettres")
    return code


def _on(columns: dict[str, int], row: list[str], month: date | None) -> date:
    return month or _day(_cell(columns, row, "on"))


def _cell(columns: dict[str, int], row: list[str], meaning: str) -> str:
    place = columns[meaning]
    if place >= len(row):
        raise _Wrong("il manque des colonnes")
    return row[place].strip()


def _number(text: str) -> Decimal:
    """Read « 1 234,56 », « 1,234.56 » or « 1234.56 »; « 1,234 » may be two numbers, and is refused."""
    plain = re.sub(r"[\s'’]", "", text)
    if "." in plain:
        plain = plain.replace(",", "")
    elif re.fullmatch(r"[1-9]\d{0,2},\d{3}", plain):
        raise _Wrong(f"« {text.strip()[:30]} » peut se lire de deux façons : écrivez-le avec un point")
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        raise _Wrong(f"« {text.strip()[:30]} » n’est pas un nombre") from None
    if not number.is_finite() or number <= 0 or not -8 <= number.adjusted() < 12:
        raise _Wrong(f"« {text.strip()[:30]} » ne peut pas être un cours")
    return number


def _day(text: str) -> date:
    for form in _FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise _Wrong(f"« {text.strip()[:30]} » n’est pas une date")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9£]+", "".join(c for c in plain if not unicodedata.combining(c))))
