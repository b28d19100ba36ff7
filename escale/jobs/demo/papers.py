"""The papers of the demonstration, drawn as they would be scanned or photographed; each says that it is a specimen."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.contrib.staticfiles import finders
from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageFont

PAGE = (1000, 1414)
"""An A4 page at 121 dots an inch."""

INK, PALE, STAMP, TABLE = (30, 30, 40), (110, 110, 120), (160, 30, 60), (96, 82, 70)
SPECIMEN = "SPÉCIMEN"

# in halves: scanners of code hosts remove any file that holds it whole
TEST_VIRUS = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


@dataclass(frozen=True)
class Paper:
    """A file as a person would send it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Sheet:
    """What is written on a page: a head, a title, the person, then rows of words and amounts."""

    head: str
    title: str
    person: str
    rows: Sequence[tuple[str, str]]
    foot: str = ""


def scan(sheet: Sheet, name: str) -> Paper:
    """Make the PDF that a scanner would give."""
    file = io.BytesIO()
    _draw(sheet).save(file, "PDF", resolution=121, title=sheet.title, author=SPECIMEN)
    return Paper(f"{name}.pdf", "application/pdf", file.getvalue())


def photograph(sheet: Sheet, name: str, *, blur: int = 0, editor: str = "") -> Paper:
    """
    Make the JPEG that a telephone would give: a little askew, on a table.

    It is blurred by so many pixels if the telephone moved; an editor through which it went leaves its name.
    """
    table = Image.new("RGB", (1200, 1620), TABLE)
    table.paste(_draw(sheet).rotate(-1.7, Image.Resampling.BILINEAR, expand=True, fillcolor=TABLE), (90, 80))
    file = io.BytesIO()
    exif = Image.Exif()
    if editor:
        exif[ExifTags.Base.Software] = editor
    table.filter(ImageFilter.GaussianBlur(blur)).save(file, "JPEG", quality=82, exif=exif)
    return Paper(f"{name}.jpg", "image/jpeg", file.getvalue())


def infected(paper: Paper) -> Paper:
    """Hide the harmless test virus in a PDF."""
    return Paper(paper.name, paper.media_type, paper.content + b"\n%" + TEST_VIRUS + b"\n%%EOF\n")


def amount(number: Decimal, currency: str) -> str:
    """Write an amount as a bill does."""
    return f"{number:,.2f} {currency}".replace(",", " ").replace(".00 ", " ").replace(".", ",")


@cache
def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    path = finders.find(f"dsfr/dist/fonts/Marianne-{weight}.woff2")
    assert path, "the design system brings its font"
    return ImageFont.truetype(path, size)


def _draw(sheet: Sheet) -> Image.Image:
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    pen.text((80, 70), sheet.head, INK, _font(30, "Bold"))
    pen.text((80, 112), "Établissement fictif", PALE, _font(20))
    pen.line((80, 160, 920, 160), INK, 3)
    pen.text((80, 200), sheet.title, INK, _font(36, "Bold"))
    pen.text((80, 260), sheet.person, INK, _font(24))
    for place, (words, figure) in enumerate(sheet.rows):
        top = 350 + 60 * place
        pen.text((80, top), words, INK, _font(24))
        pen.text((920, top), figure, INK, _font(24), anchor="ra")
        pen.line((80, top + 46, 920, top + 46), PALE, 1)
    pen.text((80, 1280), sheet.foot, PALE, _font(20))
    page.paste(STAMP, (330, 880), _stamp())
    return page


@cache
def _stamp() -> Image.Image:
    mask = Image.new("L", (520, 170))
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle((4, 4, 515, 165), 16, outline=170, width=6)
    pen.text((260, 85), SPECIMEN, 170, _font(64, "Bold"), anchor="mm")
    return mask.rotate(12, Image.Resampling.BICUBIC, expand=True)
