"""The words of bills in nine languages (vocabulary.yaml): what they are the label of, and the language they betray."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from escale.rules.findings.folding import folded
from escale.rules.findings.layout import Row

_FILE = Path(__file__).with_suffix(".yaml")
_SPACED = re.compile(r"[a-z0-9]")
_BETWEEN = r"[\s.:'°()-]"
"""What may stand between the parts of a word."""


class Label(NamedTuple):
    """A word that says what stands beside it, and where it is in the text of its row."""

    kind: str
    start: int
    end: int


def labels(row: Row) -> tuple[Label, ...]:
    """Return the labels of a row, the longest of those that overlap."""
    return _labels_of(row.text)


@lru_cache(maxsize=4096)
def _labels_of(text: str) -> tuple[Label, ...]:
    recognised, kinds = _labels()
    return tuple(Label(kinds[_bare(found[0])], *found.span()) for found in recognised.finditer(text))


def language(rows: Iterable[Row]) -> str:
    """Return the language that most words of a paper betray (ISO 639-1), empty where none does."""
    votes: dict[str, float] = {}
    text = "\n".join(row.text for row in rows)
    for pattern, language, weight in _betraying():
        votes[language] = votes.get(language, 0) + weight * len(pattern.findall(text))
    best = sorted(votes.items(), key=lambda one: one[1], reverse=True)
    if not best or best[0][1] < 1 or (len(best) > 1 and best[0][1] < 1.25 * best[1][1]):
        return ""
    return best[0][0]


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what recognises any of these words, the longest first."""
    return re.compile("|".join(sorted(map(_written, words), key=len, reverse=True)))


@cache
def file() -> dict[str, Any]:
    """Return the words as they are written."""
    content: dict[str, Any] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return content


@cache
def provider_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what recognises a place of care, somebody who gives it, and what is neither."""
    words = file()["provider"]
    return pattern(words["strong"]), pattern(words["titled"]), pattern(words["never"])


@cache
def telephone() -> re.Pattern[str]:
    """Return what recognises the label of a number that is no amount."""
    return pattern(file()["telephone"])


@cache
def parts_of_money() -> re.Pattern[str]:
    """Return what recognises the word for the hundredths or thousandths of a currency, just after their number."""
    return re.compile(rf"\s*(?:{pattern(file()['parts_of_money']).pattern})")


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds: dict[str, str] = {}
    for kind, by_language in file()["labels"].items():
        for words in by_language.values():
            for word in words:
                kinds.setdefault(_bare(folded(word)), kind)
    return pattern(word for of in file()["labels"].values() for words in of.values() for word in words), kinds


@cache
def _betraying() -> list[tuple[re.Pattern[str], str, float]]:
    said: dict[str, set[str]] = {}
    for by_language in file()["labels"].values():
        for language, words in by_language.items():
            for word in words:
                said.setdefault(folded(word), set()).add(language)
    for language, text in file()["betraying"].items():
        for word in text.split():
            said.setdefault(folded(word), set()).add(language)
    weights: dict[tuple[str, float], list[str]] = {}
    for word, languages in said.items():
        for language in languages:
            weights.setdefault((language, 1 / len(languages) ** 2), []).append(word)
    return [(pattern(words), language, weight) for (language, weight), words in weights.items()]


def _written(word: str) -> str:
    """Return what recognises a word, whatever stands between its parts; whole, where words are put apart by spaces."""
    plain = folded(word)
    if not _SPACED.search(plain):
        return r"\s*".join(map(re.escape, plain.replace(" ", "")))
    inside = f"{_BETWEEN}*".join(map(re.escape, plain.split()))
    before = r"(?<![^\W\d_])" if plain[0].isalnum() else ""
    return before + inside + (r"(?![^\W\d_])" if plain[-1].isalnum() else "")


def _bare(text: str) -> str:
    """Return a text without what may stand between its parts."""
    return re.sub(_BETWEEN, "", text)
