"""Who is insured, and who of the Fund may open their file, or opened it."""

from escale.domain.registry.models.bank_accounts import BankAccount, Source
from escale.domain.registry.models.looking import (
    Opening,
    OpeningReason,
    Protection,
    ProtectionReason,
    Purpose,
    Reading,
    Recusal,
)
from escale.domain.registry.models.numbers import Numbered, OnAccount
from escale.domain.registry.models.people import (
    Basis,
    Beneficiary,
    Category,
    Entitlement,
    InsuredPerson,
    Link,
    OfInsuredQuerySet,
    PostalAddress,
    Posting,
)

__all__ = [
    "BankAccount",
    "Basis",
    "Beneficiary",
    "Category",
    "Entitlement",
    "InsuredPerson",
    "Link",
    "Numbered",
    "OfInsuredQuerySet",
    "OnAccount",
    "Opening",
    "OpeningReason",
    "PostalAddress",
    "Posting",
    "Protection",
    "ProtectionReason",
    "Purpose",
    "Reading",
    "Recusal",
    "Source",
]
