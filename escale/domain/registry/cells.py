"""How one cell of the administration's files is read, and what is refused of it."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils import timezone

from escale.rules import identity
from escale.rules.identity import Invalid

Reader = Callable[[str], Any]

TEXT_LENGTH = 100
KEPT = 65_536
"""How many names and dates are not read anew each time they come back."""

ADDRESS_LINES, ADDRESS_WIDTH = 6, 38
"""What the post takes of an address (NF Z 10-011)."""

FIRST_YEAR = 1880

name = lru_cache(KEPT)(identity.person_name)
folded = lru_cache(KEPT)(identity.folded)


def or_empty(reader: Reader, empty: Any = "") -> Reader:
    """Return a reader that takes an empty cell for this."""
    return lambda cell: reader(cell) if cell.strip() else empty


def one_of(words: Iterable[str]) -> Reader:
    """Return a reader of one of these words, however it is cased."""
    known = {str(word): str(word) for word in words}

    def read(cell: str) -> str:
        try:
            return known[cell.strip().lower()]
        except KeyError:
            raise Invalid(f"Écrivez l’un de ces mots : {', '.join(known)}.") from None

    return read


def text(cell: str) -> str:
    """Return a short text that can be printed; raises Invalid."""
    read = cell.strip()
    if not read or len(read) > TEXT_LENGTH:
        raise Invalid(f"Écrivez de 1 à {TEXT_LENGTH} caractères.")
    if not read.isprintable() or "\N{REPLACEMENT CHARACTER}" in read:
        raise Invalid("Retirez les caractères illisibles ; le fichier s’écrit en UTF-8.")
    return read


def address(cell: str) -> str:
    """Return the lines of an address, as the post takes them; raises Invalid."""
    lines = [" ".join(line.split()) for line in cell.split("|")]
    if not 2 <= len(lines) <= ADDRESS_LINES or not all(lines) or max(map(len, lines)) > ADDRESS_WIDTH:
        raise Invalid(
            f"Écrivez de 2 à {ADDRESS_LINES} lignes de {ADDRESS_WIDTH} caractères au plus, séparées par « | »."
        )
    for line in lines:
        text(line)
    return "\n".join(lines)


@lru_cache(KEPT)
def day(cell: str) -> date:
    """Return a day that is written as 2026-11-21; raises Invalid."""
    try:
        read = date.fromisoformat(cell.strip())
    except ValueError:
        raise Invalid("Écrivez une date comme 2026-11-21.") from None
    if read.year < FIRST_YEAR:
        raise Invalid("Cette date est trop ancienne : vérifiez l’année.")
    return read


@lru_cache(KEPT)
def birth(cell: str) -> date:
    """Return a day of birth; raises Invalid."""
    born_on = day(cell)
    if born_on > timezone.localdate():
        raise Invalid("La date de naissance est dans le futur.")
    return born_on
