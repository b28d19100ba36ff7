"""What supervisors decide: hats, recusals, protected files; each by the real action."""

from uuid import uuid4

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Grant, Role
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson, Opening, OpeningReason, ProtectionReason, Recusal
from tests import factories


def proposed_hat(
    role: Role = Role.AGENT,
    *,
    to: Account | None = None,
    insured: InsuredPerson | None = None,
    by: Actor | None = None,
) -> Grant:
    """A hat that a supervisor proposes."""
    email = to.email if to else f"nouveau-{uuid4().hex[:8]}@exemple.invalid"
    by = by or factories.actor(Role.SUPERVISOR)
    return registry.propose_hat(
        email=email or "", name="Gestionnaire", role=role, why="Affectation", insured=insured, by=by
    )


def recused(agent: Account, person: InsuredPerson, *, by: Actor | None = None) -> Recusal:
    """An agent who stands aside from a file."""
    return registry.declare_recusal(account=agent, insured=person, by=by or factories.actor(Role.SUPERVISOR))


def protected(person: InsuredPerson, *, by: Actor | None = None) -> InsuredPerson:
    """Somebody whose file nobody opens without saying why."""
    registry.protect(insured=person, reason=ProtectionReason.EXPOSED, by=by or factories.actor(Role.SUPERVISOR))
    return person


def opened(person: InsuredPerson, *, by: Actor | None = None) -> Opening:
    """A protected file that somebody opened, saying why."""
    words = "Rapatriement demandé ce matin par l’ambassade."
    reason = OpeningReason.URGENCY
    return registry.open_protected(
        insured=protected(person), subject=person, reason=reason, words=words, by=by or factories.agent()
    )
