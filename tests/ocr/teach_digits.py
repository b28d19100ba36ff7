"""Teach the shapes of digits, and write `glyphs.json`: `python -m tests.ocr.teach_digits`.

Numbers are set in many fonts, then blurred, faded and cut up as those of a page are; letters are shown as well, which
are no digits. The fonts of our own papers are left out: what is measured on them is read in a font never seen.
"""

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from escale.gateways.confined import glyphs

_FONTS = Path("/usr/share/fonts")
SCRIPTS = {
    "Arabic": ("٠١٢٣٤٥٦٧٨٩", ".,٫/-", "بتثجحخدذسشصضطظعغفقكلمنيىة23456789", (
        "NotoSansArabic-*", "NotoKufiArabic-*", "Amiri-*", "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansCondensed*",
        "DejaVuSansMono*",
    )),
    "Thai": ("๐๑๒๓๔๕๖๗๘๙", ".,/-", "กขคงจฉชซญดตถทนบปผพฟมยรลวสหอฮ123456789", (
        "NotoSansThai-*", "NotoSerifThai-*", "NotoLoopedThai-*", "Loma*", "Norasi*", "Kinnari*", "Laksaman*", "Umpush*",
        "Waree*", "Sawasdee*", "TlwgMono*", "TlwgTypewriter*", "TlwgTypist*", "TlwgTypo*",
    )),
}  # fmt: skip
_TEXTS, _HIDDEN, _ROUNDS, _STEP = 2600, 40, 24, 0.003


def teach(script: str) -> dict[str, Any]:
    """Return what was learnt of a script: its signs (« » is for none of them) and the weights of two layers."""
    digits, separators, letters, names = SCRIPTS[script]
    signs = sorted({*digits, *separators.replace("٫", ","), ""})
    fonts = sorted(path for name in names for path in _FONTS.glob(f"*/*/{name}.[ot]tf"))
    chance = random.Random(script)
    seen, told = [], []
    for _text in range(_TEXTS):
        for feature, sign in _cut_up(_text_of(chance, digits, separators, letters), chance.choice(fonts), chance):
            seen.append(feature)
            told.append(signs.index("," if sign == "٫" else sign if sign in digits + separators else ""))
    weights = _learnt(numpy.array(seen), numpy.array(told), len(signs))
    return {"signs": signs, "weights": [[[round(float(one), 2) for one in row] for row in layer] for layer in weights]}


def _text_of(chance: random.Random, digits: str, separators: str, letters: str) -> str:
    if chance.random() < 0.3:
        return " ".join(chance.sample(letters, 4))
    number = "".join(chance.choice(digits) for _digit in range(chance.randint(2, 6)))
    rank = chance.randint(1, len(number) - 1)
    return number[:rank] + chance.choice(separators) + number[rank:]


def _cut_up(text: str, path: Path, chance: random.Random) -> Iterator[tuple[Any, str]]:
    """Yield the features of each sign of a text as it is photographed, where as many are seen as were written."""
    font = ImageFont.truetype(str(path), chance.randint(20, 46))
    picture: Any = Image.new("L", (440, 110), 255)
    ImageDraw.Draw(picture).text((10, 15), text, fill=chance.randint(0, 110), font=font, direction="ltr")
    if chance.random() < 0.3:
        picture = picture.filter(ImageFilter.MinFilter(3))
    picture = picture.rotate(chance.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=255)
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.1, font.size / 22)))
    grain = numpy.random.default_rng(chance.randint(0, 10**6)).normal(0, chance.uniform(0, 10), (110, 440))
    shaded = Image.fromarray(numpy.clip(numpy.asarray(picture, dtype=float) + grain, 0, 255).astype(numpy.uint8))
    written = io.BytesIO()
    shaded.save(written, "JPEG", quality=chance.choice((50, 75, 95)))
    darkness = 1 - numpy.asarray(Image.open(written), dtype=numpy.float32) / 255
    found = glyphs.pieces(darkness > glyphs.INK)
    signs = text.replace(" ", "")
    if len(found) == len(signs):
        top, bottom = glyphs.reach(found)
        for piece, sign in zip(found, signs, strict=True):
            yield glyphs.features(darkness, piece, top, bottom), sign


def _learnt(seen: Any, told: Any, kinds: int) -> list[Any]:
    """Return the weights of two layers that tell kinds from features (Adam, a softmax at the end)."""
    drawn = numpy.random.default_rng(1949)
    sizes = (seen.shape[1] + 1, _HIDDEN), (_HIDDEN + 1, kinds)
    weights = [drawn.normal(0, (2 / size[0]) ** 0.5, size) for size in sizes]
    means, squares = ([numpy.zeros(size) for size in sizes] for _both in "ab")
    step = 0
    for rank in range(_ROUNDS):
        for batch in numpy.array_split(drawn.permutation(len(seen)), len(seen) // 128):
            step += 1
            first = glyphs.with_one(seen[batch])
            inner = numpy.maximum(first @ weights[0], 0)
            second = glyphs.with_one(inner)
            error = glyphs.shares(second @ weights[1])
            error[numpy.arange(len(batch)), told[batch]] -= 1
            back = (error @ weights[1][:-1].T) * (inner > 0)
            for layer, slope in enumerate((first.T @ back / len(batch), second.T @ error / len(batch))):
                means[layer] = 0.9 * means[layer] + 0.1 * slope
                squares[layer] = 0.999 * squares[layer] + 0.001 * slope**2
                pace = _STEP * (1 - rank / _ROUNDS) * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
                weights[layer] -= pace * means[layer] / (squares[layer] ** 0.5 + 1e-8)
    return weights


if __name__ == "__main__":
    learnt = {script: teach(script) for script in SCRIPTS}
    Path(glyphs.__file__).with_name("glyphs.json").write_text(json.dumps(learnt, ensure_ascii=False) + "\n")
