"""Which decisions a second agent reads again before they take effect: those above an amount, and some drawn by lot."""

from datetime import date
from decimal import Decimal

from escale.rules import parameters
from escale.rules.named import Named


class Why(Named):
    """Why a decision waits for a second agent."""

    AMOUNT = "amount", "montant au-dessus du seuil de seconde lecture"
    DRAWN = "drawn", "demande tirée au sort pour une seconde lecture"
    AGAIN = "again", "décision que la relecture avait renvoyée"


def why(total: Decimal, *, lot: Decimal, on: date, sent_back: bool = False) -> Why | None:
    """Return why a decision waits for a second agent, or None.

    `total`: what the claim pays with it, in euros; `lot`: its draw, from 0 to 1; `sent_back`: whether the one before it
    came back from its second look.
    """
    if sent_back:
        return Why.AGAIN
    if total >= parameters.value("second_look_euros", on=on):
        return Why.AMOUNT
    return Why.DRAWN if 100 * lot < parameters.value("second_look_percent", on=on) else None
