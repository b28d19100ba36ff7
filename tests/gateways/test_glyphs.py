"""Digits that Tesseract mistakes are told by their shape, in fonts that were never shown."""

import random
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageDraw, ImageFont

from escale.gateways.confined import glyphs

FONTS = {
    "Arabic": Path("/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"),
    "Thai": Path("/usr/share/fonts/truetype/tlwg/Garuda.ttf"),
}


DIGITS = {"Arabic": "٠١٢٣٤٥٦٧٨٩", "Thai": "๐๑๒๓๔๕๖๗๘๙"}


def read(text: str, script: str) -> list[str]:
    if not FONTS[script].exists():
        pytest.skip("this font is missing here")
    picture = Image.new("L", (900, 140), 255)
    font = ImageFont.truetype(str(FONTS[script]), 44)
    ImageDraw.Draw(picture).text((40, 20), text, fill=20, font=font)
    return [str(number[0]) for number in glyphs.numbers(picture, [(0, 0, 900, 140)], script)]


@pytest.mark.parametrize(("script", "least", "most_wrong"), [("Arabic", 0.9, 0), ("Thai", 0.5, 0.05)])
def test_most_numbers_are_read_and_few_are_wrong(script: str, least: float, most_wrong: float):
    chance = random.Random(1949)
    right = wrong = 0
    for _number in range(40):
        whole, cents = chance.randint(10, 99999), chance.randint(10, 99)
        text = "".join(DIGITS[script][int(one)] if one.isdigit() else one for one in f"{whole}.{cents}")
        found = read(text, script)
        right += found == [text]
        wrong += found not in ([text], [])
    assert right >= least * 40
    assert wrong <= most_wrong * 40


@pytest.mark.parametrize(("text", "script"), [("مستشفى النخيل", "Arabic"), ("โรงพยาบาล", "Thai"), ("8264", "Arabic")])
def test_words_and_digits_of_ours_are_no_such_numbers(text: str, script: str):
    assert read(text, script) == []


def test_what_hangs_together_is_one_piece():
    picture = Image.new("1", (40, 20))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((2, 2, 8, 17), fill=1)  # a digit
    draw.rectangle((20, 2, 23, 5), fill=1)  # two points, one above the other
    draw.rectangle((20, 12, 23, 15), fill=1)

    assert glyphs.pieces(numpy.asarray(picture)) == [glyphs.Piece(2, 2, 9, 18), glyphs.Piece(20, 2, 24, 16)]
