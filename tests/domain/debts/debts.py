"""Debts at each point of their life, reached by taking the real steps."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim, Decision
from escale.domain.debts import actions as debts
from escale.domain.debts import queries
from escale.domain.debts.models import Debt, Way
from escale.domain.registry.models import InsuredPerson
from escale.rules.overpayment import Cause
from tests import factories


def paid(person: InsuredPerson | None = None) -> Claim:
    """A claim that the bank paid (needs `scanning`)."""
    claim = factories.approved(factories.received(person))
    factories.paid(factories.ordered(claim))
    return claim


def supervisor() -> Actor:
    return factories.actor(Role.SUPERVISOR)


def proposed(person: InsuredPerson | None = None, *, claim: Claim | None = None, **traits: Any) -> Debt:
    """All that was paid, claimed back; nobody signed it yet."""
    decision: Decision = traits.pop("decision", None) or (claim or paid(person)).decisions.latest("pk")
    said: dict[str, Any] = {
        "amounts": {line.pk: line.due for line in queries.claimable(decision)},
        "cause": Cause.TWICE,
        "words": "Ces soins ont été remboursés deux fois.",
        "fraud": False,
        "request_key": uuid4(),
        "by": factories.agent(),
    }
    return debts.propose(decision=decision, **said | traits)


def notified(debt: Debt | None = None) -> Debt:
    debt = debt or proposed()
    debts.sign(debt=debt, by=supervisor())
    return debt


def owner(debt: Debt) -> Actor:
    return Actor(Role.INSURED, debt.insured.account)


def read(debt: Debt | None = None, *, days_ago: int = 0) -> Debt:
    """A notification that was read, so many days ago."""
    debt = debt or notified()
    debts.note_reading(debt=debt, by=owner(debt))
    if days_ago:
        Debt.objects.filter(pk=debt.pk).update(received_on=timezone.localdate() - timedelta(days=days_ago))
        debt.refresh_from_db()
    return debt


def contested(debt: Debt | None = None) -> Debt:
    debt = read(debt or notified())
    debts.contest(debt=debt, words="J’ai déjà remboursé.", by=owner(debt))
    return debt


def confirmed() -> Debt:
    debt = contested()
    debts.confirm(debt=debt, words="Aucun remboursement n’est arrivé.", by=supervisor())
    return debt


def rectified() -> Debt:
    debt = contested()
    line = debt.lines.get()
    debts.rectify(debt=debt, amounts={line.pk: Decimal("1.20")}, words="Une part était due.", by=supervisor())
    return debt


def spread() -> Debt:
    debt = read()
    debts.spread(debt=debt, months=3, first_on=timezone.localdate(), by=factories.agent())
    return debt


def called(debt: Debt | None = None) -> Debt:
    debt = read(debt or notified(), days_ago=200)
    debts.call(debt=debt, by=supervisor())
    return debt


def constrained() -> Debt:
    debt = called()
    Debt.objects.filter(pk=debt.pk).update(called_on=timezone.localdate() - timedelta(days=60))
    debts.constrain(debt=debt, by=supervisor())
    return debt


def recovered() -> Debt:
    debt = read()
    record(debt, debt.left)
    return debt


def record(debt: Debt, amount: Decimal, **traits: Any) -> Any:
    came: dict[str, Any] = {
        "way": Way.TRANSFER, "on": timezone.localdate(), "proof": "Virement 12", "request_key": uuid4(),
        "by": factories.agent(),
    }  # fmt: skip
    return debts.record(debt=debt, amount=amount, **came | traits)


def dropped() -> Debt:
    debt = proposed()
    debts.drop(debt=debt, words="La ligne était due.", by=supervisor())
    return debt


def cancelled() -> Debt:
    debt = notified()
    debts.cancel(debt=debt, words="La commission l’a jugé.", by=supervisor())
    return debt


def abandoned() -> Debt:
    debt = notified()
    debts.abandon(debt=debt, words="Sous le seuil.", by=supervisor())
    return debt
