"""The digits of Thai that Tesseract takes for one another are told apart by their shape."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from escale.gateways.confined import digits

FONT = Path("/usr/share/fonts/truetype/tlwg/Garuda.ttf")


def words(picture: Any, written: str, read: str) -> list[list[Any]]:
    """Draw a number, and return a word for each digit, as Tesseract would: with one text for another."""
    if not FONT.exists():
        pytest.skip("this font is missing here")
    font = ImageFont.truetype(str(FONT), 44)
    drawing, left, found = ImageDraw.Draw(picture), 40.0, []
    for one, seen in zip(written, read, strict=True):
        _left, top, right, bottom = drawing.textbbox((left, 20), one, font=font)
        drawing.text((left, 20), one, fill=20, font=font)
        found.append([seen, round(left), round(top), round(right), round(bottom), 1, 97])
        left += font.getlength(one)
    return found


@pytest.mark.parametrize(("written", "read"), [("๒๕๖๘", "๒๕๒๕"), ("๒๕๖๙", "๒๕๒๕"), ("๑๒๐", "๑๒๐")])
def test_a_number_is_what_its_shape_says_among_what_it_is_taken_for(written: str, read: str):
    picture = Image.new("L", (400, 140), 255)
    (word,), numbers = digits.told_by_shape(picture, words(picture, written, read))
    assert word[0] == written
    assert numbers == [word]


def test_a_number_whose_digits_are_not_told_apart_is_doubtful():
    blank = Image.new("L", (400, 140), 255)
    (word,), _numbers = digits.told_by_shape(blank, words(blank.copy(), "๒๕๖๘", "๒๕๒๕"))
    assert word[0] == "๒๕๒๕"
    assert word[-1] <= 50


def test_what_two_readings_tell_otherwise_is_doubtful():
    number: list[Any] = ["๖๘๕.๐๑", 0, 0, 90, 20, 0, 95]
    told: list[Any] = ["๒๘๕๐๑", 5, 0, 85, 20, 1, 95]
    digits.settled([number], [told])
    assert number[0] == "๖๘๕.๐๑"  # ๒ is taken for ๖
    assert max(number[-1], told[-1]) <= 60
    other: list[Any] = ["๖๘๐.๐๑", 0, 0, 90, 20, 0, 95]
    digits.settled([other], [told])
    assert other[0] == "๖๘๕.๐๑"  # ๕ is never taken for ๐


def test_what_is_hardly_told_is_doubtful():
    number: list[Any] = ["๙๗๕.๕๖", 0, 0, 90, 20, 0, 81]
    digits.settled([number], [["๙๗๕", 5, 0, 50, 20, 1, 50], ["๕๖", 55, 0, 85, 20, 1, 98]])
    assert number == ["๙๗๕.๕๖", 0, 0, 90, 20, 0, 60]


def test_a_day_that_is_read_in_two_ways_is_doubtful():
    number: list[Any] = ["١٩/٠٢/٢٠٢٦", 0, 0, 90, 20, 0, 83]
    seen: list[Any] = ["۱۹/۰۳/۲۰۲٦\u200f", 5, 0, 85, 20, 1, 52]
    digits.settled([number], digits.days([seen]))
    assert number == ["١٩/٠٢/٢٠٢٦", 0, 0, 90, 20, 0, 60]
    alike: list[Any] = ["١٩/٠٣/٢٠٢٦", 0, 0, 90, 20, 0, 83]
    digits.settled([alike], digits.days([seen]))
    assert alike[-1] == 83
