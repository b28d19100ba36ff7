"""The likeness of pages: a short sign by which a picture sent again is known, whatever happened to it on the way."""

import io
import math
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

_WORKED_AT = 512
_FOLD = 32
_GRAIN = 48
_LEAST_INK, _MOST_INK = 0.004, 0.6
_TURNS = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
_SHIFTS = tuple((x, y) for x in range(-2, 3) for y in range(-2, 3))
_COARSE = 4
_FRAME, _FAR = 3, 16
_LEAST_CONTRAST = 60
_ANY_BIT = 1 << 63


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a page looks like: `bits` finds it among millions, signed 64 bits; `grain` tells if it is truly the same.

    The grain is a map of 48 × 48 densities of ink, one byte each: no word of the page can be read in it.
    """

    bits: int
    grain: bytes

    @property
    def bands(self) -> tuple[int, int, int, int]:
        """The four quarters of the bits, of 16 each, from -32768 to 32767 as PostgreSQL keeps them."""
        unsigned = self.bits & (2 * _ANY_BIT - 1)
        first, second, third, fourth = (_signed(unsigned >> shift & 0xFFFF, 16) for shift in (48, 32, 16, 0))
        return first, second, third, fourth


def of(page: bytes) -> Likeness | None:
    """
    Return the likeness of the image of a page, or None where there is next to nothing on it.

    `page` is a JPEG drawn by the house. The page is put straight and cut to its ink first: it is known again once
    compressed, resized, cut by 5 % on its sides, turned by 2° or photographed anew.
    """
    with Image.open(io.BytesIO(page), formats=["JPEG"]) as image:
        image.draft("L", (_WORKED_AT, _WORKED_AT))
        grey = image.convert("L")
    grey.thumbnail((_WORKED_AT, _WORKED_AT), Image.Resampling.BOX)
    inked = _straight(_ink(grey))
    share = ImageStat.Stat(inked).mean[0] / 255
    box = _bounds(inked)
    if box is None or not _LEAST_INK < share < _MOST_INK:
        return None
    page_of_ink = inked.crop(box).filter(ImageFilter.GaussianBlur(3))
    grain = ImageOps.autocontrast(page_of_ink.resize((_GRAIN, _GRAIN), Image.Resampling.BOX))
    return Likeness(_bits(page_of_ink), grain.tobytes())


def distance(one: int, other: int) -> int:
    """Return how many of 64 bits differ."""
    return ((one ^ other) & (2 * _ANY_BIT - 1)).bit_count()


def neighbours(band: int) -> list[int]:
    """Return a quarter and the sixteen that differ by one bit: over four quarters, no distance up to 7 is missed."""
    unsigned = band & 0xFFFF
    return [band, *(_signed(unsigned ^ (1 << bit), 16) for bit in range(16))]


def resemblance(one: bytes, other: bytes) -> float:
    """Return how alike two grains are, from -1 to 1: their correlation, at the best of small shifts."""
    first, second = (Image.frombytes("L", (_GRAIN, _GRAIN), grain) for grain in (one, other))
    side = _GRAIN - 4
    window = first.crop((2, 2, 2 + side, 2 + side))
    return max(_correlation(window, second.crop((2 + x, 2 + y, 2 + x + side, 2 + y + side))) for x, y in _SHIFTS)


def _correlation(one: Image.Image, other: Image.Image) -> float:
    a, b = ImageStat.Stat(one), ImageStat.Stat(other)
    product = ImageStat.Stat(ImageChops.multiply(one, other)).mean[0] * 255
    spread = math.sqrt(a.var[0] * b.var[0])
    return float(product - a.mean[0] * b.mean[0]) / spread if spread else 0.0


def _sheet(grey: Image.Image) -> Image.Image | None:
    """Return where the sheet is in a photograph, its edges left out; None where the paper fills the picture."""
    soft = grey.reduce(_COARSE).filter(ImageFilter.BoxBlur(1))
    levels = [level for level, pixels in enumerate(soft.histogram()) if pixels]
    low, high = levels[0], levels[-1]
    bright = soft.point([255 if level > (low + high) / 2 else 0 for level in range(256)])
    frame = bright.copy()
    frame.paste(0, (_FRAME, _FRAME, frame.width - _FRAME, frame.height - _FRAME))
    around = 2 * _FRAME * (frame.width + frame.height - 2 * _FRAME)
    if high - low < _LEAST_CONTRAST or ImageStat.Stat(frame).sum[0] / 255 / around > 0.5:
        return None
    room = ImageOps.expand(bright, _FAR)  # else the table is closed up with the sheet at the edges of the picture
    room = room.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MinFilter(13))
    return ImageOps.crop(room, _FAR).resize(grey.size)


def _ink(grey: Image.Image) -> Image.Image:
    """Return the ink of a page, white on black, whatever the light on the paper."""
    soft = grey.filter(ImageFilter.BoxBlur(0.7))
    paper = soft.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MinFilter(9))  # tints and shadows, without strokes
    ink = ImageChops.subtract(paper, soft).point([0 if level < 22 else 255 for level in range(256)])
    sheet = _sheet(grey)
    return ImageChops.multiply(ink, sheet) if sheet else ink


def _straight(inked: Image.Image) -> Image.Image:
    """Turn a page so that its lines lie level: where the ink of its rows varies most."""
    small = inked.copy()
    small.thumbnail((256, 256), Image.Resampling.BOX)
    spreads = {turn: ImageStat.Stat(_rows(small, turn)).var[0] for turn in _TURNS}
    best = max(spreads, key=lambda turn: (spreads[turn], -abs(turn)))
    return inked.rotate(best, Image.Resampling.BILINEAR) if best else inked


def _rows(small: Image.Image, turn: float) -> Image.Image:
    turned = small.rotate(turn, Image.Resampling.BILINEAR) if turn else small
    return turned.resize((1, turned.height), Image.Resampling.BOX)


def _bounds(inked: Image.Image) -> tuple[int, int, int, int] | None:
    """Return where the ink is, specks and the shadow of an edge left out."""
    thick = inked.filter(ImageFilter.BoxBlur(2)).point([255 if level > 40 else 0 for level in range(256)])
    margin = 4
    thick.paste(0, (0, 0, thick.width, margin))
    thick.paste(0, (0, thick.height - margin, thick.width, thick.height))
    thick.paste(0, (0, 0, margin, thick.height))
    thick.paste(0, (thick.width - margin, 0, thick.width, thick.height))
    return thick.getbbox()


def _bits(page: Image.Image) -> int:
    """Return the signs of the 64 lowest frequencies of a page beside their median (DCT of 32 × 32)."""
    small = page.resize((_FOLD, _FOLD), Image.Resampling.BOX)
    waves = _waves()
    rows = [small.tobytes()[at : at + _FOLD] for at in range(0, _FOLD * _FOLD, _FOLD)]
    across = [[sum(map(float.__mul__, wave, map(float, row))) for wave in waves] for row in rows]
    columns = list(zip(*across, strict=True))
    every = [sum(map(float.__mul__, wave, column)) for wave in waves for column in columns]
    middle = sorted(every[1:])[len(every) // 2]
    return _signed(sum(1 << place for place, value in enumerate(every) if value > middle), 64)


@cache
def _waves() -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(math.cos(math.pi * rank * (2 * place + 1) / (2 * _FOLD)) for place in range(_FOLD)) for rank in range(8)
    )


def _signed(unsigned: int, width: int) -> int:
    return unsigned - (1 << width) if unsigned >> (width - 1) else unsigned
