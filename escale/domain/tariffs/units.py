"""What the values of a figure of the law look like: its unit, what the unit allows, and the words people read."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from escale.rules import parameters

_NARROW, _SPACE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
_SWITCH = re.compile(r"(?P<label>.+) \(1 (?P<yes>.+), 0 (?P<no>.+)\)")


class Unit(NamedTuple):
    """The decimals and the largest value that a unit allows, and the words that follow one, then several."""

    decimals: int
    largest: int
    one: str
    many: str
    fixed: int = 0
    """How many decimals are written even when they are zeros."""


UNITS = {
    "percent":   Unit(2, 100, "%", "%"),
    "EUR":       Unit(2, 1_000_000, "€", "€", fixed=2),
    "EUR/day":   Unit(2, 1_000_000, "€ par jour", "€ par jour", fixed=2),
    "EUR/point": Unit(4, 1_000, "€ le point", "€ le point", fixed=2),
    "hours":     Unit(0, 10_000, "heure", "heures"),
    "days":      Unit(0, 36_500, "jour", "jours"),
    "weeks":     Unit(0, 5_000, "semaine", "semaines"),
    "months":    Unit(0, 1_200, "mois", "mois"),
    "years":     Unit(0, 100, "an", "ans"),
    "persons":   Unit(0, 10_000, "personne", "personnes"),
    "count":     Unit(0, 10_000, "", ""),
    "switch":    Unit(0, 1, "", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """A figure apart from its values: what it is called, its unit, what a switch chooses between."""

    label: str
    unit: str
    no: str = "non"
    yes: str = "oui"

    def written(self, value: Decimal) -> str:
        """Write a value with its unit: « 30 % », « 19,61 € », « 2 mois », « oui »."""
        if self.unit == "switch":
            return self.yes if value else self.no
        unit = UNITS[self.unit]
        number = _grouped(value, fixed=unit.fixed)
        words = unit.one if abs(value) < 2 else unit.many
        return f"{number}{_SPACE}{words}" if words else number

    def fault(self, value: Decimal) -> str:
        """Return, in a French sentence, why this cannot be a value of the figure; nothing if it can."""
        unit = UNITS[self.unit]
        if not 0 <= value <= unit.largest:
            return f"La valeur doit être comprise entre 0 et {_grouped(Decimal(unit.largest))}."
        if round(value, unit.decimals) != value:
            asked = f"avoir au plus {unit.decimals} décimales" if unit.decimals else "être un nombre entier"
            return f"La valeur doit {asked}."
        return ""


PRICE = Shape("", "EUR")


@cache
def shape(name: str) -> Shape:
    """Return the shape of a figure of the law."""
    table = parameters.table(name)
    label, unit = table["label"], table["unit"]
    if unit != "switch":
        return Shape(label, unit)
    told = _SWITCH.fullmatch(label)
    assert told, f"{name}: the label of a switch ends with what 1 and 0 mean"
    return Shape(told["label"], unit, no=_answer("non", told["no"]), yes=_answer("oui", told["yes"]))


def _answer(answer: str, meaning: str) -> str:
    return answer if meaning == answer else f"{answer}, {meaning}"


def _grouped(value: Decimal, *, fixed: int = 0) -> str:
    written = value.normalize()
    if -int(written.as_tuple().exponent) < fixed:
        written = round(value, fixed)
    return f"{written:,f}".replace(",", _NARROW).replace(".", ",")
