"""What a person types in the bank's own tool, for a transfer that no file of SEPA can ask for."""

from decimal import Decimal
from typing import NamedTuple


class Sheet(NamedTuple):
    """A transfer to make by hand: from which account, how much in euros, to whom, under which reference."""

    debtor: str
    amount: Decimal
    holder: str
    number: str
    branch: str
    bic: str
    bank: str
    currency: str
    """The money of the account: the bank changes the euros that leave into it."""
    reference: str
    batch: str


def text(sheet: Sheet) -> str:
    """Return the sheet in French, a line for each field, as banks ask for them: the same bytes each time."""
    told = {
        "Compte à débiter": sheet.debtor,
        "Montant": f"{sheet.amount:.2f} EUR".replace(".", ","),
        "Bénéficiaire": sheet.holder,
        "Numéro de compte": sheet.number,
        "Code du guichet": sheet.branch or "aucun",
        "BIC": sheet.bic,
        "Banque": sheet.bank,
        "Monnaie du compte": sheet.currency,
        "Référence à reporter": sheet.reference,
        "Lot": sheet.batch,
    }
    return "".join(f"{name} : {value}\n" for name, value in told.items())


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return each field of a sheet, and what is typed there."""
    return [(name, value) for name, _colon, value in (line.partition(" : ") for line in text.splitlines())]
