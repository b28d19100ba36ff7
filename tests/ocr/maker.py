"""Draw the papers: seven layouts, with what is true of each; always the same for the same seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import typst

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


def _escaped(text: str) -> str:
    return "".join(f"\\{one}" if one in "#$*_`<>@=-+/\\~[]'\"" else one for one in text)


def _rows(said: dict[str, Any], facts: dict[str, Any], quantities: bool = True) -> str:
    rows = "".join(
        f"[{_escaped(act)}], {'[1], ' if quantities else ''}[{_escaped(facts['number'](price))}],\n"
        for act, price in facts["items"]
    )
    head = f"[*{said['what']}*], " + (f"[*{said['quantity']}*], " if quantities else "") + f"[*{said['price']}*],\n"
    columns, align = ("(1fr, auto, auto)", "(start, center, end)") if quantities else ("(1fr, auto)", "(start, end)")
    return f"#table(columns: {columns}, align: {align}, stroke: 0.4pt, {head}{rows})\n"


def _line(label: str, value: str, weight: str = "regular") -> str:
    return (
        f'#text(weight: "{weight}")[#grid(columns: (1fr, auto), [{_escaped(label)}], align(end)[{_escaped(value)}])]\n'
    )


def _page(width: str, height: str = "auto", margin: str = "6mm") -> str:
    return f"#set page(width: {width}, height: {height}, margin: {margin})\n"


def _hospital(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    facts["total"] = facts["subtotal"] + facts["tax"]
    return (
        _page("210mm", "297mm", "20mm")
        + f'#text(size: 18pt, weight: "bold")[{said["hospital"]}]\n\n12 rue imaginaire 00000 · Tel 555 0100\n\n'
        + f"= {said['invoice']}\n\n{_escaped(said['number'])} {facts['reference']}\n\n"
        + f"{said['patient']} : Sam Exemple\n\n{said['birth']} : {_escaped(facts['day'](facts['born_on']))}\n\n"
        + f"{said['care']} : {_escaped(facts['day'](facts['given_on']))}\n\n#v(5mm)\n"
        + _rows(said, facts)
        + _line(said["subtotal"], facts["money"](facts["subtotal"]))
        + _line(f"{said['tax']} 7 %", facts["money"](facts["tax"]))
        + _line(said["total"], facts["money"](facts["total"]), "bold")
        + f"\n#v(20mm)\n#text(size: 7pt)[IBAN XX00 0000 0000 0000 · 555 0100 · {said['thanks']}]\n"
    )


def _receipt(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    given = facts["total"] + facts["unit"] * chance.randint(100, 900)
    return (
        _page("72mm", margin="4mm")
        + f"#align(center)[*{said['pharmacy']}*\n\nTel. 555 0123]\n#line(length: 100%)\n"
        + f"{said['date']} {_escaped(facts['day'](facts['given_on']))} 10:{chance.randint(10, 59)}\n\n"
        + "".join(_line(act, facts["number"](price)) for act, price in facts["items"])
        + "#line(length: 100%)\n"
        + _line(said["total_short"], facts["money"](facts["total"]), "bold")
        + _line(said["cash"], facts["number"](given))
        + _line(said["change"], facts["number"](given - facts["total"]))
        + f"#align(center)[{said['thanks']}]\n"
    )


def _slip(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    return (
        _page("60mm", margin="4mm")
        + f"#align(center)[*{said['hospital']}*]\n{said['card']} {_escaped('**** ****')} 4242\n\n"
        + f"TERM 00418 AUTH 0{chance.randint(10000, 99999)}\n\n"
        + f"{_escaped(facts['day'](facts['given_on']))} 16:05:11\n\n"
        + '#text(size: 13pt, weight: "bold")['
        + f"{_escaped(said['paid'])} {_escaped(facts['money'](facts['total']))}]\n\n{said['thanks']}\n"
    )


def _fee(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    return (
        _page("148mm", "105mm", "12mm")
        + f"*{said['doctor']}*\n\nTel. 555 0177\n\n"
        + f"#align(end)[{said['date']} : {_escaped(facts['day'](facts['given_on']))}]\n\n"
        + f"{_escaped(said['fee'].format(total=facts['money'](facts['total'])))}\n\n#align(end)[_Signature_]\n"
    )


def _dental(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    return (
        _page("210mm", "150mm", "15mm")
        + "#grid(columns: (1fr, 1fr), gutter: 8mm, ["
        + f"*{said['doctor']}*\n\n8 allée Fictive\n\n{_escaped(said['number'])} {facts['reference']}\n\n"
        + f"{said['date']} : {_escaped(facts['day'](facts['given_on']))}"
        + f"], [{said['patient']} : Lou Exemple\n\n"
        + f"{said['birth']} : {_escaped(facts['day'](facts['born_on']))}])\n#v(6mm)\n"
        + _rows(said, facts, quantities=False)
        + f"#align(end)[*{_escaped(said['total'])} : {_escaped(facts['money'](facts['total']))}*]\n"
    )


def _till(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    facts["total"] = facts["subtotal"] + facts["tax"]
    return (
        _page("80mm", margin="5mm")
        + f"#align(center)[#text(size: 14pt)[{said['pharmacy']}]]\n"
        + f"{_escaped(said['number'])} {facts['reference']}\n\n"
        + "".join(_line(f"1 x {act}", facts["number"](price)) for act, price in facts["items"])
        + _line(said["subtotal"], facts["number"](facts["subtotal"]))
        + _line(said["tax"], facts["number"](facts["tax"]))
        + _line(said["total_short"], facts["money"](facts["total"]), "bold")
        + _line(said["card"], facts["number"](facts["total"]))
        + f"\n{_escaped(facts['day'](facts['given_on']))} 09:41\n\n{said['thanks']}\n"
    )


def _laboratory(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    return (
        _page("180mm", "220mm", "14mm")
        + f"#text(size: 15pt)[{said['hospital']}]\n#line(length: 100%)\n"
        + f"#grid(columns: (1fr, 1fr), [{said['patient']} : Alix Exemple\n\n"
        + f"{said['birth']} : {_escaped(facts['day'](facts['born_on']))}],"
        + f"[{_escaped(said['number'])} {facts['reference']}\n\n"
        + f"{said['care']} : {_escaped(facts['day'](facts['given_on']))}])\n#v(8mm)\n"
        + _rows(said, facts)
        + '#v(4mm)\n#rect(width: 100%, inset: 8pt)[#text(size: 13pt, weight: "bold")['
        + f"{_escaped(said['total'])} #h(1fr) {_escaped(facts['money'](facts['total']))}]]\n"
        + f"{said['paid']} : {_escaped(facts['money'](facts['total']))} ({said['card']})\n"
    )


LAYOUTS: dict[str, Callable[[dict[str, Any], dict[str, Any], random.Random], str]] = {
    "hospital": _hospital, "receipt": _receipt, "slip": _slip, "fee": _fee, "dental": _dental, "till": _till,
    "laboratory": _laboratory,
}  # fmt: skip
