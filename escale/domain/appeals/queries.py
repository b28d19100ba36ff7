"""What is asked of the appeals."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.appeals.lifecycle import OPEN, OVER
from escale.domain.appeals.models import Appeal, Point, Route
from escale.domain.claims.models import Attachment, Claim, ClaimLine, Decision
from escale.rules import deadlines, retention
from escale.rules.deadlines import Residence, Silence

PAGE = 50


def contestable(claim: Claim) -> QuerySet[Decision]:
    """Return the decisions of a claim that the insured person was told of, latest first; `contested` if one is."""
    open_one = Appeal.objects.filter(decision=OuterRef("pk"), overpayment="", status__in=OPEN)
    holding = claim.decisions.standing().filter(Exists(ClaimLine.objects.filter(decision=OuterRef("pk"))))
    return holding.annotate(contested=Exists(open_one)).order_by("-pk")


def notified_on(decision: Decision) -> date:
    """Return the day on which the insured person first read the letter of a decision; today before they did.

    One without a letter, from before there were any, was told on the day when it took effect.
    """
    assert decision.taken_at
    if hasattr(decision, "letter"):
        return timezone.localdate(decision.letter.first_read_at)
    return timezone.localdate(decision.taken_at)


def appealable_until(decision: Decision) -> date:
    """Return the last day to contest a decision; later, it is the commission that says what becomes of it."""
    return deadlines.appeal_until(notified_on(decision), Residence(decision.claim.insured.residence))


def route(points: list[str]) -> Route:
    """Return which commission answers to these points."""
    if Point.MEDICAL not in points:
        return Route.AMICABLE
    return Route.MEDICAL if set(points) == {Point.MEDICAL} else Route.MIXED


def silence(chosen: Route, *, received_on: date) -> Silence:
    """Return what the silence of a commission means, and from when."""
    return deadlines.silence(chosen.request, received_on=received_on)


def received_on(appeal: Appeal) -> date:
    """Return the day from which the delay runs: that of the appeal, or of the last paper that came after it."""
    filed_on = timezone.localdate(appeal.filed_at)
    return max([filed_on, *appeal.supplements.values_list("received_on", flat=True)])


def court_until(appeal: Appeal) -> date:
    """Return the last day to go to court, from the day on which the answer was read, or left unsaid."""
    if appeal.entered_by_id is None:
        return deadlines.court_until(appeal.due_on)
    told_at = appeal.read_at or appeal.ended_at or appeal.filed_at
    return deadlines.court_until(timezone.localdate(told_at))


def papers(claim: Claim, *, actor: Actor) -> QuerySet[Attachment]:
    """Return the papers of a claim that an appeal may quote."""
    return Attachment.objects.visible_to(actor).filter(claim=claim).select_related("document").order_by("pk")


def of_claim(claim: Claim, *, actor: Actor) -> QuerySet[Appeal]:
    """Return the appeals against the decisions of a claim, latest first."""
    return Appeal.objects.visible_to(actor).filter(decision__claim=claim).order_by("-pk")


def queue(*, actor: Actor, after: tuple[date, int] | None = None) -> QuerySet[Appeal]:
    """Return a page of the appeals that wait for an answer, the first due first, after a place in the queue."""
    waiting = Appeal.objects.within_reach_of(actor).filter(status__in=sorted(OPEN)).saying_if_shut_to(actor)
    if after:
        day, pk = after
        waiting = waiting.filter(Q(due_on=day, pk__gt=pk) | Q(due_on__gt=day))
    return waiting.select_related("decision__claim").order_by("due_on", "pk")[:PAGE]


def unanswered(*, today: date) -> QuerySet[Appeal]:
    """Return the appeals that silence has rejected."""
    return Appeal.objects.filter(status__in=sorted(OPEN), due_on__lt=today).order_by("pk")


def had_their_time(*, today: date) -> QuerySet[Appeal]:
    """Return the appeals that ended long enough ago to be forgotten."""
    return Appeal.objects.filter(
        status__in=sorted(OVER), ended_at__date__lte=retention.ended_before(retention.Kept.APPEAL, today=today)
    ).order_by("pk")
