"""How each value of a claim's file is read: dates, amounts, words, each refused in French where it cannot be."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from escale.rules.claim_text import shown
from escale.rules.currency import decimals, name
from escale.rules.identity import folded
from escale.rules.named import Named
from escale.rules.scope import territory

# What lies outside is a slip: social security is as old as its ordinance of 4 October 1945.
_OLDEST_BIRTH, _FIRST, _LAST = date(1900, 1, 1), date(1945, 10, 4), date(2199, 12, 31)
_MOST, MOST_EUR = Decimal(10) ** 12, Decimal(10) ** 9
_MOST_COUNTED, _MOST_COEFFICIENT = 10_000, 1_000
_LEAST_RATE, _MOST_RATE, _MOST_DECIMALS = Decimal("0.0001"), Decimal(10) ** 20, 12
_LONGEST, _LONGEST_NUMBER = 1_000, 30

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?")


class Wrong(ValueError):
    """What is wrong with one value: a French sentence."""


def text(value: Any) -> str:
    """Read words."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("écrivez un texte entre guillemets.")
    if len(value) > _LONGEST:
        raise Wrong(f"ce texte est trop long : {_LONGEST} caractères au plus.")
    if any(unicodedata.category(one) in ("Cc", "Cs", "Cn") and one not in "\n\t" for one in value):
        raise Wrong("ce texte contient un caractère impossible.")
    return value.strip()


def day(value: Any) -> date:
    """Read a date, year first."""
    return _between(value, _FIRST)


def birth(value: Any) -> date:
    """Read a date of birth, year first."""
    return _between(value, _OLDEST_BIRTH)


def amount(value: Any) -> Decimal:
    """Read an amount of zero or more, a number or its text, with a dot; its currency tells how many decimals."""
    return _number(value, _MOST)


def euros(value: Any) -> Decimal:
    """Read an amount in euros of zero or more, to the cent."""
    number = _number(value, MOST_EUR)
    if decimals_of(number) > decimals("EUR"):
        raise Wrong(f"{shown(value)} : un montant en euros a deux décimales au plus.")
    return number


def rate(value: Any) -> Decimal:
    """Read an exchange rate, units of the currency for one euro."""
    number = _number(value, _MOST_RATE)
    if not number:
        raise Wrong("un cours de change est supérieur à zéro.")
    if number < _LEAST_RATE:
        raise Wrong(f"{shown(value)} n’est pas un cours : donnez les unités de la monnaie pour un euro.")
    return number


def coefficient(value: Any) -> Decimal:
    """Read the coefficient of a key letter."""
    number = _number(value, Decimal(_MOST_COEFFICIENT))
    if not number:
        raise Wrong("un coefficient est supérieur à zéro.")
    return number


def count(value: Any) -> int:
    """Read a whole number of zero or more."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_COUNTED:
        raise Wrong(f"{shown(value)} n’est pas un nombre entier positif, de {_MOST_COUNTED} au plus.")
    return value


def several(value: Any) -> int:
    """Read a whole number of one or more."""
    if not count(value):
        raise Wrong("il faut au moins 1.")
    return int(value)


def switch(value: Any) -> bool:
    """Read yes or no."""
    if not isinstance(value, bool):
        raise Wrong("écrivez true ou false, sans guillemets.")
    return value


def currency(value: Any) -> str:
    """Read the code of a currency, of today or of yesterday."""
    code = text(value).upper()
    if len(code) != 3 or name(code) == code:
        raise Wrong(f"{shown(value)} n’est pas un code de monnaie (ISO 4217), par exemple « USD ».")
    return code


def one_of(words: type[Named]) -> Callable[[Any], Any]:
    """Read a word of a list, by its code or its French name."""

    def read(value: Any) -> Any:
        wanted = folded(text(value))
        for word in words:
            if wanted in (folded(word.value), word.value, folded(word.label)):
                return word
        choices = ", ".join(f"« {word.value} »" for word in words)
        raise Wrong(f"{shown(value)} n’est pas connu : choisissez parmi {choices}.")

    return read


def place(value: Any) -> str:
    """Read the code of a territory."""
    code = text(value).upper()
    try:
        territory(code, on=_LAST)
    except LookupError:
        raise Wrong(f"aucun territoire ne porte le code {shown(value)} (ISO 3166, par exemple « DJ »).") from None
    return code


def decimals_of(number: Decimal) -> int:
    """Return how many decimals a number of the file has, zeros at its end left out."""
    return len(f"{number:f}".partition(".")[2].rstrip("0"))


def _between(value: Any, first: date) -> date:
    written = text(value)
    try:
        found = date.fromisoformat(written if _DAY.fullmatch(written) else "")
    except ValueError:
        raise Wrong(f"{shown(value)} n’est pas une date : écrivez-la « 2026-03-31 ».") from None
    if not first <= found <= _LAST:
        raise Wrong(f"{shown(value)} n’est pas une date plausible : entre le {first:%d/%m/%Y} et le {_LAST:%d/%m/%Y}.")
    return found


def _number(value: Any, most: Decimal) -> Decimal:
    found = _plain(value)
    if found is None:
        raise Wrong(f"{shown(value)} n’est pas un montant : écrivez un nombre positif, par exemple 12.50.")
    if found > most:
        raise Wrong(f"{shown(value)} est trop grand.")
    if decimals_of(found) > _MOST_DECIMALS:
        raise Wrong(f"{shown(value)} a trop de décimales.")
    return found


def _plain(value: Any) -> Decimal | None:
    """Return a number of zero or more, None for what is not one: only digits and a dot make one of a text."""
    if isinstance(value, str):
        return Decimal(value.strip()) if _NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    written_shortly = number.is_finite() and abs(number.adjusted()) < _LONGEST_NUMBER
    return number if written_shortly and number >= 0 else None
