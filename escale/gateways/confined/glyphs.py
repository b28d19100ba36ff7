"""The numbers of scripts whose digits Tesseract mistakes: each digit is told by its shape, by two layers of weights.

`glyphs.json` holds the weights; `python -m tests.ocr.teach_digits` learns them anew.
"""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from PIL import Image

WIDTH, HEIGHT = 12, 16
_FILE = Path(__file__).with_name("glyphs.json")
INK = 0.45
_TALL = 0.6  # of the usual height: what is lower is a zero, a point or a comma
_SURE, _LIKELY, _MARKED = 0.4, 0.05, 0.9  # what is likely is enough where a digit is due
_TALLER = 1.2  # than digits: nothing but a stroke between them
_UPRIGHT = 1.15  # how tall a digit is at least, of its width; a zero or a point is not
_TWICE = 1.45  # of that height: how wide two digits are that touch
_SPECK, _LOW, _DEEP = 0.1, 0.45, 0.74  # of a digit's height: what is no mark, how tall a mark, how low a point is
_EVEN_GAP, _WIDEST_GAP, _LEANING = 1.15, 1.4, 1.3  # of the step from a digit to the next; more beside a stroke
_CLOSE = 0.45  # of that step: less than a space
_SEPARATORS = set(".,/-:")
_NUMBER = re.compile(r"\d+(?:[.,/:-]\d+)*")


class Piece(NamedTuple):
    """What hangs together on a line: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        """How tall it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """How far to the right its middle is."""
        return (self.left + self.right) / 2


def numbers(page: Any, lines: Iterable[tuple[int, int, int, int]], script: str) -> list[list[Any]]:
    """Return the numbers of at least two digits on these lines of a page, as words: text, box, no line, confidence."""
    darkness = 1 - numpy.asarray(page, dtype=numpy.float32) / 255
    found = []
    for left, top, right, bottom in lines:
        line = darkness[top:bottom, left:right]
        for text, sure, pieces in _runs(line, script):
            box = (pieces[0].left + left, min(one.top for one in pieces) + top,
                   pieces[-1].right + left, max(one.bottom for one in pieces) + top)  # fmt: skip
            found.append([text, *map(int, box), 0, sure])
    return found


def features(darkness: Any, piece: Piece, top: float, bottom: float) -> Any:
    """Return what a shape is told by: its picture in one size, how wide, how tall and how high it is on its line."""
    cut = darkness[piece.top : piece.bottom, piece.left : piece.right]
    cut = Image.fromarray((numpy.clip(cut / max(float(cut.max()), 0.01), 0, 1) * 255).astype(numpy.uint8))
    scale = min(WIDTH / cut.width, HEIGHT / cut.height)
    cut = cut.resize((max(1, round(cut.width * scale)), max(1, round(cut.height * scale))), Image.Resampling.BOX)
    picture = Image.new("L", (WIDTH, HEIGHT))
    picture.paste(cut, ((WIDTH - cut.width) // 2, (HEIGHT - cut.height) // 2))
    tall = max(bottom - top, 1)
    slender = numpy.log((piece.right - piece.left) / piece.height)
    place = [slender, 2 * piece.height / tall, 2 * ((piece.top + piece.bottom) / 2 - top) / tall]
    return numpy.concatenate([numpy.asarray(picture, dtype=numpy.float32).ravel() / 255 - 0.5, place])


def reach(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Return the top and the bottom of most tall pieces of a line."""
    upright = [piece.height for piece in pieces if piece.height > _UPRIGHT * (piece.right - piece.left)]
    usual = numpy.median(upright or [piece.height for piece in pieces])
    tall = [piece for piece in pieces if _TALL * usual <= piece.height <= usual / _TALL] or list(pieces)
    return float(numpy.median([piece.top for piece in tall])), float(numpy.median([piece.bottom for piece in tall]))


def with_one(rows: Any) -> Any:
    """Return rows with a one at their end, for the weight that depends on nothing."""
    return numpy.concatenate([rows, numpy.ones((*rows.shape[:-1], 1))], axis=-1)


def shares(rows: Any) -> Any:
    """Return how likely each kind is, of 1 in all."""
    grown = numpy.exp(rows - rows.max(axis=-1, keepdims=True))
    return grown / grown.sum(axis=-1, keepdims=True)


def likely(seen: Any, script: str) -> dict[str, float]:
    """Return how likely a shape is each sign of a script, of 1 in all; an empty one is none of them."""
    signs, first, second = _learnt(script)
    told = shares(with_one(numpy.maximum(with_one(seen) @ first, 0)) @ second)
    return {sign: float(share) for sign, share in zip(signs, told, strict=True)}


def pieces(ink: Any) -> list[Piece]:
    """Return what hangs together in a picture of ink, from the left; parts that stand one above the other are one."""
    boxes: list[list[int]] = []
    roots: list[int] = []
    before: list[tuple[int, int, int]] = []
    for y, row in enumerate(ink):
        edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], row.astype(numpy.int8), [0])))).tolist()
        now = []
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            mine = len(boxes)
            boxes.append([start, y, stop, y + 1])
            roots.append(mine)
            for begin, end, other in before:
                if begin > stop:
                    break
                if end >= start:
                    roots[_root(roots, other)] = _root(roots, mine)
            now.append((start, stop, mine))
        before = now
    whole: dict[int, list[int]] = {}
    for rank, box in enumerate(boxes):
        root = _root(roots, rank)
        whole[root] = _around(whole[root], box) if root in whole else box
    joined: list[list[int]] = []
    for box in sorted(whole.values()):
        last = joined[-1] if joined else None
        if last and min(last[2], box[2]) - box[0] > 0.6 * min(last[2] - last[0], box[2] - box[0]):
            joined[-1] = _around(last, box)
        else:
            joined.append(box)
    return [Piece(*box) for box in joined]


def _runs(darkness: Any, script: str) -> Iterable[tuple[str, int, list[Piece]]]:
    """Yield the numbers of a line: as many digits and separators as follow one another at an even step."""
    found = [piece for piece in pieces(darkness > INK) if piece.height > 1]
    if not found:
        return
    run: list[Piece] = []
    for piece in [*found, None]:
        near = run and piece and piece.left - run[-1].right < max(one.height for one in run)
        if run and not near:
            yield from _numbers(darkness, run, script)
            run = []
        if piece:
            run.append(piece)


def _numbers(darkness: Any, run: list[Piece], script: str) -> Iterable[tuple[str, int, list[Piece]]]:
    """Yield the numbers among pieces that are near one another."""
    top, bottom = reach(run)
    run = [piece for piece in run if max(piece.height, piece.right - piece.left) > _SPECK * (bottom - top)]
    told = [(*(_mark(piece, top, bottom, script) or _told(features(darkness, piece, top, bottom), script)), piece)
            for piece in run]  # fmt: skip
    for rank in range(1, len(told) - 1):  # what no digit looks like, upright between digits
        around, piece = (told[rank - 1], told[rank + 1]), told[rank][2]
        share = piece.height / (bottom - top)
        upright = share > _TALLER or (share > _TALL and piece.right - piece.left < _LOW * piece.height)
        if told[rank][1] < _SURE and upright and all(one[1] > _SURE for one in around):
            told[rank] = ("/", _MARKED, piece)
    steps = [two.middle - one.middle for (sign, sure, one), (other, surer, two) in pairwise(told)
             if min(sure, surer) > _SURE and not _SEPARATORS & {sign, other}]  # fmt: skip
    step = float(numpy.median(steps)) if steps else bottom - top
    kept: list[tuple[str, float, Piece]] = []
    unread: Piece | None = None
    for one in [*told, None]:
        if one and not kept and one[1] > _SURE:
            kept = [one]
            continue
        follows = one is not None and bool(kept) and _gap(kept[-1], one, step) < 1
        if one and follows and one[1] > (_LIKELY if one[2].middle - kept[-1][2].middle < _EVEN_GAP * step else _SURE):
            kept.append(one)
            continue
        beside = [(unread, kept[0][2] if kept else None), (kept[-1][2] if kept else None, one and one[2])]
        whole = not any(left and right and right.left - left.right < _CLOSE * step for left, right in beside)
        while kept and kept[-1][0] in _SEPARATORS:
            kept.pop()
        while kept and kept[0][0] in _SEPARATORS:
            kept.pop(0)
        text = "".join(sign for sign, _sure, _piece in kept)
        if whole and len(text) > 1 and _NUMBER.fullmatch(text):  # a part of a number would be a lie
            yield text, round(100 * sum(sign[1] for sign in kept) / len(kept)), [sign[2] for sign in kept]
        kept = [one] if one and one[1] > _SURE else []
        unread = None if one is None or kept else one[2]


def _gap(last: tuple[str, float, Piece], one: tuple[str, float, Piece], step: float) -> float:
    """Return how far a sign stands from the last one, of the widest gap there may be in a number."""
    widest = _WIDEST_GAP * (_LEANING if "/" in (last[0], one[0]) else 1)
    return (one[2].middle - last[2].middle) / step / widest


def _mark(piece: Piece, top: float, bottom: float, script: str) -> tuple[str, float] | None:
    """Return the point, the dash or the Arabic zero that a small piece is; nothing sure where two digits touch."""
    tall = bottom - top
    if piece.height >= _TALL * tall and piece.right - piece.left > _TWICE * tall:
        return "", 0.0
    if piece.height > _LOW * tall:
        return None
    if (piece.top + piece.bottom) / 2 > top + _DEEP * tall:
        return ".", _MARKED
    if piece.right - piece.left > 2 * piece.height:
        return "-", _MARKED
    return ("٠", _MARKED) if script == "Arabic" else None


def _told(seen: Any, script: str) -> tuple[str, float]:
    """Return which sign a shape is most likely, and how sure that is, of 1; the rest is that it is none."""
    sure, best = max((share, sign) for sign, share in likely(seen, script).items() if sign)
    return best, sure


@cache
def _learnt(script: str) -> tuple[list[str], Any, Any]:
    """Return the signs of a script, and the weights that tell them."""
    learnt = json.loads(_FILE.read_text())[script]
    return learnt["signs"], *map(numpy.array, learnt["weights"])


def _root(roots: list[int], one: int) -> int:
    while roots[one] != one:
        roots[one] = roots[roots[one]]
        one = roots[one]
    return one


def _around(one: list[int], other: list[int]) -> list[int]:
    return [min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])]
