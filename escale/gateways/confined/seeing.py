"""The words that are seen on the picture of a page, by Tesseract, after the picture was made easy to read."""

import re
import time
from typing import Any

from PIL import ImageOps

from escale.gateways.confined import glyphs, lightening, together
from escale.gateways.confined.entrance import Unreadable

LONGEST_SIDE = 3000
_SCRIPTS = {
    "Arabic": ("Arabic", "ara"), "Thai": ("Thai", "tha"), "Japanese": ("Japanese", "jpn"),
    "Latin": ("eng+fra+deu", "eng+fra", "eng", "fra", "Latin"),
}  # fmt: skip
"""The languages to read a script with, the best first."""
_SAME = {"Han": "Japanese", "Hiragana": "Japanese", "Katakana": "Japanese", "Fraktur": "Latin"}
_LETTERS = {"Arabic": "\u0600-\u06ff\ufb50-\ufeff", "Thai": "\u0e00-\u0e7f", "Japanese": "\u3040-\u30ff\u4e00-\u9fff"}
_JOINED = {"Thai", "Japanese"}
_WESTERN = re.compile(r"[\d.,/:'-]*\d[\d.,/:'-]*\d[\d.,/:'-]*", re.ASCII)
_DIGITS_OF_THEIR_OWN = {"Arabic", "Thai"}
_FIGURE, _DIGIT = re.compile(r"[\d.,']*[.,]\d\d", re.ASCII), re.compile(r"\d")
_LARGE, _READ_BEST = 40, 30  # pixels: how tall digits are that are taken for others, and that are read best
_MOST_AGAIN, _MARGIN = 12, 20
_SURELY, _NEITHER = 8, 50  # of 100: by how much a reading is surer than another; what is left of two that are not
_SURE_OF_TURN, _SURE_OF_SCRIPT = 2.0, 3.0
_LEGIBLE, _CLEAR = 55, 82  # of 100: under which a page may stand upside down; may be in another script
_COLUMNS = 12
_DOUBTFUL = 60
_LEAST_SECONDS = 2


class Eyes:
    """Tesseract with the languages of this machine; each is opened once."""

    def __init__(self, asked: dict[str, Any]) -> None:
        import tesserocr

        if not set(asked["languages"]) - {"osd"}:
            raise Unreadable("no_eyes")
        self._tesserocr, self._folder = tesserocr, asked["languages_folder"]
        self._there = frozenset(asked["languages"])
        self._again, self._hint = asked["again"], asked["script"]
        self._apis: dict[str, Any] = {}

    def read(self, image: Any, until: float) -> dict[str, Any]:
        """Return the words of a picture, with their places on it once it is upright."""
        if not lightening.written_on(image):
            return _page(image, [], "", 0, 0.0, [])
        page = lightening.readable(image, strong=self._again)
        turned, script = self._posture(page)
        page = page.rotate(turned, expand=True) if turned else page
        skew = lightening.skew(page)
        page = page.rotate(skew, resample=3, fillcolor=255) if skew else page
        found = self._words(page, script, until)
        if not self._hint and _legibility(found, script) < _CLEAR:
            script, found = self._best_script(page, script, found, until)
        if _legibility(found, script) < _LEGIBLE:
            turned, page, found = self._best_turn(page, turned, found, script, until)
        if until - time.monotonic() > _LEAST_SECONDS:
            found = together.with_others(found, self._words(page, script, until, sparse=True))
        if "eng" in self._there:
            found = self._large_figures(page, found, until)
        numbers: list[list[Any]] = []
        if script in _DIGITS_OF_THEIR_OWN and until - time.monotonic() > _LEAST_SECONDS:
            numbers = self._numbers(page, script, found, until)
            found = together.with_numbers(found, numbers)
        if script in _JOINED:
            found = together.joined(found)
        if script in _DIGITS_OF_THEIR_OWN:
            found = together.confirmed(found, numbers)
        return _page(page, found, script, turned, skew, self._languages(script).split("+"))

    def _api(self, languages: str) -> Any:
        if languages not in self._apis:
            self._apis[languages] = self._tesserocr.PyTessBaseAPI(path=self._folder, lang=languages)
            self._apis[languages].SetVariable("debug_file", "/dev/null")
        return self._apis[languages]

    def _posture(self, page: Any) -> tuple[int, str]:
        """Return by how many degrees to turn a page, counter-clockwise, and its script."""
        if "osd" not in self._there:
            return 0, self._hint or "Latin"
        api = self._api("osd")
        small = page.copy()
        small.thumbnail((1800, 1800))
        api.SetPageSegMode(self._tesserocr.PSM.OSD_ONLY)
        api.SetImage(small)
        told = api.DetectOrientationScript() or {}
        turned = told.get("orient_deg", 0) if told.get("orient_conf", 0) >= _SURE_OF_TURN else 0
        script = told.get("script_name", "") if told.get("script_conf", 0) >= _SURE_OF_SCRIPT else ""
        script = _SAME.get(script, script)
        return turned, self._hint or (script if script in _SCRIPTS else "Latin")

    def _languages(self, script: str) -> str:
        """Return the languages to read a script with; any that there is, rather than none."""
        best = (one for one in _SCRIPTS[script] if self._there.issuperset(one.split("+")))
        return next(best, "") or next(iter(sorted(self._there - {"osd"})))

    def _words(
        self, page: Any, script: str, until: float, *, sparse: bool = False, languages: str = ""
    ) -> list[list[Any]]:
        api = self._api(languages or self._languages(script))
        modes = self._tesserocr.PSM
        api.SetPageSegMode(modes.SPARSE_TEXT if sparse else modes.SINGLE_BLOCK if self._again else modes.AUTO)
        api.SetImage(page)
        api.SetSourceResolution(300)
        api.Recognize(max(1000, int((until - time.monotonic()) * 1000)))  # what is seen in time is kept
        found: list[list[Any]] = []
        line, place = 0, None
        for row in api.GetTSVText(0).splitlines():
            columns = row.split("\t")
            if len(columns) != _COLUMNS or not columns[-1].strip():
                continue
            left, top, width, height = map(int, columns[6:10])
            line, place = line + (place != columns[2:5]), columns[2:5]
            found.append([columns[-1].strip(), left, top, left + width, top + height, line, round(float(columns[10]))])
        return found

    def _large_figures(self, page: Any, found: list[list[Any]], until: float) -> list[list[Any]]:
        """Read the largest figures again, smaller: bold digits are then mistaken less; the surer reading is kept."""
        large = [word for word in found if word[4] - word[2] > _LARGE and _FIGURE.fullmatch(word[0])]
        for word in sorted(large, key=lambda one: one[2] - one[4])[:_MOST_AGAIN]:
            if until - time.monotonic() < _LEAST_SECONDS:
                break
            text, sure = self._figure(page, word)
            if text != word[0] and _DIGIT.sub("0", text) == _DIGIT.sub("0", word[0]):
                gap = abs(sure - word[6])
                word[0], word[6] = max((sure, text), (word[6], word[0]))[1], max(sure, word[6])
                word[6] = word[6] if gap >= _SURELY else _NEITHER
        return found

    def _figure(self, page: Any, word: list[Any]) -> tuple[str, int]:
        """Return what a figure is read as when it stands alone, as tall as is read best, and how sure that is."""
        edge, scale = (word[4] - word[2]) // 3, _READ_BEST / (word[4] - word[2])
        cut = page.crop((word[1] - edge, word[2] - edge, word[3] + edge, word[4] + edge))
        cut = cut.resize((max(1, round(cut.width * scale)), max(1, round(cut.height * scale))), 3)
        api = self._api("eng")
        api.SetPageSegMode(self._tesserocr.PSM.SINGLE_LINE)
        api.SetImage(ImageOps.expand(cut, _MARGIN, 255))
        return api.GetUTF8Text().strip(), api.MeanTextConf()

    def _numbers(self, page: Any, script: str, found: list[list[Any]], until: float) -> list[list[Any]]:
        """Return the numbers of a page, in digits of its script or in ours: of two in one place, the surer one."""
        own = glyphs.numbers(page, _bands(page, found), script)
        seen = self._words(page, script, until, sparse=True, languages="eng") if "eng" in self._there else []
        ours = [word for word in seen if _WESTERN.fullmatch(word[0]) and word[-1] >= _DOUBTFUL]
        kept = [number for number in own if not together.over(number, ours, better=True)]
        return kept + [number for number in ours if not together.over(number, kept)]

    def _best_script(self, page: Any, script: str, found: list[list[Any]], until: float) -> tuple[str, list[list[Any]]]:
        """Read a page that is not clear in each of the other scripts, and keep the clearest."""
        best = (_legibility(found, script), script, found)
        for other in _SCRIPTS:
            languages = self._languages(other)
            if other == script or languages not in _SCRIPTS[other] or until - time.monotonic() < _LEAST_SECONDS:
                continue
            seen = self._words(page, other, until)
            best = max(best, (_legibility(seen, other), other, seen), key=lambda one: one[0])
        return best[1], best[2]

    def _best_turn(
        self, page: Any, turned: int, found: list[list[Any]], script: str, until: float
    ) -> tuple[int, Any, list[list[Any]]]:
        """Try the other ways up of a page that is not legible this way, and keep the best."""
        small = page.copy()
        small.thumbnail((1600, 1600))
        scores = {}
        for turn in (180, 90, 270):
            if until - time.monotonic() < 2 * _LEAST_SECONDS:
                break
            scores[turn] = _worth(self._words(small.rotate(turn, expand=True), script, until))
        if scores and max(scores.values()) > _worth(found) * 1.3:
            turn = max(scores, key=lambda one: scores[one])
            page = page.rotate(turn, expand=True)
            return (turned + turn) % 360, page, self._words(page, script, until)
        return turned, page, found


def _page(
    page: Any, found: list[list[Any]], script: str, turned: int, skew: float, languages: list[str]
) -> dict[str, Any]:
    return {
        "width": page.width, "height": page.height, "words": found, "source": "ocr", "script": script,
        "turned": turned, "skew": skew, "languages": languages,
    }  # fmt: skip


def _legibility(found: list[list[Any]], script: str) -> float:
    """Return the mean confidence of the words made of letters, each of the weight of its length.

    A page that has few letters of its script is not legible in it.
    """
    lettered = [word for word in found if any(map(str.isalpha, word[0]))]
    weight = sum(len(word[0]) for word in lettered)
    if not weight:
        return 0.0
    own = sum(len(re.findall(f"[{_LETTERS[script]}]", word[0])) for word in lettered) if script in _LETTERS else weight
    return sum(len(word[0]) * word[-1] for word in lettered) / weight * min(1.0, 3 * own / weight)


def _worth(found: list[list[Any]]) -> float:
    """Return how much was read with some confidence, in characters."""
    return sum(len(word[0]) for word in found if word[-1] >= 70 and len(word[0]) > 1)


def _bands(page: Any, found: list[list[Any]]) -> list[tuple[int, int, int, int]]:
    """Return the lines of a page, each as wide as it: a number may stand where no word was seen."""
    lines: dict[int, list[list[Any]]] = {}
    for word in found:
        lines.setdefault(word[5], []).append(word)
    bands: list[tuple[int, int, int, int]] = []
    for words in sorted(lines.values(), key=lambda line: min(word[2] for word in line)):
        top, bottom = min(word[2] for word in words), max(word[4] for word in words)
        edge = (bottom - top) // 5
        if bands and top - edge - bands[-1][1] < edge and abs(bottom + edge - bands[-1][3]) < 2 * edge:
            continue
        bands.append((0, max(top - edge, 0), page.width, min(bottom + edge, page.height)))
    return bands
