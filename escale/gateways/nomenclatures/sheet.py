"""What every file of tariffs shares: its text, packed or not, in whichever alphabet; its columns; its values."""

import csv
import gzip
import re
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any, cast

_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_PRICE = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_+-]{0,23}")
_LARGEST = Decimal(10_000_000)
LONGEST_LABEL = 1_000
LONGEST_LINE = 20_000
_LINES_OF_A_ROW = 8


class Unreadable(Exception):
    """The whole file is refused, nothing of it is kept; the message, in French, says why."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is left out: its number in its file, and the reason in French."""

    line: int
    reason: str
    file: str = ""


class Wrong(ValueError):
    """What is wrong with one line: a French sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The tariff of one act or product, in euros; None where the file says that there is none, and `note` says why.

    `code` is the one that agents write. `care` and `drugs` are words of the law: a kind of care, a patient share of
    medicines. `valid_from` (included) and `valid_until` (excluded) are None where the file gives none.
    """

    line: int
    code: str
    label: str
    care: str
    price: Decimal | None
    activity: str = ""
    phase: str = ""
    drugs: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedRow:
    """A dated row of a table of the law: under which key of which table, and its values as the tables write them."""

    line: int
    table: str
    key: str
    row: Mapping[str, Any]
    valid_from: date | None = None
    valid_until: date | None = None


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, packed by gzip or not; raises Unreadable for one that is cut short or is not there."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            yield cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw
    except (EOFError, gzip.BadGzipFile, zlib.error) as cut:
        raise Unreadable(f"{path.name} : le fichier est abîmé ou incomplet.") from cut
    except OSError as absent:
        raise Unreadable(f"{path.name} : le fichier ne peut pas être lu.") from absent


def lines(content: IO[bytes]) -> Iterator[str]:
    """Read lines in UTF-8, each that is not in CP1252: the official files mix them; without their end."""
    while raw := content.readline(LONGEST_LINE + 1):
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
        yield text.rstrip("\r\n").replace("\x00", " ")


def columns(path: Path, needed: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]) -> "Rows":
    """Prepare to read a CSV whose columns have these names (folded), in any order, with « ; » or « , » between."""
    return Rows(path, needed, optional)


@dataclass(frozen=True)
class Rows:
    """The rows of a CSV file: (line number, values by our own names); each cell without spaces around."""

    path: Path
    needed: Mapping[str, Sequence[str]]
    optional: Mapping[str, Sequence[str]]

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]] | Refused]:
        with opened(self.path) as content:
            waiting = _Waiting(enumerate(lines(content), 1))
            places, separator, width = self._header(waiting)
            for number, line in waiting:
                if not line.strip(f'{separator} "'):
                    continue
                cells = _cells(line, separator)
                if cells is None:
                    cells = self._over_several_lines(line, waiting, separator, width)
                if cells is None:
                    yield Refused(number, "La ligne est mal formée : guillemets ou longueur.", self.path.name)
                elif len(cells) <= max(places.values()):
                    yield Refused(number, f"Il manque des colonnes : {len(cells)} lues.", self.path.name)
                else:
                    yield number, {name: " ".join(cells[place].split()) for name, place in places.items()}

    def _over_several_lines(self, line: str, waiting: "_Waiting", separator: str, width: int) -> list[str] | None:
        """Read a row whose quoted cell goes on below; if it never ends well, what is below is read by itself."""
        taken: list[tuple[int, str]] = []
        for following in waiting:
            taken.append(following)
            line = f"{line}\n{following[1]}"
            cells = _cells(line, separator)
            if cells and len(cells) == width:
                return cells
            if cells or len(taken) == _LINES_OF_A_ROW:
                break
        waiting.give_back(taken)
        return None

    def _header(self, waiting: "_Waiting") -> tuple[dict[str, int], str, int]:
        names = {**self.needed, **self.optional}
        for _number, line in waiting:
            separator = max(";,\t", key=line.count)
            named = [_folded(cell) for cell in _cells(line, separator) or ()]
            places = {name: rank for name, words in names.items() for rank, cell in enumerate(named) if cell in words}
            if set(self.needed) <= set(places):
                return places, separator, len(named)
        asked = ", ".join(words[0] for words in self.needed.values())
        raise Unreadable(f"{self.path.name} : aucune ligne de titres n’a les colonnes attendues ({asked}).")


class _Waiting:
    """Numbered lines, some of which may be given back to be read again."""

    def __init__(self, numbered: Iterator[tuple[int, str]]) -> None:
        self._numbered, self._again = numbered, deque[tuple[int, str]]()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._again.popleft() if self._again else next(self._numbered)

    def give_back(self, taken: list[tuple[int, str]]) -> None:
        self._again.extendleft(reversed(taken))


def _cells(line: str, separator: str) -> list[str] | None:
    """Return the cells of a row, None for one that is no CSV."""
    try:
        rows = list(csv.reader(line.splitlines(keepends=True), delimiter=separator, strict=True))
    except (csv.Error, ValueError):
        return None
    return rows[0] if len(rows) == 1 else None


def _folded(cell: str) -> str:
    plain = cell.casefold().translate(str.maketrans("éèêàâîïôûùç’", "eeeaaiiouuc'"))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def code(text: str) -> str:
    """Read a code: capitals, figures, 24 signs at most; raises Wrong."""
    written = text.upper()
    if not _CODE.fullmatch(written):
        raise Wrong("Le code manque, ou n’est pas fait de lettres sans accent et de chiffres.")
    return written


def label(text: str) -> str:
    """Read a label; raises Wrong for none, or for one longer than any nomenclature's."""
    kept = " ".join(text.split())
    if not kept or len(kept) > LONGEST_LABEL:
        raise Wrong("Le libellé manque ou est trop long.")
    return kept


def price(text: str) -> Decimal | None:
    """Read an amount in euros, « 1 234,56 », « 1234.56 » or « 1,234,56 » as some files write; None for none.

    Raises Wrong.
    """
    compact = text.replace(" ", "").replace("\u202f", "").replace("\xa0", "").removesuffix("€")
    whole, comma, cents = compact.rpartition(",")
    written = f"{whole.replace(',', '')}.{cents}" if comma else compact
    if not written:
        return None
    try:
        amount = Decimal(written) if _PRICE.fullmatch(written) else Decimal(-1)
    except InvalidOperation:  # pragma: no cover - the pattern leaves none
        amount = Decimal(-1)
    if not 0 <= amount < _LARGEST:
        raise Wrong(f"Le tarif « {text[:20]} » n’est pas un montant.")
    return amount


def day(text: str) -> date | None:
    """Read a date, « 2026-01-31 » or « 31/01/2026 »; None for none; raises Wrong."""
    if not text:
        return None
    french = _DAY.fullmatch(text)
    try:
        return date.fromisoformat("-".join(reversed(french.groups())) if french else text)
    except ValueError:
        raise Wrong(f"« {text[:20]} » n’est pas une date.") from None


def period(starts: str, ends: str) -> tuple[date | None, date | None]:
    """Read the two ends of a period, the second excluded; raises Wrong."""
    valid_from, valid_until = day(starts), day(ends)
    if valid_from and valid_until and valid_until <= valid_from:
        raise Wrong("La période finit avant de commencer.")
    return valid_from, valid_until
