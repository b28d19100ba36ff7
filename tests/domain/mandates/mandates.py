"""Mandates at each point of their life, reached by taking the real steps."""

from datetime import date
from typing import Any
from uuid import uuid4

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.mandates import actions
from escale.domain.mandates.acts import Act
from escale.domain.mandates.models import Mandate, Tie
from escale.domain.registry.models import InsuredPerson
from tests import factories

FIRST, AFTER = date(2026, 9, 15), date(2027, 3, 1)
EVERYTHING = tuple(Act)


def oneself(account: Account | None) -> Actor:
    return Actor(Role.INSURED, account)


def offered(principal: InsuredPerson | None = None, *, to: str = "lou@exemple.invalid", **traits: Any) -> Mandate:
    """A mandate for everything, until the end of a winter, unless told otherwise."""
    principal = principal or factories.insured()
    words = {"name": "Lou Exemple", "tie": Tie.SPOUSE, "acts": EVERYTHING, "valid_from": FIRST, "valid_until": AFTER}
    by = oneself(principal.account)
    return actions.offer(principal=principal, address=to, by=by, **words | {"request_key": uuid4()} | traits)


def accepted(principal: InsuredPerson | None = None, *, by: Account | None = None, **traits: Any) -> Mandate:
    """A mandate that somebody accepted, who has no other account than to help."""
    by = by or factories.account(name="Lou Exemple")
    mandate = offered(principal, to=by.email or "", **traits)
    actions.accept(mandate=mandate, by=oneself(by))
    return mandate


def acting(mandate: Mandate) -> Actor:
    """The delegate, acting in the name of whoever trusts them."""
    return Actor(Role.INSURED, mandate.delegate, mandate.authority)


def declined() -> Mandate:
    account = factories.account()
    mandate = offered(to=account.email or "")
    actions.decline(mandate=mandate, by=oneself(account))
    return mandate


def revoked() -> Mandate:
    mandate = accepted()
    actions.revoke(mandate=mandate, by=oneself(mandate.principal.account))
    return mandate


def given_up() -> Mandate:
    mandate = accepted()
    actions.give_up(mandate=mandate, by=oneself(mandate.delegate))
    return mandate


def ended() -> Mandate:
    mandate = accepted()
    mandate.advance("end", by=SYSTEM)
    return mandate
