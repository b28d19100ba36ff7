"""Draw the papers, with what is true of each; always the same for the same seed."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import typst

from tests.ocr.layouts import LAYOUTS
from tests.ocr.words import LANGUAGES, THREE_DECIMALS, WITHOUT_DECIMALS


@dataclass(frozen=True)
class Paper:
    """A paper drawn as a PNG, and what is true of it."""

    name: str
    language: str
    layout: str
    image: bytes
    total: Decimal
    currency: str
    given_on: date


def papers(languages: tuple[str, ...] = tuple(LANGUAGES), layouts: tuple[str, ...] = ()) -> list[Paper]:
    """Draw a paper of each layout in each language."""
    return [
        paper(language, layout, rank)
        for language in languages
        for rank, layout in enumerate(LAYOUTS)
        if not layouts or layout in layouts
    ]


def paper(language: str, layout: str, rank: int) -> Paper:
    """Draw one paper."""
    chance = random.Random(f"{language} {layout}")
    said = LANGUAGES[language]
    facts = _facts(said, rank, chance)
    head = (
        f'#set text(font: ("{said["font"]}", "DejaVu Sans", "Noto Sans"), size: {chance.choice((9, 10, 11))}pt, '
        f'lang: "{language}"{", dir: rtl" if said.get("rtl") else ""})\n'
    )
    source = head + LAYOUTS[layout](said, facts, chance)
    image = typst.compile(source.encode(), format="png", ppi=chance.choice((150, 170, 200)))
    pages = image[0] if isinstance(image, list) else image
    return Paper(
        f"{language}-{layout}", language, layout, pages, facts["total"], facts["currency"], facts["given_on"]
    )  # fmt: skip


def _facts(said: dict[str, Any], rank: int, chance: random.Random) -> dict[str, Any]:
    currency, symbol, side = said["currencies"][rank % len(said["currencies"])]
    scale = {"XOF": 500, "XPF": 100, "COP": 4000, "JPY": 100}.get(currency, 1)
    places = 0 if currency in WITHOUT_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    unit = Decimal(1).scaleb(-places)
    items = [
        (act, Decimal(chance.randint(300, 30000)).scaleb(-2) * scale)
        for act in chance.sample(said["acts"], chance.randint(2, 4))
    ]
    items = [(act, price.quantize(unit)) for act, price in items]
    _form, group, mark = said["styles"][rank % len(said["styles"])]
    digits = said.get("digits", ["0123456789"])
    digits = digits[rank % len(digits)]
    given_on = date(chance.choice((2025, 2026)), chance.randint(1, 10), chance.randint(13, 28))
    pattern = said["dates"][rank % len(said["dates"])]

    def number(value: Decimal) -> str:
        text = f"{value:,.{places}f}".replace(".", "@").replace(",", group).replace("@", mark)
        return "".join(digits[int(one)] if one.isdecimal() else one for one in text)

    def money(value: Decimal) -> str:
        return f"{number(value)} {symbol}" if side == "after" else f"{symbol} {number(value)}"

    def day(on: date) -> str:
        name = said["months"][on.month - 1]
        text = pattern.format(
            d=on.day, mo=on.month, m=name, m3=name[:3], y=on.year + said.get("era", 0), r=on.year - 2018
        )
        return "".join(digits[int(one)] if one.isdecimal() and one.isascii() else one for one in text)

    subtotal = sum((price for _act, price in items), Decimal(0))
    tax = (subtotal * Decimal("0.07")).quantize(unit)
    return {
        "currency": currency, "items": items, "subtotal": subtotal, "tax": tax, "total": subtotal, "given_on": given_on,
        "number": number, "money": money, "day": day, "unit": unit,
        "born_on": date(chance.randint(1950, 2010), chance.randint(1, 12), chance.randint(13, 28)),
        "reference": f"{chance.choice('ABFR')}{chance.randint(1000, 99999)}",
    }  # fmt: skip
