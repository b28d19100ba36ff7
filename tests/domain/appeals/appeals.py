"""Appeals at each point of their life, reached by taking the real steps."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals.lifecycle import Status
from escale.domain.appeals.models import Appeal, Point
from escale.domain.claims.models import Attachment, Decision
from escale.domain.documents import actions as documents
from escale.domain.registry.models import InsuredPerson
from tests import factories


def decision(person: InsuredPerson | None = None, **traits: Any) -> Decision:
    """A refusal that the insured person was told of (needs `scanning`)."""
    return factories.refused(factories.received(person), **traits).decisions.get()


def medical() -> Decision:
    """A refusal that rests on the opinion of a physician."""
    return decision(reason_code="R13")


def filed(against: Decision | None = None, *, person: InsuredPerson | None = None, **traits: Any) -> Appeal:
    """An appeal that nobody has opened yet."""
    against = against or decision(person)
    said: dict[str, Any] = {
        "points": [Point.PAPERS],
        "text": "La facture est bien la mienne.",
        "papers": [],
        "request_key": uuid4(),
        "by": factories.owner(against.claim),
    }
    return appeals.file(decision=against, **said | traits)


def joined(appeal: Appeal, **traits: Any) -> Attachment:
    """A file joined to an appeal, and scanned (needs `scanning`)."""
    claim = appeal.decision.claim
    paper = factories.attachment(claim, paper="other", bill=None, appeal=appeal.reference, **traits)
    documents.scan(document=paper.document)
    return paper


def examined(appeal: Appeal | None = None, *, by: Actor | None = None) -> Appeal:
    """An appeal that somebody prepares."""
    appeal = appeal or filed()
    appeals.examine(appeal=appeal, by=by or factories.agent())
    return appeal


def answered(appeal: Appeal | None = None, *, outcome: Status = Status.GRANTED, by: Actor | None = None) -> Appeal:
    """An appeal to which the commission answered, today."""
    appeal = appeal or examined()
    appeals.answer(
        appeal=appeal, outcome=outcome, session_on=timezone.localdate(), reasons="La pièce est suffisante.",
        articles="CSS, art. R. 761-20", by=by or factories.actor(Role.SUPERVISOR),
    )  # fmt: skip
    return appeal


def partly() -> Appeal:
    return answered(outcome=Status.PARTLY)


def rejected() -> Appeal:
    return answered(outcome=Status.REJECTED)


def withdrawn() -> Appeal:
    appeal = filed()
    appeals.withdraw(appeal=appeal, by=factories.owner(appeal.decision.claim))
    return appeal


def silent() -> Appeal:
    """An appeal whose delay is over: it was due yesterday."""
    appeal = filed()
    Appeal.objects.filter(pk=appeal.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    appeals.lapse(appeal=appeal)
    appeal.refresh_from_db()
    return appeal
