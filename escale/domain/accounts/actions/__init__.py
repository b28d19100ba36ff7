"""What is done at the door."""

from escale.domain.accounts.actions.signing_in import (
    PER_ACCOUNT_AND_IP,
    PER_IP,
    TooManyAttempts,
    WrongCredentials,
    forget_attempts,
    sign_in,
    sign_out,
)

__all__ = [
    "PER_ACCOUNT_AND_IP",
    "PER_IP",
    "TooManyAttempts",
    "WrongCredentials",
    "forget_attempts",
    "sign_in",
    "sign_out",
]
