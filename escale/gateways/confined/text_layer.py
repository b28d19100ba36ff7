"""The words that a page of a PDF tells by itself, with their places."""

import unicodedata
from typing import Any

from escale.gateways.confined import stance

_FEWEST_LETTERS = 30
_MOST_DOUBTFUL = 0.05  # of the characters: private ones, or none at all, are those of a font that does not tell
_MOST_CHARACTERS = 20_000
_SURE = 99


def words(page: Any) -> dict[str, Any] | None:
    """Return the words of a page, None where it has too few of them to be more than a stamp on a picture."""
    text = page.get_textpage()
    try:
        count = min(text.count_chars(), _MOST_CHARACTERS)
        if count < _FEWEST_LETTERS:
            return None
        whole = text.get_text_range(0, count)
        if not _is_real(whole):
            return None
        width, height = page.get_size()
        left, bottom, right, top = page.get_bbox()
        found = _grouped([(text.get_text_range(rank, 1), text.get_charbox(rank)) for rank in range(count)], left, top)
    finally:
        text.close()
    rotation, turned = page.get_rotation(), 0
    if rotation in (90, 270) and not stance.on_its_side(box for _word, *box, _line, _sure in found):
        width, height, turned = height, width, rotation  # it is shown on its side
    elif rotation:  # places are told of the page before it is turned
        found = [[word, *_turned(box, rotation, right - left, top - bottom), line, sure]
                 for word, *box, line, sure in found]  # fmt: skip
    return {
        "width": round(width), "height": round(height), "words": found, "source": "layer", "script": "",
        "turned": turned, "skew": 0.0, "languages": [],
    }  # fmt: skip


def _is_real(whole: str) -> bool:
    letters = sum(character.isalnum() for character in whole)
    doubtful = sum(character == "\ufffd" or unicodedata.category(character) in ("Co", "Cn") for character in whole)
    return letters >= _FEWEST_LETTERS and doubtful <= _MOST_DOUBTFUL * len(whole)


def _grouped(characters: list[tuple[str, tuple[float, ...]]], left: float, top: float) -> list[list[Any]]:
    """Put characters together in words, and number the lines."""
    found: list[list[Any]] = []
    word, box, line = "", [0.0, 0.0, 0.0, 0.0], 0

    def end() -> None:
        nonlocal word
        if word:
            found.append([word, *(round(side, 1) for side in box), line, _SURE])
        word = ""

    for character, (x0, y0, x1, y1) in characters:
        if not character.strip() or not character.isprintable():
            end()
            line += character in "\r\n"
            continue
        place = [x0 - left, top - y1, x1 - left, top - y0]
        if word and _apart(box, place):
            end()
            line += abs(place[1] - box[1]) > max(box[3] - box[1], 4)
        if word:
            box = [min(box[0], place[0]), min(box[1], place[1]), max(box[2], place[2]), max(box[3], place[3])]
        else:
            box = place
        word += character
    end()
    return found


def _apart(box: list[float], place: list[float]) -> bool:
    height = max(box[3] - box[1], place[3] - place[1], 4)
    gap = max(place[0] - box[2], box[0] - place[2])
    return gap > 0.6 * height or place[1] > box[3] + 1 or place[3] < box[1] - 1


def _turned(box: list[float], angle: int, width: float, height: float) -> list[float]:
    x0, y0, x1, y1 = box
    return {90: [height - y1, x0, height - y0, x1], 180: [width - x1, height - y1, width - x0, height - y0],
            270: [y0, width - x1, y1, width - x0]}.get(angle, box)  # fmt: skip
