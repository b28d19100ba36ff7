"""Who is insured, and who of the Fund may open their file, or opened it."""

from escale.domain.registry.models.looking import (
    Opening,
    OpeningReason,
    Protection,
    ProtectionReason,
    Purpose,
    Reading,
    Recusal,
)
from escale.domain.registry.models.numbers import Numbered
from escale.domain.registry.models.people import (
    BankAccount,
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
    "Opening",
    "OpeningReason",
    "PostalAddress",
    "Posting",
    "Protection",
    "ProtectionReason",
    "Purpose",
    "Reading",
    "Recusal",
]
