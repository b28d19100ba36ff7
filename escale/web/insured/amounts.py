"""Amounts as people type them: « 1 234,50 », « 15 000 », « 1.234,50 »."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from escale.rules import currency as currencies

_GROUPED = re.compile(r"-?(\d+|\d{1,3}([.,])\d{3}(\2\d{3})*)")
_SIGNS = re.compile(r"[\s'’€$£]")


class Unreadable(Exception):
    """This is no amount; the message says how to write one."""


def read(text: str, *, currency: str) -> Decimal:
    """
    Return the amount that a person typed in this currency.

    The last comma or point holds the decimals, unless it can only part thousands (« 15.000 », « 1.234.567 »).

    :raises Unreadable: if it is no number, or has decimals that the currency has not.
    """
    plain = _SIGNS.sub("", text).upper().removesuffix(currency).removeprefix(currency).replace("−", "-")
    whole, mark, part = _split(plain)
    places = currencies.decimals(currency)
    only_thousands = mark in whole or (mark == "." and len(part) == 3 and places != 3 and "," not in whole)
    if mark and only_thousands and _GROUPED.fullmatch(plain):
        whole, part = plain, ""
    if not _GROUPED.fullmatch(whole):
        raise Unreadable(_("Écrivez un montant en chiffres, par exemple : %s.") % example(currency))
    if len(part) > places and (len(part) > 2 or part.strip("0")):
        raise Unreadable(
            _("Cette devise s’écrit avec %(places)d décimales au plus : vérifiez le montant.") % {"places": places}
            if places
            else _("Cette devise s’écrit sans décimales : vérifiez le montant.")
        )
    return Decimal(f"{re.sub('[.,]', '', whole)}.{part or 0}")


def _split(plain: str) -> tuple[str, str, str]:
    """Return what stands before the last comma or point, that mark, and what stands after."""
    found = re.fullmatch(r"(.*)([.,])(\d+)", plain)
    return (found[1], found[2], found[3]) if found else (plain, "", "")


def typed(amount: Decimal, *, currency: str) -> str:
    """Return an amount as a person would type it."""
    return f"{amount:.{currencies.decimals(currency)}f}".replace(".", ",")


def example(currency: str) -> str:
    """Return an amount well written in this currency."""
    return {0: "15 000", 3: "1 234,500"}.get(currencies.decimals(currency), "1 234,50")
