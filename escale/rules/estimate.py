"""What a claim would likely pay back, before anybody has read its bills: between two bounds, never a promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from operator import attrgetter

from escale.rules import parameters
from escale.rules.care_line import CareLine
from escale.rules.explanation import Cause, Refund, causes
from escale.rules.intake import Care
from escale.rules.limits import Unverified
from escale.rules.named import Named
from escale.rules.possible import Impossible
from escale.rules.reimbursement import refund
from escale.rules.treatment import refund_claim

_EURO = Decimal(1)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Likely:
    """The acts that a kind of care likely stands for, and what is supposed, in French; without acts, why not."""

    acts: tuple[str, ...]
    supposed: str
    why: str


class Difference(Named):
    """Why a sum is not what was estimated, beside the causes of the explanation."""

    RATE = "rate", "Taux de change"


@dataclass(frozen=True, slots=True)
class Sum:
    """What is due of an expense, and why the rest is not, by the value of its cause; in euros."""

    expense: Decimal
    due: Decimal
    parts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the difference between a sum and its estimate, in euros: negative where less is paid back."""

    label: str
    amount: Decimal

    @property
    def less(self) -> Decimal:
        """How much less is paid back, in euros."""
        return -self.amount


def likely(care: Care) -> Likely:
    """Return what a kind of care likely is: a guess of the house, packaged in `likely_acts`."""
    row = parameters.table("likely_acts")["cares"][care.value]
    return Likely(tuple(row.get("acts", ())), row.get("supposed", ""), row.get("why", ""))


def bounds(guesses: Sequence[Sequence[CareLine]]) -> tuple[tuple[Refund, Refund] | None, ...]:
    """Return the least and the most that each line of a claim would be paid back, as one treatment of one person.

    `guesses`: for each line, the line with each of its likely acts; one without a verified tariff is left out, and
    None is returned where none is left. Raises ValueError for an impossible line.
    """
    priced = [[found for line in line_guesses if (found := _priced(line))] for line_guesses in guesses]
    kept = [place for place, found in enumerate(priced) if found]
    if not kept:
        return (None,) * len(priced)
    least = refund_claim([min(priced[place], key=_due)[1] for place in kept]).lines
    most = refund_claim([max(priced[place], key=_due)[1] for place in kept]).lines
    results: list[tuple[Refund, Refund] | None] = [None] * len(priced)
    for place, low, high in zip(kept, least, most, strict=True):
        if isinstance(low, Refund) and isinstance(high, Refund):
            first, last = sorted((low, high), key=attrgetter("due"))
            results[place] = first, last
    return tuple(results)


def summed(refund: Refund, *, expense: Decimal) -> Sum:
    """Return what is due of an expense, in euros, and why the rest is not."""
    return Sum(expense, refund.due, {one.cause.value: one.amount for one in causes(refund)})


def gaps(actual: Sum, *, estimated: Sum) -> tuple[Gap, ...]:
    """Return why a sum is not the one estimated, cause by cause: they add up exactly to the difference of what is due.

    Raises ValueError for a sum whose parts do not add up, or for an unknown cause.
    """
    found = [Gap(Difference.RATE.label, actual.expense - estimated.expense)]
    for cause in dict.fromkeys([*estimated.parts, *actual.parts]):
        more = estimated.parts.get(cause, _NOTHING) - actual.parts.get(cause, _NOTHING)
        found.append(Gap(Cause(cause).label, more))
    if sum((one.amount for one in found), _NOTHING) != actual.due - estimated.due:
        raise ValueError("the parts of a sum add up")
    return tuple(one for one in found if one.amount)


def told(low: Decimal, high: Decimal) -> str:
    """Say an estimate in French, in whole euros, since it is no more exact than that: « entre 14 € et 19 € »."""
    if high < _EURO:
        return f"moins de {_EURO} €" if high else "rien"
    if low == high:
        return f"environ {high.quantize(_EURO, ROUND_HALF_UP)} €"
    return f"entre {low.quantize(_EURO, ROUND_DOWN)} € et {high.quantize(_EURO, ROUND_CEILING)} €"


def _priced(line: CareLine) -> tuple[Decimal, CareLine] | None:
    try:
        return refund(line).due, line
    except (Unverified, Impossible):
        return None


def _due(priced: tuple[Decimal, CareLine]) -> Decimal:
    return priced[0]
