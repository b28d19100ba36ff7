"""What a complementary insurer is told of a line of care: its family of reimbursement, and what is not paid back."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

from escale.rules import parameters
from escale.rules.explanation import Cause
from escale.rules.intake import Care

_NOTHING = Decimal(0)
_PARTS = {
    Cause.SHARE: "share",
    Cause.DAILY_CHARGE: "daily_charge",
    Cause.PARTICIPATION: "contributions",
    Cause.FRANCHISE: "contributions",
    Cause.TARIFF: "beyond_tariff",
    Cause.STATE_OF_STAY: "beyond_tariff",
    Cause.CAP: "beyond_tariff",
    Cause.ELSEWHERE: "paid_elsewhere",
}
_OF_CAUSES = {cause.value: part for cause, part in _PARTS.items()}


@dataclass(frozen=True, slots=True)
class Left:
    """
    What is not paid back of an expense, in euros, by what a contract makes of it.

    `contributions`: the flat contribution and the franchise, which a « responsible » contract may not pay (CSS,
    art. L. 871-1). Why the rest is not paid back, which could tell of somebody's health or life, is only `other`.
    """

    share: Decimal = _NOTHING
    daily_charge: Decimal = _NOTHING
    contributions: Decimal = _NOTHING
    beyond_tariff: Decimal = _NOTHING
    paid_elsewhere: Decimal = _NOTHING
    other: Decimal = _NOTHING


def family(care: Care) -> str:
    """Return the code of the family of reimbursement of a kind of care."""
    return next(str(one["code"]) for one in _families() if care in one["cares"])


def labels() -> dict[str, str]:
    """Return the French name of each family, by its code."""
    return {one["code"]: one["label"] for one in _families()}


def left(parts: Iterable[tuple[str, Decimal]]) -> Left:
    """Return what is not paid back, from the amounts (euros) of its causes; one that is not known is `other`."""
    sums = {one.name: _NOTHING for one in fields(Left)}
    for cause, amount in parts:
        sums[_OF_CAUSES.get(cause, "other")] += amount
    return Left(**sums)


def _families() -> list[parameters.Row]:
    families: list[parameters.Row] = parameters.table("reimbursement_families")["families"]
    return families
