"""Bills drawn for these tests, each unlike any other, and what may happen to one on its way."""

import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_WORDS = ["facture", "patient", "acte", "total", "montant", "payé", "adresse", "service", "analyse", "remise", "compte"]
_INKS = ("black", "navy", "darkred", "dimgrey")
_TABLES = ((70, 50, 40), (60, 60, 60), (90, 80, 60))


def bill(seed: int, *, form: int | None = None) -> Image.Image:
    """A bill of one page; two that have one form are of one provider, and differ by what was done and paid."""
    care, of_form = random.Random(seed), random.Random(seed * 7919 + 1 if form is None else form)
    page = Image.new("RGB", (1200, 1700), "white")
    draw = ImageDraw.Draw(page)
    ink, size = of_form.choice(_INKS), of_form.choice((24, 26, 30))
    title, text = ImageFont.load_default(size + 22), ImageFont.load_default(size)
    left, top = of_form.choice((80, 120, 400)), 90
    draw.text((left, top), _some(of_form, 2, 4).title(), font=title, fill=ink)
    for top in range(200, 200 + 38 * of_form.randint(2, 5), 38):
        draw.text((left, top), _some(of_form, 2, 6), font=text, fill=ink)
    top += of_form.randint(60, 160)
    column, right, step = of_form.choice((80, 150)), of_form.choice((880, 960)), of_form.randint(36, 60)
    if of_form.random() < 0.5:
        draw.rectangle((column - 10, top - 10, 1110, top + 40), fill="lightgrey")
    for _line in range(care.randint(2, 14)):
        draw.text((column, top), _some(care, 1, 6), font=text, fill=ink)
        draw.text((right, top), f"{care.randint(5, 3000)}.{care.randint(0, 99):02d}", font=text, fill=ink)
        top += step
    draw.line((column, top, 1110, top), fill=ink, width=3)
    draw.text((right - 160, top + 20), f"TOTAL {care.randint(50, 9000)}", font=text, fill=ink)
    draw.text(
        (of_form.randint(80, 500), top + 140), f"{_some(care, 2, 3)} {care.randint(1000, 99999)}", font=text, fill=ink
    )
    if care.random() < 0.5:
        x, y = care.randint(500, 900), care.randint(1250, 1500)
        draw.ellipse((x, y, x + 170, y + 170), outline="blue", width=6)
    return page


def _some(lot: random.Random, least: int, most: int) -> str:
    return " ".join(lot.choice(_WORDS) for _ in range(lot.randint(least, most)))


def jpeg(page: Image.Image, quality: int = 80) -> bytes:
    """The bytes of a page as the house draws it."""
    content, drawn = io.BytesIO(), page.convert("RGB")
    drawn.thumbnail((1700, 1700))
    drawn.save(content, "JPEG", quality=quality)
    return content.getvalue()


def recompressed(page: Image.Image, _lot: random.Random) -> bytes:
    with Image.open(io.BytesIO(jpeg(page, 25))) as again:
        return jpeg(again, 60)


def smaller(page: Image.Image, _lot: random.Random) -> bytes:
    return jpeg(page.resize((620, 880)))


def cropped(page: Image.Image, _lot: random.Random) -> bytes:
    """Cut by 5 % on each side."""
    width, height = page.size
    return jpeg(page.crop((width // 20, height // 20, width - width // 20, height - height // 20)))


def turned(page: Image.Image, lot: random.Random) -> bytes:
    return jpeg(page.rotate(lot.choice((-2, 2)), Image.Resampling.BICUBIC, fillcolor="white"))


def photographed(page: Image.Image, lot: random.Random) -> bytes:
    """Laid on a table, a little askew, in a light that falls from one side, with the grain of a telephone."""
    size = 1500, 2000
    table = lot.choice(_TABLES)
    laid = page.rotate(lot.uniform(-2, 2), Image.Resampling.BICUBIC, expand=True, fillcolor=table)
    scale = lot.uniform(1.05, 1.15)
    laid = laid.resize((int(laid.width * scale), int(laid.height * scale)))
    photo = Image.new("RGB", size, table)
    photo.paste(laid, ((size[0] - laid.width) // 2 + lot.randint(-15, 15), (size[1] - laid.height) // 2))
    lean = lot.uniform(-0.00002, 0.00002)
    seen = (1, lot.uniform(-0.01, 0.01), 0, lot.uniform(-0.01, 0.01), 1, 0, lean, lean)
    photo = photo.transform(size, Image.Transform.PERSPECTIVE, seen, Image.Resampling.BICUBIC)
    light = (
        Image.linear_gradient("L")
        .rotate(lot.choice((0, 90, 180)))
        .resize(size)
        .point([150 + n * 2 // 5 for n in range(256)])
    )
    photo = ImageChops.multiply(photo, Image.merge("RGB", [light] * 3))
    grain = Image.effect_noise(size, 18)
    photo = ImageChops.add(photo, Image.merge("RGB", [grain] * 3), 1, -128)
    return jpeg(photo.filter(ImageFilter.GaussianBlur(1.2)), 70)


CHANGES = (recompressed, smaller, cropped, turned, photographed)
