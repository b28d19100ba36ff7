"""Whose account it seems to be: the name on it beside those of the insured person and of their family."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from escale.rules.identity import folded

_TITLES = {"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "mrs", "ms", "dr", "ou", "et", "and", "or"}


class Likeness(StrEnum):
    """How near the name on an account is to those who may be paid on it."""

    SAME = "same"
    CLOSE = "close"
    OTHER = "other"


class Names(NamedTuple):
    """How somebody may be named: by their birth name or the name in use, then their first names."""

    last: Sequence[str]
    first: str


def compare(holder: str, *, insured: Names, family: Iterable[Names]) -> Likeness:
    """
    Tell whose account it seems to be, whatever the order, the accents, the titles and the initials.

    SAME: the insured person's, alone or with their family. CLOSE: a relative's, a name in which a word is unknown, or
    the family name alone. OTHER: nobody's whom the house knows, and somebody has to look at it.
    """
    words = [word for word in folded(holder).split() if word not in _TITLES]
    relatives = list(family)
    known = {word for names in (insured, *relatives) for part in (*names.last, names.first) for word in _words(part)}
    if _names(words, insured):
        return Likeness.SAME if all(_is_one_of(word, known) for word in words) else Likeness.CLOSE
    if any(_names(words, names) for names in relatives) or (words and words in map(_words, insured.last)):
        return Likeness.CLOSE
    return Likeness.OTHER


def _names(words: Sequence[str], names: Names) -> bool:
    """Tell whether these words hold one of the last names, whole, and one of the first names or its initial."""
    for last in filter(None, map(_words, names.last)):
        left = list(words)
        if set(last) <= set(left):
            for word in last:
                left.remove(word)
            if any(_is_one_of(word, _words(names.first)) for word in left):
                return True
    return False


def _is_one_of(word: str, names: Iterable[str]) -> bool:
    return any(word == name or (len(word) == 1 and name.startswith(word)) for name in names)


def _words(name: str) -> list[str]:
    return folded(name).split()
