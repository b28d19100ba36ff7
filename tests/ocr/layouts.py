"""How the papers are laid out: hospitals, tills, card slips, fees, teeth, laboratories, stays and two languages."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.ocr.words import LANGUAGES


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


def _thermal(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    """A narrow till roll, faint, with a discount, the day of the next visit and a card."""
    discount = facts["unit"] * chance.randint(50, 200)
    facts["total"] = facts["subtotal"] - discount
    seen_again = facts["given_on"] + timedelta(days=30)
    return (
        _page("58mm", margin="3mm")
        + "#set text(fill: luma(90))\n"
        + f"#align(center)[{said['pharmacy']}\n\n+00 555 01 {chance.randint(10, 99)} 42]\n"
        + f"{_escaped(said['number'])} {facts['reference']}\n\n"
        + f"{_escaped(facts['day'](facts['given_on']))} 18:{chance.randint(10, 59)}\n\n"
        + "".join(_line(act, facts["number"](price)) for act, price in facts["items"])
        + _line(said["discount"], f"-{facts['number'](discount)}")
        + '#line(length: 100%, stroke: (dash: "dashed"))\n'
        + _line(said["total_short"], facts["money"](facts["total"]), "bold")
        + _line(f"{said['card']} ****4242", facts["number"](facts["total"]))
        + f"\n{said['next']} {_escaped(facts['day'](seen_again))}\n\n{said['thanks']}\n"
    )


def _stay(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    """A bill of a hospital with every kind of amount and of date."""
    facts["total"] = facts["subtotal"] + facts["tax"]
    deposit = (facts["total"] / 4).quantize(facts["unit"])
    days = {
        said["birth"]: facts["born_on"], said["admission"]: facts["given_on"],
        said["discharge"]: facts["given_on"] + timedelta(days=2),
        said["invoice_date"]: facts["given_on"] + timedelta(days=5),
        said["due"]: facts["given_on"] + timedelta(days=35),
    }  # fmt: skip
    written = "".join(f"[{label}], [{_escaped(facts['day'](day))}], " for label, day in days.items())
    return (
        _page("210mm", "297mm", "16mm")
        + f"#text(size: 16pt)[{said['hospital']}]\n\n8 avenue Fictive · Tel +00 555 0100 · IBAN XX00 0000 0000 0000\n\n"
        + f"= {said['invoice']} {facts['reference']}\n\n{said['patient']} : Noa Exemple\n\n"
        + f"#table(columns: 2, stroke: 0.8pt, {written})\n#v(4mm)\n"
        + _rows(said, facts)
        + "#v(4mm)\n#align(end)[#box(width: 60%)[#table(columns: (1fr, auto), stroke: 0.8pt, align: (start, end), "
        + f"[{said['subtotal']}], [{_escaped(facts['number'](facts['subtotal']))}], "
        + f"[{said['tax']} 7 %], [{_escaped(facts['number'](facts['tax']))}], "
        + f"[*{said['total']}*], [*{_escaped(facts['money'](facts['total']))}*], "
        + f"[{said['deposit']}], [{_escaped(facts['number'](deposit))}])]]\n"
        + f"#v(12mm)\n#rotate(-12deg)[#rect(stroke: 1.5pt + luma(120))[#text(fill: luma(120))[{said['paid']}]]]\n"
    )


def _two_languages(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    """A bill whose headings are in English too."""
    english = LANGUAGES["en"]
    facts["total"] = facts["subtotal"] + facts["tax"]

    def both(what: str) -> str:
        return f"{english[what]} / {said[what]}"

    return (
        _page("180mm", "200mm", "14mm")
        + f"#align(center)[#text(size: 15pt)[{said['hospital']}]\n\nTel 555 0199]\n"
        + f"= {both('invoice')}\n\n{_escaped(both('number'))} {facts['reference']}\n\n"
        + f"{both('care')} : {_escaped(facts['day'](facts['given_on']))}\n\n"
        + f"{both('birth')} : {_escaped(facts['day'](facts['born_on']))}\n\n"
        + _rows(said, facts, quantities=False)
        + _line(both("subtotal"), facts["number"](facts["subtotal"]))
        + _line(f"{both('tax')} 7 %", facts["number"](facts["tax"]))
        + _line(both("total"), facts["money"](facts["total"]), "bold")
    )


def _fact_sheet(said: dict[str, Any], facts: dict[str, Any], chance: random.Random) -> str:
    """A sheet of a surgery without lines: what is due, in a box, beside codes and telephones."""
    return (
        _page("148mm", "150mm", "12mm")
        + f"#grid(columns: (1fr, auto), [*{said['doctor']}*\n\n00000 Exemple], [Tel 555 0177\n\nFax 555 0178])\n"
        + f"#v(6mm)\n{said['patient']} : Alix Exemple, {_escaped(facts['day'](facts['born_on']))}\n\n"
        + f"#rect(inset: 8pt)[{said['care']} : {_escaped(facts['day'](facts['given_on']))} #h(1cm) "
        + f"{chance.choice(('AMY 8.1', 'CCAM HBQK002', 'ICD M17.1'))}]\n\n"
        + '#align(center)[#rect(inset: 10pt, stroke: 1.2pt)[#text(size: 15pt, weight: "bold")['
        + f"{said['total_short']} {_escaped(facts['money'](facts['total']))}]]]\n"
        + f"#v(6mm)\nNo 000 111 222 · {said['card']} · {said['thanks']}\n"
    )


LAYOUTS: dict[str, Callable[[dict[str, Any], dict[str, Any], random.Random], str]] = {
    "hospital": _hospital, "receipt": _receipt, "slip": _slip, "fee": _fee, "dental": _dental, "till": _till,
    "laboratory": _laboratory, "thermal": _thermal, "stay": _stay, "two": _two_languages, "sheet": _fact_sheet,
}  # fmt: skip
