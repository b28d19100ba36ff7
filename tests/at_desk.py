"""What there is at the desk: an act on many claims, a view, a skill; each by the real action."""

from unittest import mock
from uuid import uuid4

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim, Decision
from escale.domain.desk import actions as desk
from escale.domain.desk.filters import Filters
from escale.domain.desk.models import GroupedAct, GroupedKind, SavedView, Skill, SkillKind
from escale.rules import second_look
from tests import factories

WORDS = "Avec ses dates."


def grouped(*some: Claim, by: Actor | None = None, kind: GroupedKind = GroupedKind.ASK_PAPER) -> GroupedAct:
    """An act on these claims, that was shown and that nobody launched yet (needs `scanning`)."""
    numbers = [claim.number for claim in some or (factories.received(),)]
    to = factories.agent().account if kind == GroupedKind.ASSIGN else None
    return desk.prepare(
        kind=kind, numbers=numbers, request_key=uuid4(), by=by or factories.agent(), to=to,
        paper="" if to else "mission_order", words=WORDS,
    )  # fmt: skip


def view(account: Account) -> SavedView:
    """A view that somebody keeps."""
    return desk.save_view(name="Djibouti", filters=Filters(territory="DJ"), by=Actor(Role.AGENT, account))


def skill(account: Account | None = None) -> Skill:
    """Something in which an agent is skilled."""
    account = account or factories.agent().account
    return desk.give_skill(account=account, kind=SkillKind.TERRITORY, value="SN", by=factories.actor(Role.SUPERVISOR))


def proposed(claim: Claim | None = None, *, by: Actor | None = None) -> Decision:
    """A decision that waits for another agent to agree."""
    by = by or factories.agent()
    claim = factories.assessed(claim, by=by)
    with mock.patch.object(second_look, "why", return_value=second_look.Why.AMOUNT):
        return claims.decide(claim=claim, by=by)
