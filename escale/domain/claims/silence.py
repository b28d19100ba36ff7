"""What the silence of the Fund would grant: care that wants an agreement, of which nobody has said anything yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
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
    wanted = {paper.code for paper in needed if paper.mandatory}
    requests = [request for code, request in _requests(claim).items() if code in wanted]
    if not requests or not _UNSAID.filter(bill__claim=claim).exists():
        return []
    askings = [_asking(paper) for paper in claim.asked_papers.filter(Q(ended_at=None) | Q(answer__isnull=False))]
    found = (_granted(one, on=timezone.localdate(claim.sent_at), askings=askings) for one in requests)
    return [one for one in found if one]


def near(*, actor: Actor) -> list[tuple[Claim, Granted]]:
    """Return the claims that silence will soon settle, or has, of those that this actor may treat; the first first."""
    concerned = Q(stay=Stay.PLANNED_CARE.value) | Q(cares__overlap=[care.value for care in _AGREED])
    claims = (
        Claim.objects.within_reach_of(actor)
        .with_people()
        .filter(concerned, Exists(_UNSAID.filter(bill__claim=OuterRef("pk"))))
    )
    found = [
        (claim, granted)
        for claim in claims.filter(status__in=sorted(WORKED_ON), reopened_on=None).order_by("sent_at", "pk")[:MOST]
        for granted in grants(claim, needed=queries.papers(claim, cares=claim.cares))
        if granted.is_near
    ]
    return sorted(found, key=lambda one: (one[1].silence.on, one[0].pk))


def _requests(claim: Claim) -> dict[str, Request]:
    """Return what a claim asks for, by the paper that would show that it was agreed before."""
    terms = queries.competence(claim).terms
    request = Request(terms.silence) if terms and terms.silence else Request.CLAIM
    before = {"authorisation": request} if request.granted_by_silence else {}
    return before | {"prior_agreement": Request.AGREEMENT}


def _asking(paper: AskedPaper) -> Asking:
    asked_on = timezone.localdate(paper.asked_at)
    return Asking(asked_on, asked_on, timezone.localdate(paper.ended_at) if paper.ended_at else None)


def _granted(request: Request, *, on: date, askings: Iterable[Asking]) -> Granted | None:
    silence = deadlines.silence_of_incomplete(request, received_on=on, askings=askings)
    if silence is None:
        return None
    is_agreement = request is Request.AGREEMENT
    later = is_agreement and deadlines.silence_of_incomplete(Request.LONG_AGREEMENT, received_on=on, askings=askings)
    return Granted(request, silence, later or None)
