"""A picture made easy to read: grey, of the right size, the shade of the paper taken out, the lines level."""

from typing import Any

import numpy
from PIL import Image, ImageFilter, ImageOps

_PIXELS = 5_500_000  # an A4 page at 250 dots an inch
_LEAST_SIDE = 1400
_FAINTEST = 40  # of 255: what is written is darker than its paper by more than that
_WIDEST_SKEW = 6.0  # degrees


def readable(image: Any, *, strong: bool) -> Any:
    """Return a picture in grey on white paper, large enough to be read; `strong` sharpens what is blurred."""
    grey = _flat(image).convert("L")
    scale = (_PIXELS / (grey.width * grey.height)) ** 0.5
    if scale < 1 or (scale > 1 and min(grey.size) < _LEAST_SIDE):
        scale = min(scale, 3.0, max(_LEAST_SIDE / min(grey.size), 1.0)) if scale > 1 else scale
        size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    grey = _without_shade(grey)
    if strong:
        grey = grey.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.UnsharpMask(3, 160, 2))
    return grey


def written_on(image: Any) -> bool:
    """Tell whether anything can be written on a picture: it is not of one tone all over."""
    darkest, lightest = _flat(image).convert("L").getextrema()
    return bool(lightest - darkest > _FAINTEST)


def _flat(image: Any) -> Any:
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    return image


def _without_shade(grey: Any) -> Any:
    """Divide a picture by its paper: what is lightest around each place, smoothed."""
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(9)).resize(grey.size)
    shade = numpy.maximum(numpy.asarray(paper, dtype=numpy.float32), 40)
    clear = numpy.asarray(grey, dtype=numpy.float32) * 255 / shade
    light = Image.fromarray(numpy.clip(clear, 0, 255).astype(numpy.uint8))
    return ImageOps.autocontrast(light, cutoff=(0.5, 0))


def skew(grey: Any) -> float:
    """Return by how many degrees to turn a page, counter-clockwise, so that its lines are level; 0 where it is small.

    Lines are level where the rows of pixels differ most from one another.
    """
    small = ImageOps.invert(grey)
    small.thumbnail((900, 900))
    best, angle = -1.0, 0.0
    for step in (1.0, 0.25):
        around = angle
        reach = _WIDEST_SKEW if step == 1.0 else 0.75
        count = round(reach / step)
        for rank in range(-count, count + 1):
            turned = numpy.asarray(small.rotate(around + rank * step, resample=Image.Resampling.BILINEAR), dtype=float)
            score = float((numpy.diff(turned.sum(axis=1)) ** 2).sum())
            if score > best:
                best, angle = score, around + rank * step
    return angle if abs(angle) >= 0.4 else 0.0
