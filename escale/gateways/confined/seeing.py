"""The words that are seen on the picture of a page, by Tesseract, after the picture was made easy to read."""

import re
import time
from typing import Any

from PIL import ImageOps

from escale.gateways.confined import digits, glyphs, lightening, stance, together
from escale.gateways.confined.entrance import Unreadable

LONGEST_SIDE = 3000
_SCRIPTS = {
    "Arabic": ("Arabic", "ara"), "Thai": ("Thai", "tha"), "Japanese": ("Japanese", "jpn"),
    "Latin": ("eng+fra+deu", "eng+fra", "eng", "fra", "Latin"),
}  # fmt: skip
"""The languages to read a script with, the best first."""
_SAME = {"Han": "Japanese", "Hiragana": "Japanese", "Katakana": "Japanese", "Fraktur": "Latin"}
_JOINED = {"Thai", "Japanese"}
_WESTERN = re.compile(r"[\d.,/:'-]*\d[\d.,/:'-]*\d[\d.,/:'-]*", re.ASCII)
_DIGITS_OF_THEIR_OWN = {"Arabic", "Thai"}
_FIGURE, _DIGIT = re.compile(r"[\d.,']*[.,]\d\d", re.ASCII), re.compile(r"\d")
_LARGE, _READ_BEST = 40, 30  # pixels: how tall digits are that are taken for others, and that are read best
_MOST_AGAIN, _MARGIN = 12, 20
_SURELY, _NEITHER = 8, 50  # of 100: by how much a reading is surer than another; what is left of two that are not
_QUARTER = 90
_SURE_OF_TURN, _SURE_OF_SCRIPT = 5.0, 3.0
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
        turned = _QUARTER if self._on_its_side(page) else 0
        page = page.rotate(turned, expand=True) if turned else page
        skew = lightening.skew(page)
        page = page.rotate(skew, resample=3, fillcolor=255) if skew else page
        half, script = self._posture(page)
        page = page.rotate(half) if half else page
        more, script, found = stance.clearest(
            page, script, self._scripts(), lambda seen, other: self._words(seen, other, until)
        )
        page, turned = page.rotate(more) if more else page, (turned + half + more) % 360
        if until - time.monotonic() > _LEAST_SECONDS:
            found = together.with_others(found, self._words(page, script, until, sparse=True))
        if "eng" in self._there:
            found = self._large_figures(page, found, until)
        told = digits.days(found)
        if script == "Thai":
            found, told = digits.told_by_shape(page, found)
        numbers: list[list[Any]] = []
        if script in _DIGITS_OF_THEIR_OWN and until - time.monotonic() > _LEAST_SECONDS:
            numbers = self._numbers(page, script, found, until)
            digits.settled(numbers, told)
            found = together.with_numbers(found, numbers)
        if script in _JOINED:
            found = together.joined(found)
        if script in _DIGITS_OF_THEIR_OWN:
            found = together.confirmed(found, numbers + told)
        return _page(page, found, script, turned, skew, self._languages(script).split("+"))

    def _api(self, languages: str) -> Any:
        if languages not in self._apis:
            self._apis[languages] = self._tesserocr.PyTessBaseAPI(path=self._folder, lang=languages)
            self._apis[languages].SetVariable("debug_file", "/dev/null")
        return self._apis[languages]

    def _on_its_side(self, page: Any) -> bool:
        """Tell whether the lines of a page go from its top to its bottom: its layout shows it in an instant."""
        api = self._api(self._languages(self._hint or "Latin"))
        api.SetPageSegMode(self._tesserocr.PSM.AUTO)
        api.SetImage(stance.reduced(page))
        words = self._tesserocr.RIL.WORD
        laid_out = api.AnalyseLayout()
        boxes = (one.BoundingBox(words) for one in self._tesserocr.iterate_level(laid_out, words)) if laid_out else ()
        return stance.on_its_side(box for box in boxes if box)

    def _posture(self, page: Any) -> tuple[int, str]:
        """Return whether a page that is not on its side seems upside down, as degrees to turn it, and its script."""
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
        return turned if turned == stance.HALF_TURN else 0, self._hint or (script if script in _SCRIPTS else "Latin")

    def _scripts(self) -> list[str]:
        """Return the scripts that a page may be tried in."""
        return [self._hint] if self._hint else [one for one in _SCRIPTS if self._languages(one) in _SCRIPTS[one]]

    def _languages(self, script: str) -> str:
        """Return the languages to read a script with; any that there is, rather than none."""
        best = (one for one in _SCRIPTS[script] if self._there.issuperset(one.split("+")))
        return next(best, "") or next(iter(sorted(self._there - {"osd"})))

    def _words(
        self, page: Any, script: str, until: float, *, sparse: bool = False, languages: str = ""
    ) -> list[list[Any]]:
        """Return the words of a page and their places; none once the time is over."""
        if time.monotonic() > until:
            return []
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


def _page(
    page: Any, found: list[list[Any]], script: str, turned: int, skew: float, languages: list[str]
) -> dict[str, Any]:
    return {
        "width": page.width, "height": page.height, "words": found, "source": "ocr", "script": script,
        "turned": turned, "skew": skew, "languages": languages,
    }  # fmt: skip


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
