"""The bytes of a claim's file: JSON in UTF-8, read without losing what it says twice or in numbers too long."""

import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

LARGEST = 10_000_000
"""The most bytes of a file."""

_LONGEST_NUMBER = 40
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Error:
    """One thing to mend in the file: where (« lines[2].given_on »), and what, in French."""

    path: str
    message: str


class Refused(ValueError):
    """The file cannot be computed; it holds everything that is wrong."""

    def __init__(self, errors: tuple[Error, ...]) -> None:
        super().__init__("\n".join(f"{error.path} : {error.message}" for error in errors))
        self.errors = errors


class Unreadable(NamedTuple):
    """A number of the file that is none, or has too many digits to be one of a claim."""

    text: str


class Doubled(dict[str, Any]):
    """An object of the file that says a key more than once; `twice` are those keys."""

    twice: tuple[str, ...] = ()


def parse(content: bytes) -> Any:
    """Return what a file of JSON holds, decimal numbers exact; raises Refused, the place of the error as its path."""
    if len(content) > LARGEST:
        raise refused("(fichier)", "ce fichier est trop grand pour une demande.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = content.count(b"\n", 0, trouble.start) + 1
        raise refused(f"ligne {line}", "ce fichier n’est pas en UTF-8 : enregistrez-le ainsi.") from None
    try:
        return json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=Unreadable, object_pairs_hook=_object
        )
    except json.JSONDecodeError as trouble:
        where = f"ligne {trouble.lineno}, colonne {trouble.colno}"
        raise refused(where, "ce n’est pas du JSON : vérifiez virgules et guillemets.") from None
    except RecursionError:
        raise refused("(fichier)", "ce fichier est trop imbriqué.") from None


def refused(path: str, message: str) -> Refused:
    """Return the refusal of a file for one thing."""
    return Refused((Error(path, message),))


def shown(value: Any) -> str:
    """Return a value of the file as a French message shows it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"« {printable(value)} »"
        case Unreadable():
            return printable(value.text)
        case dict():
            return "un objet"
        case list():
            return "une liste"
    return printable(str(value))


def printable(text: str) -> str:
    """Return a text of the file as a message can hold it: short, on one line, without half a character."""
    kept = "".join("\ufffd" if unicodedata.category(one)[0] == "C" else one for one in text[:_SHOWN])
    return kept if len(text) <= _SHOWN else f"{kept}…"


def _number(text: str) -> int | Decimal | Unreadable:
    try:
        number = Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    except InvalidOperation:
        number = None
    if number is None or (number and abs(number.adjusted()) > _LONGEST_NUMBER):
        return Unreadable(text)
    return int(text) if text.lstrip("-").isdigit() else number or Decimal(0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = Doubled(found)
    doubled.twice = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return doubled
