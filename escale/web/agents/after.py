"""What came after the decisions of a claim, for the screen of the case."""

from typing import Any

from escale.domain.accounts.actor import Actor
from escale.domain.appeals import queries as appeals
from escale.domain.claims.models import Claim
from escale.domain.controls import queries as controls
from escale.domain.debts import queries as debts


def of_claim(claim: Claim, *, actor: Actor) -> dict[str, Any]:
    """Return what `agents/case_after.html` shows: appeals, debts, the control that goes on, and what comes next."""
    return {
        "appeals": list(appeals.of_claim(claim, actor=actor)),
        "debts": list(debts.of_claim(claim, actor=actor)),
        "controls": list(controls.standing(claim, actor=actor)),
        "may_propose": debts.paid(claim).exists(),
    }
