"""Rates in each state, reached by the real steps."""

from datetime import date
from decimal import Decimal
from typing import Any

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.rates import actions
from escale.domain.rates.models import Rate
from tests import factories


def proposed(*, by: Actor | None = None, **traits: Any) -> Rate:
    """A rate that waits for a second person."""
    typed: dict[str, Any] = {
        "currency": "VND", "units_per_eur": Decimal(30_000), "on": date(2026, 9, 1), "source": "Banque", "proof": "P",
    }  # fmt: skip
    return actions.propose(by=by or factories.agent(), **typed | traits)


def in_force(**traits: Any) -> Rate:
    """A rate that two people answer for."""
    rate = proposed(**traits)
    actions.confirm(rate=rate, by=factories.agent())
    return rate


def rejected() -> Rate:
    """A rate left aside."""
    rate = proposed()
    actions.reject(rate=rate, by=factories.agent())
    return rate


def withdrawn() -> Rate:
    """A rate taken out of use."""
    rate = in_force()
    actions.withdraw(rate=rate, by=factories.actor(Role.SUPERVISOR))
    return rate
