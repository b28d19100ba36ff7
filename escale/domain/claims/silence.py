"""What the silence of the Fund would grant: care that wants an agreement, of which nobody has said anything yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import WORKED_ON
from escale.domain.claims.models import AskedPaper, Claim, ClaimLine
from escale.rules import deadlines, parameters
from escale.rules.deadlines import Asking, Request, Silence
from escale.rules.intake import Care, Paper
from escale.rules.scope import Stay

MOST = 200
_AGREED = (Care.ORTHODONTICS, Care.FERTILITY, Care.THERMAL)
_UNSAID = ClaimLine.objects.filter(decision=None, authorised=None)
"""The lines of which nobody has said whether they were agreed before."""
_ASKED = AskedPaper.objects.filter(Q(ended_at=None) | Q(answer__isnull=False))
"""The papers that were asked for, but those that no longer are."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Care that is agreed if nobody answers: on which day, and on which later one if the text of its list says so."""

    request: Request
    silence: Silence
    later: Silence | None = None

    @property
    def days_left(self) -> int:
        """How many days are left to answer; negative once silence has spoken."""
        return (self.silence.on - timezone.localdate()).days

    @property
    def is_near(self) -> bool:
        """Whether it is time to hurry."""
        return self.days_left <= int(parameters.value("silence_alert_days", on=timezone.localdate()))


def grants(claim: Claim, *, needed: Iterable[Paper]) -> list[Granted]:
    """
    Return what silence would grant of a claim, with the days; nothing while a paper is waited for (2 queries, or none).

    `needed`: the papers that it must hold, among them the agreement that such care wants.
    """
    if claim.status not in WORKED_ON or claim.sent_at is None or claim.reopened_on:
        return []
    requests = _requests(claim, needed)
    if not requests or not _UNSAID.filter(bill__claim=claim).exists():
        return []
    return list(_granted(claim, requests, _ASKED.filter(claim=claim)))


def near(*, actor: Actor) -> list[tuple[Claim, Granted]]:
    """
    Return the claims that silence will soon settle, or has, the first first (2 queries).

    They are those that this actor may treat, sent first: as many as `MOST` are looked at.
    """
    concerned = Q(stay=Stay.PLANNED_CARE.value) | Q(cares__overlap=[care.value for care in _AGREED])
    claims = (
        Claim.objects.within_reach_of(actor)
        .with_people()
        .filter(concerned, Exists(_UNSAID.filter(bill__claim=OuterRef("pk"))))
        .filter(status__in=sorted(WORKED_ON), sent_at__isnull=False, reopened_on=None)
        .prefetch_related(Prefetch("asked_papers", _ASKED))
        .order_by("sent_at", "pk")
    )
    found = [
        (claim, granted)
        for claim in claims[:MOST]
        for granted in _granted(
            claim, _requests(claim, queries.papers(claim, cares=claim.cares)), claim.asked_papers.all()
        )
        if granted.is_near
    ]
    return sorted(found, key=lambda one: (one[1].silence.on, one[0].pk))


def _requests(claim: Claim, needed: Iterable[Paper]) -> list[Request]:
    """Return what a claim asks for, of which a paper that it must hold would show that it was agreed before."""
    terms = queries.competence(claim).terms
    request = Request(terms.silence) if terms and terms.silence else Request.CLAIM
    before = {"authorisation": request} if request.granted_by_silence else {}
    wanted = {paper.code for paper in needed if paper.mandatory}
    return [asked for code, asked in (before | {"prior_agreement": Request.AGREEMENT}).items() if code in wanted]


def _granted(claim: Claim, requests: Iterable[Request], papers: Iterable[AskedPaper]) -> Iterator[Granted]:
    """Yield what silence would grant of each request; `papers`: those that were asked for."""
    assert claim.sent_at is not None
    on, askings = timezone.localdate(claim.sent_at), [_asking(paper) for paper in papers]
    spoken = partial(deadlines.silence_of_incomplete, received_on=on, askings=askings)
    for request in requests:
        if silence := spoken(request):
            later = spoken(Request.LONG_AGREEMENT) if request is Request.AGREEMENT else None
            yield Granted(request, silence, later)


def _asking(paper: AskedPaper) -> Asking:
    asked_on = timezone.localdate(paper.asked_at)
    return Asking(asked_on, asked_on, timezone.localdate(paper.ended_at) if paper.ended_at else None)
