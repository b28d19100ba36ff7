"""Whether a published rate may be believed, beside another one known."""

from decimal import Decimal

from escale.rules import parameters
from escale.rules.currency import Quote
from escale.rules.named import Named


class Doubt(Named):
    """Why a rate is not used before a person has looked at it."""

    INVERTED = "inverted", "semble inversé (euros par unité au lieu d’unités par euro)"
    DECIMAL = "decimal", "virgule peut-être mal placée"
    JUMP = "jump", "loin du dernier cours connu"
    AGAIN = "again", "autre que le cours déjà en usage ce jour-là"
    FIRST = "first", "premier cours de cette monnaie"


def doubt(published: Quote, *, known: Quote | None) -> Doubt | None:
    """Return why a rate is not believed beside another of the same currency, None where it is.

    The first of a currency is compared with nothing, and a misprint in it would have every rate after it look wrong.
    Beyond the dated gap (percent), a true devaluation and a misprint look alike: only a person can tell.
    """
    if known is None:
        return Doubt.FIRST
    gap = parameters.value("exchange_rate_jump", on=published.on) / 100
    ratio = published.units_per_eur / known.units_per_eur
    if abs(ratio - 1) <= gap:
        return None
    if not _within_double(ratio) and abs(published.units_per_eur * known.units_per_eur - 1) <= gap:
        return Doubt.INVERTED
    shift = round(ratio.log10())
    if shift and abs(ratio.scaleb(-shift) - 1) <= gap:
        return Doubt.DECIMAL
    return Doubt.JUMP


def _within_double(ratio: Decimal) -> bool:
    """Near par, a rate and its inverse are both likely."""
    return 1 <= 2 * ratio <= 2 * 2
