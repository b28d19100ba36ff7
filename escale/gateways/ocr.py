"""The words of a paper and their places, read by a process of its own: a PDF's own text, else Tesseract's eyes.

The process is that of `inspection`: it opens a stranger's file, and may do nothing else. Only Debian's languages are
known (packages tesseract-ocr-fra, tesseract-ocr-script-arab and their like); where some are missing, papers are read
with the others.
"""

import json
import math
import os
import tempfile
import threading
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from escale.gateways import inspection
from escale.gateways.file_kinds import Limits
from escale.gateways.inspection import Cost

LANGUAGES = ("Arabic", "Japanese", "Thai", "ara", "deu", "eng", "fra", "jpn", "osd", "tha")
"""What the house reads with: the packs of whole scripts read digits better; `osd` tells the script and what is up."""
_FOLDERS = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata")
_MEMORY = 2 * 1024**3
_GRACE = 5  # seconds to open the file and write what was read
_ONE_BY_ONE = threading.BoundedSemaphore(1)
_ANSWER = "words.json"
_LARGEST_ANSWER = 32 * 1024 * 1024


class Word(NamedTuple):
    """A word, its box in the units of its page, the rank of its line, and how sure its reading is, of 100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a page, once it is turned by so many degrees and its lines are level (both counter-clockwise).

    `source` is « layer », the text of the PDF, or « ocr »; `script` and `languages` are Tesseract's names.
    """

    width: float
    height: float
    words: tuple[Word, ...]
    source: str = "layer"
    script: str = ""
    turned: int = 0
    skew: float = 0.0
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The pages that were read, how many were left when the time was over, and what it took."""

    pages: tuple[Page, ...]
    left: int
    cost: Cost


class NoEyes(Exception):
    """Tesseract has no language on this machine: only the text of PDF files could be read."""


@cache
def languages_folder() -> Path | None:
    """Return where the languages of Tesseract lie on this machine (TESSDATA_PREFIX, else Debian's place)."""
    places = (os.environ.get("TESSDATA_PREFIX", ""), *_FOLDERS)
    return next((Path(place) for place in places if place and any(Path(place).glob("*.traineddata"))), None)


def missing_languages() -> list[str]:
    """Return the languages of the house that this machine cannot read."""
    folder = languages_folder()
    return [one for one in LANGUAGES if folder is None or not (folder / f"{one}.traineddata").is_file()]


def read(
    source: BinaryIO, *, kind: str, limits: Limits, seconds: float = 60, again: bool = False, script: str = ""
) -> Reading:
    """Read the words of each page, for at most so many seconds; raises inspection.Unreadable.

    `kind` is the media type that `file_kinds.examine` found. `again` looks at the pictures another way: sharpened,
    word by word wherever they are, with every language of the script. `script` imposes it (« Latin », « Arabic »…).
    Raises NoEyes where there is no language to read a picture with.
    """
    folder_of_languages = languages_folder()
    there = [one for one in LANGUAGES if one not in missing_languages()]
    reading = {
        "languages_folder": str(folder_of_languages or ""), "languages": there, "seconds": max(seconds - _GRACE, 1),
        "again": again, "script": script,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        asked = {
            "kind": kind, "password": None, "folder": folder, "limits": asdict(limits), "reading": reading,
            "largest_output": _LARGEST_ANSWER, "memory": _MEMORY, "cpu_seconds": math.ceil(seconds) + 1,
        }  # fmt: skip
        answer, cost = inspection.answered(asked, source, limits=limits, seconds=seconds, turn=_ONE_BY_ONE)
        if answer.get("refused") == "no_eyes":
            raise NoEyes("Aucune langue de lecture n’est installée sur cette machine.")
        if "refused" in answer:
            raise inspection.unreadable(str(answer["refused"]), limits=limits, cost=cost)
        try:
            pages = json.loads((Path(folder) / _ANSWER).read_text())
            return Reading(tuple(map(_page, pages)), int(answer["left"]), cost)
        except (OSError, KeyError, TypeError, ValueError) as error:  # the file took the process over: believe nothing
            raise inspection.unreadable("broken", limits=limits, cost=cost) from error


def _page(told: dict[str, object]) -> Page:
    words = tuple(
        Word(str(text), float(left), float(top), float(right), float(bottom), int(line), float(confidence))
        for text, left, top, right, bottom, line, confidence in told["words"]  # type: ignore[attr-defined]
    )
    languages = tuple(map(str, told["languages"]))  # type: ignore[call-overload]
    return Page(
        float(told["width"]), float(told["height"]), words, str(told["source"]), str(told["script"]),  # type: ignore[arg-type]
        int(told["turned"]), float(told["skew"]), languages,  # type: ignore[call-overload, arg-type]
    )  # fmt: skip


def placed(page: Page, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return where a box lies on the picture of its page as it is shown: its sides, in shares of the picture's."""
    angle = math.radians(page.skew)
    x, y = (box[0] + box[2]) / 2 - page.width / 2, (box[1] + box[3]) / 2 - page.height / 2
    x, y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
    width, height = (box[2] - box[0]) / page.width / 2, (box[3] - box[1]) / page.height / 2
    x, y = x / page.width + 0.5, y / page.height + 0.5
    for _quarter in range(page.turned // 90 % 4):  # what was turned counter-clockwise is turned back
        x, y, width, height = 1 - y, x, height, width
    sides = (x - width, y - height, x + width, y + height)
    left, top, right, bottom = (round(min(max(side, 0.0), 1.0), 4) for side in sides)
    return left, top, right, bottom


def lines(page: Page) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return the lines of a page, and their boxes in its units."""
    gathered: dict[int, list[Word]] = {}
    for word in page.words:
        gathered.setdefault(word.line, []).append(word)
    return [
        (
            " ".join(word.text for word in words),
            (
                min(word.left for word in words),
                min(word.top for word in words),
                max(word.right for word in words),
                max(word.bottom for word in words),
            ),
        )
        for words in gathered.values()
    ]


def text(page: Page) -> str:
    """Return the words of a page, a line for each of its lines."""
    return "\n".join(words for words, _box in lines(page))
