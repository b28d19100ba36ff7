"""How the law is drawn, the same for the agent and for the insured person: steps, parts, estimates, clocks."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django import template

from escale.domain.claims import estimates, explanations, waiting
from escale.domain.claims.estimates import Estimate, Surprise
from escale.domain.claims.models import Claim, ClaimLine, Pause
from escale.rules import deadlines
from escale.rules import explanation as law
from escale.rules.explanation import Step

register = template.Library()

_WIDTH = 100


class Segment(NamedTuple):
    """A piece of the bar: where it starts and how wide it is, in hundredths, and how many come before it."""

    start: str
    length: str
    rank: int


@register.inclusion_tag("components/explanation.html")
def explanation(line: ClaimLine) -> dict[str, Any]:
    """Draw the steps from what was spent on a line to what is due."""
    return {"line": line, "steps": explanations.steps(line)}


@register.inclusion_tag("components/difference.html")
def difference(lines: Iterable[ClaimLine], caption: str) -> dict[str, Any]:
    """Draw why what was spent is not all paid back: parts that add up, for the lines that have an amount."""
    computed = [line for line in lines if line.due is not None and line.expense is not None]
    spent = sum((line.expense or Decimal(0) for line in computed), Decimal(0))
    due = sum((line.due or Decimal(0) for line in computed), Decimal(0))
    parts = explanations.parts(computed)
    bar = _bar([due, *(part.amount for part in parts)], spent)
    ranked = list(enumerate(parts, start=1))
    return {"caption": caption, "spent": spent, "due": due, "parts": ranked, "kept": spent - due, "bar": bar}


def _bar(amounts: Iterable[Decimal], whole: Decimal) -> list[Segment]:
    start, segments = Decimal(0), []
    for rank, amount in enumerate(amounts):
        width = amount * _WIDTH / whole if whole else Decimal(0)
        if width > 0:
            segments.append(Segment(f"{start:.2f}", f"{width:.2f}", rank))
        start += width
    return segments


@register.filter
def figure(step: Step) -> str:
    """Name the figure that a step used, in French."""
    return law.figure(step)


@register.filter
def at(found: Mapping[int, Estimate] | None, pk: int) -> Estimate | None:
    """Return the estimate of a line by its key."""
    return found.get(pk) if found else None


@register.filter
def given(line: ClaimLine) -> Estimate | None:
    """Return the estimate that was told when the claim was sent."""
    return estimates.given(line)


@register.filter
def surprise(line: ClaimLine) -> Surprise | None:
    """Return why a line is not paid back what was estimated."""
    return estimates.surprise(line)


@register.filter
def late_since(line: ClaimLine) -> date | None:
    """Return the last day on which care could be asked for, where it came after it."""
    return deadlines.claim_until(line.given_on) if estimates.is_late(line) else None


@register.filter
def net_due(claim: Claim) -> date | None:
    """Return the day due by the agent's clock, None while it is stopped."""
    return waiting.net_due_on(claim, claim.pauses.all())


@register.filter
def running(pauses: Iterable[Pause]) -> list[Pause]:
    """Keep the pauses that last."""
    return [pause for pause in pauses if pause.paused_until is None]
