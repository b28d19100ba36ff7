"""What a person types in the bank's own tool, for a transfer that no file of SEPA can ask for."""

from decimal import Decimal
from typing import NamedTuple

_WIDTH = 26


class Sheet(NamedTuple):
    """A transfer to make by hand: how much, in euros, to whom, on which account, under which reference."""

    batch: str
    reference: str
    amount: Decimal
    holder: str
    number: str
    branch: str
    bank: str
    bic: str
    currency: str
    """The money of the account: the bank changes the euros that leave into it."""


def lines(sheet: Sheet) -> list[tuple[str, str]]:
    """Return what is to be typed, in French, in the order in which banks ask for it."""
    return [
        ("Montant", f"{sheet.amount:.2f} EUR".replace(".", ",")),
        ("Bénéficiaire", sheet.holder),
        ("Numéro de compte", sheet.number),
        ("Code du guichet", sheet.branch or "aucun"),
        ("BIC", sheet.bic),
        ("Banque", sheet.bank),
        ("Monnaie du compte", sheet.currency),
        ("Référence à reporter", sheet.reference),
    ]


def text(sheet: Sheet) -> str:
    """Return the sheet as it is kept: the same words for the same transfer."""
    told = [("Lot", sheet.batch), *lines(sheet)]
    return "".join(f"{name + ' :':<{_WIDTH}}{value}\n" for name, value in told)
