"""The words of a page put back in rows, as the eye follows them from one side to the other."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from escale.rules.findings.folding import folded, number_like

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in the units of its page."""


class Word(NamedTuple):
    """A word, its box, the rank of its line, and how sure its reading is, of 100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int
    confidence: float


class Page(NamedTuple):
    """The words of a page, upright."""

    width: float
    height: float
    words: Sequence[Word]


class Row(NamedTuple):
    """The words that stand side by side, and their folded text: a tabulation stands for a wide gap."""

    page: int
    words: tuple[Word, ...]
    text: str
    starts: tuple[int, ...]
    place: float
    """How far down the page it is, of 1."""
    size: float
    """The height of its words, to that of most words of the page."""

    @property
    def right_to_left(self) -> bool:
        """Whether most of its letters are of a script that is read from the right."""
        return _right_to_left(self.words)

    def within(self, start: int, end: int) -> list[Word]:
        """Return the words of a part of the text."""
        ends = (*self.starts[1:], len(self.text) + 1)
        return [
            word
            for word, begin, stop in zip(self.words, self.starts, ends, strict=True)
            if begin < end and stop - 1 > start
        ]

    def box(self, start: int, end: int) -> Box:
        """Return the box of a part of the text."""
        return around(self.within(start, end) or self.words)

    def raw(self, start: int, end: int) -> str:
        """Return a part of the text as it was read."""
        return " ".join(word.text for word in self.within(start, end))

    def confidence(self, start: int, end: int) -> float:
        """Return how sure the reading of a part is, of 1."""
        return min((word.confidence for word in self.within(start, end)), default=0) / 100


def around(words: Iterable[Word]) -> Box:
    """Return the box of several words."""
    boxes = [word[1:5] for word in words]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def rows(page: Page, number: int) -> list[Row]:
    """Return the rows of a page, from its top; each word joins the row whose last word is nearest to its height."""
    words = [word for word in page.words if folded(word.text).strip(" |_-~=") and word.bottom > word.top]
    if not words:
        return []
    usual = median(word.bottom - word.top for word in words)
    words = [word for word in words if word.bottom - word.top <= 6 * usual]
    gathered: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.left):
        near = [(abs(_middle(row[-1]) - _middle(word)), row) for row in gathered]
        near = [(gap, row) for gap, row in near if gap < 0.5 * min(_reach(row[-1], word), 1.6 * usual)]
        if near:
            min(near, key=lambda one: one[0])[1].append(word)
        else:
            gathered.append([word])
    gathered.sort(key=lambda row: sum(map(_middle, row)) / len(row))
    return [_row(row, number, page, usual) for row in gathered]


def _row(words: list[Word], number: int, page: Page, usual: float) -> Row:
    text, starts = "", []
    if _right_to_left(words):
        words = words[::-1]
    for rank, word in enumerate(words):
        if rank:
            gap = max(word.left - words[rank - 1].right, words[rank - 1].left - word.right)
            text += "\t" if gap > 1.2 * max(usual, min(_height(word), _height(words[rank - 1]))) else " "
        starts.append(len(text))
        text += number_like(folded(word.text).replace("|", "").strip()) or "|"
    place = sum(map(_middle, words)) / len(words) / max(page.height, 1)
    return Row(number, tuple(words), text, tuple(starts), place, median(map(_height, words)) / usual)


def _right_to_left(words: Iterable[Word]) -> bool:
    letters = [letter for word in words for letter in word.text if letter.isalpha()]
    return 2 * sum("\u0590" <= letter <= "\u08ff" or letter >= "\ufb1d" for letter in letters) > len(letters)


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _height(word: Word) -> float:
    return word.bottom - word.top


def _reach(one: Word, other: Word) -> float:
    return max(min(_height(one), _height(other)) * 1.2, 0.7 * max(_height(one), _height(other)))
