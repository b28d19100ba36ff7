"""The statements of an account: what each closes on, whether one is missing, what the ledger explains of it."""

from collections.abc import Iterable, Iterator
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
    """Return the statements that some balances make, by day; a day that is told twice is told by the last.

    `told`: the kind of each balance, its day, its euros and the number of its statement, in the order of reading. What
    one closes on makes it; what it opens on bears the same number, or the same day where nothing is numbered.
    """
    openings: dict[str | date, Decimal] = {}
    closings: dict[date, tuple[Decimal, str]] = {}
    for kind, on, amount, number in told:
        if kind == Balance.CLOSING:
            closings[on] = amount, number
        elif kind in {Balance.OPENING, Balance.PREVIOUS}:
            openings[number or on] = amount
    return [
        Statement(on, closing, number, openings.get(number or on)) for on, (closing, number) in sorted(closings.items())
    ]


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


def gaps(first: Statement | None, following: Iterable[Statement]) -> Iterator[str]:
    """Yield, of each statement after a first one, why it does not follow the one before it."""
    before = first
    for this in following:
        yield gap(before, this)
        before = this
