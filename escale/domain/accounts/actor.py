"""Someone acting under one hat."""

from dataclasses import dataclass

from escale.domain.accounts.models import Account, Role


@dataclass(frozen=True)
class Authority:
    """What somebody received from another, who keeps the right to take it back: to act in their name, for some acts."""

    mandate: int
    principal: Account
    steps: frozenset[str]
    """The events of the steps that may be taken so (`claim.submit`)."""


@dataclass(frozen=True)
class Actor:
    """The same account may be insured here and agent there: an actor is an account under one hat."""

    role: Role
    account: Account | None = None
    authority: Authority | None = None

    @property
    def signatory(self) -> Account:
        """The person who answers for an act; the system answers for none."""
        if self.account is None:
            raise ValueError("the system signs nothing")
        return self.account

    @property
    def owner(self) -> Account | None:
        """Whose file is open: one's own, or that of the person in whose name one acts."""
        return self.authority.principal if self.authority else self.account


SYSTEM = Actor(Role.SYSTEM)
