"""Who may enter: accounts and their hats, the proofs that they give, the sessions that they have open."""

from escale.domain.accounts.models.account import Account, Grant, Hat, Role
from escale.domain.accounts.models.factors import (
    Identity,
    Passkey,
    PendingAddress,
    Provider,
    RecoveryCode,
    TotpKey,
)
from escale.domain.accounts.models.sessions import Attempt, Device, Session

__all__ = [
    "Account",
    "Attempt",
    "Device",
    "Grant",
    "Hat",
    "Identity",
    "Passkey",
    "PendingAddress",
    "Provider",
    "RecoveryCode",
    "Role",
    "Session",
    "TotpKey",
]
