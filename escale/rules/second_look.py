"""Which decisions a second agent reads again before they take effect: those above an amount, and some drawn by lot."""

from datetime import date
from decimal import Decimal

from escale.rules import parameters
from escale.rules.named import Named


class Why(Named):
    """Why a decision waits for a second agent."""

    AMOUNT = "amount", "montant au-dessus du seuil de seconde lecture"
    DRAWN = "drawn", "demande tirée au sort pour une seconde lecture"


def why(total: Decimal, *, lot: Decimal, on: date) -> Why | None:
    """Return why a decision of a total in euros waits for a second agent, or None; `lot` is its draw, from 0 to 1."""
    if total >= parameters.value("second_look_euros", on=on):
        return Why.AMOUNT
    return Why.DRAWN if 100 * lot < parameters.value("second_look_percent", on=on) else None
