"""Digits told by what Tesseract takes them for and by their shape: neither is right alone.

In Thai, Tesseract sees how many there are and where, but its models hardly know four of them; their shape (`glyphs`)
chooses among the few that it takes for one another. In Arabic, a day that both do not read alike is doubtful.
"""

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

import numpy

from escale.gateways.confined import glyphs

_ALIKE = ("๐", "๑๗", "๒๖", "๓๗๙", "๔๕๘๙")
"""Which digits Tesseract takes for one of them, measured on nine fonts in two weights: for one in three."""
_MAY_BE = {one: {other for few in _ALIKE if one in few for other in few} for one in "๐๑๒๓๔๕๖๗๘๙"}
_DIGITS = re.compile(r"[๐-๙.,]+")
_ARABIC = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
_DAY = re.compile(r"[٠-٩۰-۹]+([/-])[٠-٩۰-۹]+\1[٠-٩۰-۹]+")
_SURE = 0.8  # share of the likeliest among those
_DOUBTFUL, _DISPUTED = 50, 60  # of 100
_TALL, _WIDE, _APART = 0.55, 1.45, 0.6  # of most digits: what is no mark, two that touch, a gap between two numbers


def told_by_shape(page: Any, found: list[list[Any]]) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return the words of a page with its Thai digits read again, in one word each number, and these numbers."""
    words: list[list[Any]] = []
    numbers: list[list[Any]] = []
    for run in _runs(found):
        if len(run) == 1 and not _is_number(run[0]):
            words.append(run[0])
            continue
        number = _told(page, run)
        words.append(number)
        numbers.append(number)
    return words, numbers


def settled(numbers: list[list[Any]], told: list[list[Any]]) -> None:
    """Make doubtful the numbers read by shape alone whose digits were told otherwise, or hardly told; put right those
    that are not taken for one another.
    """
    for number in numbers:
        within = [one for one in told if _inside(one, number)]
        digits = [sign for one in within for sign in one[0].translate(_ARABIC) if sign.isdigit()]
        known = [sign for sign in number[0] if sign.isdigit()]
        unsure = any(_is_number(one) and one[-1] <= _DOUBTFUL for one in within)
        if len(digits) != len(known) or (digits == known and not unsure):
            continue
        right = iter(
            mine if mine in _MAY_BE.get(other, mine) else other for mine, other in zip(known, digits, strict=True)
        )
        number[0] = "".join(next(right) if sign.isdigit() else sign for sign in number[0])
        number[-1] = min(number[-1], _DISPUTED)
        for one in within:
            one[-1] = min(one[-1], _DOUBTFUL)


def days(found: list[list[Any]]) -> list[list[Any]]:
    """Return the days among the words of an Arabic page, the only numbers that Tesseract often reads there."""
    return [word for word in found if _DAY.search(word[0])]


def _is_number(word: list[Any]) -> bool:
    return bool(_DIGITS.fullmatch(word[0])) and any(map(str.isdigit, word[0]))


def _runs(found: Sequence[list[Any]]) -> Iterable[list[list[Any]]]:
    """Yield the words, those together that are parts of one number: each digit is a word of its own in Thai."""
    run: list[list[Any]] = []
    for word in found:
        last = run[-1] if run else None
        near = last is not None and word[5] == last[5] and word[1] - last[3] < _APART * (word[4] - word[2])
        if last and near and _DIGITS.fullmatch(word[0]) and _is_number(run[0]):
            run.append(word)
            continue
        if run:
            yield run
        run = [word]
    if run:
        yield run


def _told(page: Any, run: list[list[Any]]) -> list[Any]:
    """Return a number as one word: each digit the likeliest by its shape among those that it is taken for."""
    text = "".join(word[0] for word in run)
    left, right = run[0][1], run[-1][3]
    box = [left, max(word[2] for word in run), right, min(word[4] for word in run)]  # the others were cut too tall
    shapes = _shapes(page, box, sum(map(str.isdigit, text)))
    if not shapes:
        return [text, *box, run[0][5], min(_DOUBTFUL, *(word[6] for word in run))]
    told, sure = "", []
    for one in text:
        if not one.isdigit():
            told += one
            continue
        shares = {may: shapes[0].get(may, 0.0) + 1e-3 for may in _MAY_BE[one]}
        shapes = shapes[1:]
        best = max(shares, key=lambda may: shares[may])
        told += best
        sure.append(shares[best] / sum(shares.values()))
    worst = min(sure)
    return [told, *box, run[0][5], round(100 * worst) if worst >= _SURE else _DOUBTFUL]


def _shapes(page: Any, box: list[int], count: int) -> list[dict[str, float]]:
    """Return how likely each sign is for each of so many digits in a box; nothing where they are not told apart."""
    left, top, right, bottom = box
    edge = (bottom - top) // 4
    if edge < 1:
        return []
    around = page.crop((left - edge, top - edge // 2, right + edge, bottom + edge // 2))
    darkness = 1 - numpy.asarray(around, dtype=numpy.float32) / 255
    pieces = [one for one in glyphs.pieces(darkness > glyphs.INK) if edge / 2 < one.middle < right - left + 1.5 * edge]
    if not pieces:
        return []
    above, below = glyphs.reach(pieces)
    tall = [one for one in pieces if one.height > _TALL * (below - above)]
    if not tall:
        return []
    usual = median(one.right - one.left for one in tall)
    while len(tall) < count:
        widest = max(range(len(tall)), key=lambda rank: tall[rank].right - tall[rank].left)
        one = tall[widest]
        if one.right - one.left < _WIDE * usual:
            return []
        middle = (one.left + one.right) // 2
        tall[widest : widest + 1] = [one._replace(right=middle), one._replace(left=middle)]
    if len(tall) > count:
        return []
    return [glyphs.likely(glyphs.features(darkness, one, above, below), "Thai") for one in tall]


def _inside(one: list[Any], number: list[Any]) -> bool:
    """Tell whether the middle of a number lies in another."""
    x, y = (one[1] + one[3]) / 2, (one[2] + one[4]) / 2
    return bool(number[1] < x < number[3] and number[2] < y < number[4])
