"""The statements of an account: what each closes on, whether one is missing, what the ledger explains of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Balance(StrEnum):
    """The balances that a statement gives and that are compared (ISO 20022, external code set of balance types)."""

    OPENING = "OPBD"
    PREVIOUS = "PRCD"
    CLOSING = "CLBD"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank says of an account on a day, in euros: the number of the statement, what it opens and closes on."""

    on: date
    closing: Decimal
    number: str = ""
    opening: Decimal | None = None


def statements(told: Iterable[tuple[str, date, Decimal, str]]) -> list[Statement]:
    """Return the statements that some balances make, by day and number; one that is told twice is told by the last.

    `told`: the kind of each balance, its day, its euros and the number of its statement, in the order of reading. What
    one closes on makes it; what it opens on bears the same number, or the same day where nothing is numbered.
    """
    openings: dict[str | date, Decimal] = {}
    closings: dict[tuple[date, str], Decimal] = {}
    for kind, on, amount, number in told:
        if kind == Balance.CLOSING:
            closings[on, number] = amount
        elif kind in {Balance.OPENING, Balance.PREVIOUS}:
            openings[number or on] = amount
    return [
        Statement(on, closings[on, number], number, openings.get(number or on))
        for on, number in sorted(closings, key=_in_sequence)
    ]


def _in_sequence(key: tuple[date, str]) -> tuple[date, int, str]:
    """Return what puts a statement, known by its day and number, after those before it."""
    on, number = key
    return on, int(number) if number.isdecimal() else 0, number


def by_day(following: Iterable[Statement], *, first: Statement | None) -> list[tuple[Statement, str]]:
    """Return the last statement of each day, and why the first of that day that does not follow does not."""
    found: dict[date, tuple[Statement, str]] = {}
    before = first
    for this in following:
        _last, told = found.get(this.on, (this, ""))
        found[this.on] = this, told or gap(before, this)
        before = this
    return list(found.values())


def gap(before: Statement | None, this: Statement) -> str:
    """Return why a statement does not follow the one before it, in French; nothing if it does."""
    if before is None:
        return ""
    if before.number.isdecimal() and this.number.isdecimal():
        expected, found = int(before.number) + 1, int(this.number)
        begins_anew = found == 1 and this.on.year > before.on.year
        if found != expected and not begins_anew:
            return (
                f"Le relevé n° {expected} manque."
                if found == expected + 1
                else (
                    f"Les relevés n° {expected} à {found - 1} manquent."
                    if found > expected
                    else f"Le relevé n° {found} ne suit pas le n° {before.number}."
                )
            )
    if this.opening is not None and this.opening != before.closing:
        return "Le solde d’ouverture n’est pas celui sur lequel le relevé d’avant se ferme."
    return ""
