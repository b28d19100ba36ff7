"""Portability: a copy of all that the Fund knows of somebody, with the tables of every room (RGPD, art. 15 and 20)."""

from escale.domain.accounts.models import Account
from escale.domain.claims.portability import CONTENTS as OF_CLAIMS
from escale.domain.claims.portability import FORMAT, VERSION, WITHHELD, Part, telling
from escale.domain.portability.after import AFTER
from escale.domain.portability.sharing import SHARING

__all__ = ["CONTENTS", "FORMAT", "VERSION", "WITHHELD", "Part", "as_json", "as_pdf"]

CONTENTS = (*OF_CLAIMS, *AFTER, *SHARING)
"""All the tables, in the order in which a person reads them."""


def as_json(account: Account) -> str:
    """Return all that is told to the owner of an account, as docs/portability.md says (one JSON object)."""
    return telling.as_json(account, contents=CONTENTS)


def as_pdf(account: Account) -> bytes:
    """Return the same in French, on a PDF/UA-1; the long tables that only machines read are left to the JSON."""
    return telling.as_pdf(account, contents=CONTENTS)
