"""What claims wait for, paper by paper: asked of one claim, or of each claim of a list in the query of the list."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import AskedPaper, Attachment, Claim, ClaimLine, Pause, PauseReason
from escale.domain.claims.models.papers import WAITED_FOR
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.rules import clock, deadlines

_OF_CLAIM = {"claim": OuterRef("pk")}
AWAITED = Exists(Attachment.objects.to_replace().filter(**_OF_CLAIM)) | Exists(
    AskedPaper.objects.awaited().filter(**_OF_CLAIM)
)
"""Whether the insured person is to send a paper: in the place of another, or because it was asked for."""

ARRIVED = Q(unread_since__isnull=False)
"""Whether a paper that the Fund waited for has come and waits to be read by the agent."""
CAME_AT = F("unread_since")
"""When the last of these papers came: kept with the claim, so that a list reads no paper."""


def to_replace(claim: Claim) -> list[Attachment]:
    """Return the papers in the place of which the insured person is to send another."""
    return list(claim.attachments.to_replace().select_related("document", "bill", "answers").order_by("pk"))


def asked(claim: Claim, *, story: Iterable[Entry] | None = None) -> list[AskedPaper]:
    """Return the papers asked for that have not come yet; its `story`, if given, may say that there is none."""
    if story is not None and all(entry.event != "claim.ask_papers" for entry in story):
        return []
    return list(claim.asked_papers.awaited().select_related("claim", "bill", "asked_by").order_by("pk"))


def awaited(claim: Claim) -> list[Attachment | AskedPaper]:
    """Return all that the insured person is to send: what is to be replaced, then what never came."""
    return [*to_replace(claim), *asked(claim)]


def reasons(claim: Claim) -> list[PauseReason]:
    """Return for what the Fund waits, so that the agent's clock stops; nothing once the claim is decided."""
    found = []
    if claim.status == Status.MEDICAL_OPINION:
        found.append(PauseReason.OPINION)
    if claim.status in WORKED_ON and awaited(claim):
        found.append(PauseReason.PAPERS)
    return found


def unread_since(claim: Claim) -> datetime | None:
    """Return when the last paper came that the Fund waited for and that its agent has not read; None if none did."""
    clean = claim.attachments.current().filter(WAITED_FOR, document__status=DocumentStatus.CLEAN)
    return clean.filter(verdict="", medical=False).aggregate(last=Max("document__received_at"))["last"]


PAUSING = {"claim.ask_opinion", "claim.ask_papers", "claim.judge_paper"}
"""The events without which the agent's clock never stops."""


def pauses() -> QuerySet[Pause]:
    """Return the pauses of the agents' clocks with their authors, oldest first."""
    return Pause.objects.select_related("author").order_by("paused_from", "pk")


def lines_for_an_opinion(claim: Claim) -> frozenset[int]:
    """Return the keys of the lines that wait for an opinion: those that its question names, else all (2 queries)."""
    asked = claim.opinions.filter(given_at__isnull=True).first()
    if asked is None:
        return frozenset()
    named = asked.lines.values_list("pk", flat=True)
    return frozenset(named or ClaimLine.objects.filter(bill__claim=claim).values_list("pk", flat=True))


def net_due_on(claim: Claim, pauses: Iterable[Pause]) -> date | None:
    """Return the last day to answer by the agent's clock, None while it is stopped or before the claim is sent."""
    if claim.runs_since is None:
        return None
    waits = [pause.as_rule() for pause in pauses]
    return deadlines.net_due_on(claim.runs_since, waits, territory=claim.territory)


def clock_of(claim: Claim, pauses: Iterable[Pause]) -> clock.Clock | None:
    """Return both clocks of a claim today, with the day that was promised; None before it is sent."""
    if claim.runs_since is None:
        return None
    waits = [pause.as_rule() for pause in pauses]
    today = timezone.localdate()
    return clock.read(claim.runs_since, waits, on=today, territory=claim.territory, due_on=claim.due_on)


def judgeable(claim: Claim, *, actor: Actor) -> QuerySet[Attachment]:
    """Return the papers of which this agent may say something: those they see, and those that came to nothing."""
    seen, awaited = Attachment.objects.visible_to(actor), Attachment.objects.to_replace()
    papers = claim.attachments.select_related("document", "claim")
    return papers.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=awaited.values("pk")))


def came_at(claim: Claim) -> dict[int, datetime]:
    """Return when each paper that was replaced gave way to another, by the key of the replaced one."""
    replaced = journal.of(name_of(claim)).filter(event="claim.replace_paper")
    return {entry.facts["paper"]: entry.at for entry in replaced}


def being_scanned(claim: Claim) -> bool:
    """Tell whether a paper that the Fund waited for came and has not been scanned yet."""
    return claim.attachments.current().filter(WAITED_FOR, document__status=DocumentStatus.QUARANTINED).exists()


def reasons_to_replace(claim: Claim) -> Iterator[Entry | Attachment]:
    """Return why each paper is to be replaced: the verdict, as the journal has it, or else the file that failed."""
    judged = journal.of(name_of(claim)).filter(event="claim.judge_paper")
    verdicts = {entry.facts["paper"]: entry for entry in judged}
    for paper in to_replace(claim):
        yield verdicts[paper.pk] if paper.verdict else paper


def askings(claim: Claim) -> Iterator[list[AskedPaper]]:
    """Return the papers asked for together, each time that one of them is still waited for."""
    for moment in sorted({one.asked_at for one in asked(claim)}):
        yield list(claim.asked_papers.filter(asked_at=moment).order_by("pk"))
