"""The explanation of what is due, as it is kept with the lines: its steps, and the parts that are not paid back."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import NamedTuple

from escale.domain.claims.models import ClaimLine
from escale.rules.explanation import Cause, Step


class Part(NamedTuple):
    """A part of an expense that is not paid back, in euros: why, and by which articles."""

    cause: str
    label: str
    articles: tuple[str, ...]
    amount: Decimal


def kept(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Write steps as a line keeps them."""
    return [{name: str(value) for name, value in asdict(step).items()} for step in steps]


def steps(line: ClaimLine) -> tuple[Step, ...]:
    """Return the steps from the expense to what is due; those of an old decision have no version and no cause."""
    return tuple(
        Step(**step | {"before": Decimal(step["before"]), "after": Decimal(step["after"])}) for step in line.explanation
    )


def parts(lines: Iterable[ClaimLine]) -> tuple[Part, ...]:
    """
    Return what is not paid back of these lines, cause by cause: it adds up to what was spent less what is due.

    A step kept before causes were named stands under its own words.
    """
    found: dict[str, Part] = {}
    for step in (step for line in lines for step in steps(line) if step.before != step.after):
        label = Cause(step.cause).label if step.cause else step.label
        before = found.get(label, Part(step.cause, label, (), Decimal(0)))
        articles = tuple(dict.fromkeys([*before.articles, step.article]))
        found[label] = Part(step.cause, label, articles, before.amount + step.before - step.after)
    return tuple(found.values())
