"""Which way up a page is and which script it bears, told by how well it is read."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Look = Callable[[Any, str], list[list[Any]]]
"""How a page is read in a script: its words."""

HALF_TURN = 180
_LETTERS = {"Arabic": "\u0600-\u06ff\ufb50-\ufeff", "Thai": "\u0e00-\u0e7f", "Japanese": "\u3040-\u30ff\u4e00-\u9fff"}
_LEGIBLE, _CLEAR = 55, 82  # of 100: under which a page may stand upside down; may be in another script
_TALL = 2  # times as tall as it is wide: a word of a page that lies on its side
_ENOUGH_PIXELS = 2_000_000  # to compare what is read


def on_its_side(boxes: Iterable[Sequence[float]]) -> bool:
    """Tell whether the words of a page, of which these are the boxes, are taller than they are wide."""
    sizes = [(right - left, bottom - top) for left, top, right, bottom in boxes]
    tall = sum(height > _TALL * width for width, height in sizes)
    return tall > sum(width > _TALL * height for width, height in sizes)


def clearest(page: Any, script: str, scripts: Iterable[str], look: Look) -> tuple[int, str, list[list[Any]]]:
    """Return by how much to turn a page that is upright or upside down, its script, and its words read so.

    What is clear as it stands is not looked at again; else it is turned where it is not legible, and every script is
    tried, on a smaller picture, until one is clear; the clearest is kept.
    """
    found = look(page, script)
    best = (legibility(found, script), 0, script)
    others = [one for one in scripts if one != script]
    small = reduced(page) if best[0] < _CLEAR else page
    for turn, other in [(HALF_TURN, script), *((turn, one) for turn in (0, HALF_TURN) for one in others)]:
        if best[0] < (_LEGIBLE if turn else _CLEAR):
            seen = legibility(look(small.rotate(turn), other), other)
            best = max(best, (seen, turn, other), key=lambda one: one[0])
    _clear, turn, other = best
    again = look(page.rotate(turn), other) if (turn, other) != (0, script) else []
    return (turn, other, again) if again else (0, script, found)


def legibility(found: list[list[Any]], script: str) -> float:
    """Return the mean confidence of the words made of letters, each of the weight of its length.

    A page that has few letters of its script is not legible in it.
    """
    lettered = [word for word in found if any(map(str.isalpha, word[0]))]
    weight = sum(len(word[0]) for word in lettered)
    if not weight:
        return 0.0
    own = sum(len(re.findall(f"[{_LETTERS[script]}]", word[0])) for word in lettered) if script in _LETTERS else weight
    return sum(len(word[0]) * word[-1] for word in lettered) / weight * min(1.0, 3 * own / weight)


def reduced(page: Any) -> Any:
    """Return a page of no more pixels than are needed to compare how it is read."""
    scale = (_ENOUGH_PIXELS / (page.width * page.height)) ** 0.5
    return page.resize((round(page.width * scale), round(page.height * scale))) if scale < 1 else page
