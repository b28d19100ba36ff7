"""The words of foreign bills, put in those of the French nomenclatures, to find an act by (bill_words.yaml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from escale.rules.identity import folded

LANGUAGES = ("en", "es", "de", "it", "pt", "ar")
_FILE = Path(__file__).with_suffix(".yaml")
_SHORTEST_BEGINNING = 3
_MOST_TERMS = 8
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was typed: its own words, the French phrases that may tell it, the packaged acts it usually is.

    Words are folded: lower case, no accent. A phrase is a tuple of words that stand together in a label.
    """

    typed: tuple[str, ...]
    french: tuple[tuple[str, ...], ...] = ()
    codes: frozenset[str] = frozenset()

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """What may stand for it in a label: what was typed, or any of its French phrases."""
        return (self.typed, *self.french)


def terms(text: str) -> tuple[Term, ...]:
    """Cut what was typed into terms, the longest known phrase first; a last word may be only begun.

    Words that tell nothing of an act are left out.
    """
    words = tuple(word for word in _words(text) if word not in _ignored())
    found: list[Term] = []
    place = 0
    while place < len(words) and len(found) < _MOST_TERMS:
        size = next((size for size in range(_longest(), 0, -1) if words[place : place + size] in _known()), 0)
        phrase = words[place : place + max(size, 1)]
        known = _known().get(phrase, ())
        if not known and place + 1 == len(words):
            known = _begun(phrase[0])
        found.append(_term(phrase, known))
        place += len(phrase)
    return tuple(found)


def entries() -> tuple[dict[str, Any], ...]:
    """Return the entries of the dictionary as they are written."""
    return tuple(_file()["words"])


def _term(phrase: tuple[str, ...], known: tuple[int, ...]) -> Term:
    said = [entries()[rank] for rank in known]
    french = dict.fromkeys(_words(word) for entry in said for word in entry["fr"])
    codes = frozenset(code for entry in said for code in entry.get("codes", ()))
    return Term(phrase, tuple(french), codes)


def _words(text: str) -> tuple[str, ...]:
    words = folded(text).split()
    return tuple(word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word for word in words)


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return content


@cache
def _ignored() -> frozenset[str]:
    return frozenset(_file()["ignored"])


@cache
def _known() -> dict[tuple[str, ...], tuple[int, ...]]:
    """Return the ranks of the entries that each phrase belongs to, without the words that tell nothing."""
    known: dict[tuple[str, ...], tuple[int, ...]] = {}
    for rank, entry in enumerate(entries()):
        for said in (word for language in ("fr", *LANGUAGES) for word in entry.get(language, ())):
            phrase = tuple(word for word in _words(said) if word not in _ignored()) or _words(said)
            known[phrase] = tuple(dict.fromkeys((*known.get(phrase, ()), rank)))
    return known


@cache
def _longest() -> int:
    return max(map(len, _known()))


def _begun(word: str) -> tuple[int, ...]:
    if len(word) < _SHORTEST_BEGINNING:
        return ()
    ranks = (rank for phrase, known in _known().items() if phrase[0].startswith(word) for rank in known)
    return tuple(dict.fromkeys(ranks))
