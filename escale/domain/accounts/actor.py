"""Someone acting under one hat."""

from dataclasses import dataclass

from escale.domain.accounts.models import Account, Role


@dataclass(frozen=True)
class Actor:
    """The same account may be insured here and agent there: an actor is an account under one hat."""

    role: Role
    account: Account | None = None


SYSTEM = Actor(Role.SYSTEM)
