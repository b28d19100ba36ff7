"""Someone acting under one hat."""

from dataclasses import dataclass

from escale.domain.accounts.models import Account, Role


@dataclass(frozen=True)
class Actor:
    """The same account may be insured here and agent there: an actor is an account under one hat."""

    role: Role
    account: Account | None = None

    @property
    def signatory(self) -> Account:
        """The person who answers for an act; the system answers for none."""
        if self.account is None:
            raise ValueError("the system signs nothing")
        return self.account


SYSTEM = Actor(Role.SYSTEM)
