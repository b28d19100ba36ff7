"""What waits for the physicians, since when: the questions of agents, and what came under medical seal by itself."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.case import in_turn
from escale.domain.claims import waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim, MedicalOpinion
from escale.domain.claims.models.papers import WAITED_FOR
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.rules import parameters

PAGE = 50
_CAME_SEALED = Attachment.objects.current().filter(
    WAITED_FOR, claim=OuterRef("pk"), medical=True, document__status=DocumentStatus.CLEAN
)
_SEALED_AT = Subquery(_CAME_SEALED.order_by("-pk").values("document__received_at")[:1])
"""When the last paper came that was asked for under seal."""


class Overdue(NamedTuple):
    """How many questions, and how many papers under seal, have waited for longer than is aimed at."""

    questions: int
    sealed: int


def asked(*, actor: Actor, after: tuple[datetime, int] | None = None) -> QuerySet[Claim]:
    """
    Return the next claims on which an opinion is asked, what was asked first coming first, after this (moment, id).

    `waits_since` says since when; `awaited`, that a paper is waited for; `came_at`, since when one that was waits to
    be read, under seal or not; `shut`, that the file is protected and that this actor has to say why they open it.
    """
    questions = MedicalOpinion.objects.filter(claim=OuterRef("pk"), given_at__isnull=True)
    return _shown(actor, Status.MEDICAL_OPINION, since=questions.values("asked_at"), after=after)


def sealed(*, actor: Actor) -> QuerySet[Claim]:
    """Return the claims with papers under seal of which nobody asked anything, what came first coming first; fifty."""
    papers = unread().filter(claim=OuterRef("pk")).order_by("document__received_at")
    return _shown(actor, Status.IN_PROGRESS, since=papers.values("document__received_at"))


def unread() -> QuerySet[Attachment]:
    """Return the papers under medical seal on which no physician has given an opinion."""
    answered = MedicalOpinion.objects.filter(attachments=OuterRef("pk"), given_at__isnull=False)
    papers = Attachment.objects.current().filter(medical=True, document__status=DocumentStatus.CLEAN)
    return papers.exclude(Exists(answered))


def unasked_since(claim: Claim) -> datetime | None:
    """Return since when papers under seal wait in a claim of which nobody asked anything; None if none do."""
    if claim.status != Status.IN_PROGRESS:
        return None
    came_at = unread().filter(claim=claim).order_by("document__received_at").values_list("document__received_at")
    first = came_at.first()
    return first[0] if first else None


def overdue(*, actor: Actor) -> Overdue:
    """Count what has waited for longer than is aimed at, of what this actor may treat."""
    before = timezone.now() - timedelta(hours=hours_aimed_at())
    within = Claim.objects.within_reach_of(actor)
    questions = MedicalOpinion.objects.filter(given_at__isnull=True, asked_at__lt=before)
    papers = unread().filter(claim=OuterRef("pk"), document__received_at__lt=before)
    return Overdue(
        questions=within.filter(status=Status.MEDICAL_OPINION, pk__in=questions.values("claim")).count(),
        sealed=within.filter(Exists(papers), status=Status.IN_PROGRESS).count(),
    )


def hours_aimed_at() -> int:
    """Return in how many hours the medical service means to answer."""
    return int(parameters.value("opinion_hours", on=timezone.localdate()))


def _shown(
    actor: Actor, status: Status, *, since: QuerySet[Any, Any], after: tuple[datetime, int] | None = None
) -> QuerySet[Any]:
    """Return the next claims of a list of this counter, with what it shows of each; only they are looked at closely."""
    waits_since = Subquery(since[:1])
    found = Claim.objects.within_reach_of(actor).filter(status=status).annotate(waits_since=waits_since)
    page = in_turn(found.filter(waits_since__isnull=False), "waits_since", after=after).values("pk")[:PAGE]
    return (
        Claim.objects.filter(pk__in=page).saying_if_shut_to(actor)
        .annotate(waits_since=waits_since, awaited=waiting.AWAITED, came_at=Coalesce(_SEALED_AT, waiting.CAME_AT))
        .prefetch_related(Prefetch("pauses", waiting.pauses()))
        .order_by("waits_since", "pk")
    )  # fmt: skip
