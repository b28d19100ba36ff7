"""Currencies that changed their unit: what an old one is worth, and when a bill may still be written in it."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from escale.rules import parameters
from escale.rules.deadlines import months_after

_FIRST = date.min


class Redenomination(NamedTuple):
    """From a day on, so many units of the old currency make so many of the new one; the code may stay the same."""

    old: str
    new: str
    old_units: Decimal
    new_units: Decimal
    since: date
    source: str
    introduces: bool
    """The new currency begins on that day; the euro, or one that was there before, does not."""

    @property
    def equality(self) -> str:
        """Write it in French: « 1 SLE = 1 000 SLL »."""
        old = f"anciens {self.old}" if self.old == self.new else self.old
        return f"{_written(self.new_units)} {self.new} = {_written(self.old_units)} {old}"


def replaced(currency: str, *, on: date) -> Redenomination | None:
    """Return what took the place of a currency that no longer is one on a date, None while it is."""
    return next((one for one in _all() if one.old == currency != one.new and one.since <= on), None)


def renewed(currency: str, *, on: date) -> Redenomination | None:
    """Return the last change of unit of a currency that kept its code, on or before a date, None without one."""
    same = (one for one in _all() if one.old == one.new == currency and one.since <= on)
    return max(same, key=lambda one: one.since, default=None)


def begins_on(currency: str) -> date:
    """Return the day from which a currency exists, as far as the table tells; the euro is always there."""
    began = (one.since for one in _all() if one.new == currency and one.introduces)
    return min(began, default=_FIRST)


def question(currency: str, *, on: date) -> str:
    """Return, in French, what to verify on a bill of that day before trusting its unit, or nothing.

    For some months after the change (dated figure), bills are still written in the old unit: nobody guesses which.
    """
    for one in _all():
        if currency in {one.old, one.new} - {"EUR"} and one.since <= on < _doubt_until(one):
            return f"Depuis le {one.since:%d/%m/%Y}, {one.equality} : vérifiez sur la facture l’unité du montant."
    return ""


def still_seen(on: date) -> tuple[str, ...]:
    """Return the codes of the old currencies in which bills may still be written on a date."""
    return tuple(one.old for one in _all() if one.new not in {"EUR", one.old} and one.since <= on < _doubt_until(one))


def _doubt_until(one: Redenomination) -> date:
    return months_after(one.since, int(parameters.value("redenomination_doubt_months", on=one.since)))


@parameters.per_edition(maxsize=None)
def _all() -> tuple[Redenomination, ...]:
    packaged = parameters.table("redenominations")["redenominations"]
    return tuple(
        Redenomination(
            row["currency"], row["becomes"], Decimal(str(row["old_units"])), Decimal(str(row.get("new_units", 1))),
            row["from"], parameters.cited(row),
            row["becomes"] not in {row["currency"], "EUR"} and not row.get("merged"),
        )
        for row in parameters.laid_over("redenominations", "all", packaged)
    )  # fmt: skip


def _written(number: Decimal) -> str:
    return f"{number:,f}".replace(",", "\u202f").replace(".", ",")
