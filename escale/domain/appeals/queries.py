"""What is asked of the appeals."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.appeals.lifecycle import OPEN, OVER, Status
from escale.domain.appeals.models import OPEN_NOW, TO_CARRY_OUT, Appeal, Point, Route
from escale.domain.case import in_turn
from escale.domain.claims import letters, secrecy
from escale.domain.claims.lifecycle import CLOSED
from escale.domain.claims.models import Attachment, Claim, ClaimLine, Decision, Outcome
from escale.domain.claims.models.papers import FAILED
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.rules import deadlines, refusal, retention
from escale.rules.deadlines import Residence, Silence

PAGE = 50


class View(TextChoices):
    """Which appeals the Fund lists."""

    WAITING = "a-repondre", _("À répondre")
    TO_CARRY_OUT = "a-executer", _("Accueillis, à exécuter")
    SILENT = "silence", _("Rejetés par silence")


class Wait(TextChoices):
    """What must happen before a granted appeal can be carried out."""

    PAYMENT = "payment", _("Attend le paiement")
    LINES = "lines", _("Attend d’autres lignes")


def points(decision: Decision, *, reader: Actor, owed: bool = False) -> list[Point]:
    """
    Return on what this reader may disagree: a medical opinion if there is one, a sum claimed back if it is `owed`.

    To whoever must not learn what the care was, this would tell it: they may always choose it.
    """
    medical = secrecy.hides_nature(decision.claim, reader=reader) or _is_medical(decision)
    absent = {point for point, is_one in ((Point.OWED, owed), (Point.MEDICAL, medical)) if not is_one}
    return [point for point in Point if point not in absent]


def _is_medical(decision: Decision) -> bool:
    """Tell whether a decision rests on a physician's opinion: it says so, or one was given that was not wholly for."""
    opinions = decision.claim.opinions.filter(
        given_at__lte=decision.at, outcome__in=[Outcome.PARTLY, Outcome.UNFAVOURABLE]
    )
    said = letters.commissions(decision, decision.lines.all(), veiled=False)
    return refusal.Appeal.MEDICAL in said or opinions.exists()


def waits(granted: Sequence[Appeal]) -> dict[int, Wait]:
    """
    Return what these appeals wait for, by their keys: what was ordered must leave, then all lines be decided (1 query).

    Those of which the decision no longer holds wait for nothing.
    """
    holding = Decision.objects.standing().filter(appeals__in=granted, lines__isnull=False).order_by()
    held = set(holding.values_list("pk", flat=True))
    found = {}
    for appeal in granted:
        decision = appeal.decision
        if appeal.overpayment or decision.pk not in held:
            continue
        if decision.order and not decision.order.has_left:
            found[appeal.pk] = Wait.PAYMENT
        elif decision.claim.status not in CLOSED:
            found[appeal.pk] = Wait.LINES
    return found


def to_carry_out(debt: str) -> QuerySet[Appeal]:
    """Return the appeals against a debt that the commission granted, and of which the debt tells nothing yet."""
    return Appeal.objects.filter(TO_CARRY_OUT, overpayment=debt).order_by("pk")


def contestable(claim: Claim) -> QuerySet[Decision]:
    """Return the decisions of a claim that the insured person was told of, latest first; `contested` if one is."""
    open_one = Appeal.objects.filter(decision=OuterRef("pk"), overpayment="", status__in=OPEN)
    holding = claim.decisions.standing().filter(Exists(ClaimLine.objects.filter(decision=OuterRef("pk"))))
    return holding.annotate(contested=Exists(open_one)).order_by("-pk")


def appealable_until(decision: Decision) -> date:
    """Return the last day to contest a decision, as if its letter were read today before it is read.

    Later, it is the commission that says what becomes of it.
    """
    residence = Residence(decision.claim.insured.residence)
    return letters.appeal_until(decision) or deadlines.appeal_until(timezone.localdate(), residence)


def route(points: Sequence[str]) -> Route:
    """Return which commission answers to these points."""
    if Point.MEDICAL not in points:
        return Route.AMICABLE
    return Route.MEDICAL if set(points) == {Point.MEDICAL} else Route.MIXED


def silence(chosen: Route, *, received_on: date) -> Silence:
    """Return what the silence of a commission means, and from when."""
    return deadlines.silence(chosen.request, received_on=received_on)


def restarts(appeal: Appeal) -> bool:
    """Tell whether papers that come later make the delay run anew: only where nothing is medical (CSS, R. 142-6)."""
    return appeal.route == Route.AMICABLE


def restarted_on(appeal: Appeal) -> date | None:
    """Return the day from which papers make the delay run anew: that of the last, by post or clean; None if none do."""
    if not restarts(appeal):
        return None
    posted = appeal.supplements.filter(by_post=True).values_list("received_on", flat=True)
    clean = files(appeal).filter(document__status=DocumentStatus.CLEAN, document__received_at__gt=appeal.filed_at)
    joined = clean.values_list("document__received_at", flat=True)
    return max([*posted, *map(timezone.localdate, joined)], default=None)


def files(appeal: Appeal) -> QuerySet[Attachment]:
    """Return the files that were joined to an appeal, in the order in which they came, but those that were replaced."""
    of_appeal = Attachment.objects.current().filter(claim=appeal.decision.claim_id, appeal=appeal.reference)
    return of_appeal.select_related("document", "bill", "answers").order_by("pk")


def failed(appeal: Appeal) -> QuerySet[Attachment]:
    """Return the files of an appeal that came to nothing: infected, unscannable, lost."""
    return files(appeal).filter(document__status__in=FAILED)


def joined_by(document: Document) -> QuerySet[Attachment]:
    """Return where a file is joined to an appeal, and not replaced."""
    joined = Attachment.objects.current().filter(document=document).exclude(appeal="")
    return joined.select_related("document").order_by("pk")


def preparing(appeal: Appeal) -> Account | None:
    """Return who took an appeal to prepare it, if somebody did."""
    taken = journal.of(name_of(appeal)).filter(event="appeal.examine").last()
    return taken.actor if taken else None


def waits_for_scan(appeal: Appeal) -> bool:
    """Tell whether a file that may make the delay run anew came and has not been scanned yet."""
    return restarts(appeal) and files(appeal).filter(document__status=DocumentStatus.QUARANTINED).exists()


def next_reference(claim: Claim) -> str:
    """Return the number of the next appeal of a claim: above the highest, and never that of another."""
    known = Appeal.objects.filter(decision__claim=claim).values_list("reference", flat=True)
    highest = max((int(reference.rpartition("-R")[2]) for reference in known), default=0)
    return f"{claim.number}-R{highest + 1}"


def court_until(appeal: Appeal) -> date:
    """Return the last day to go to court, from the day on which the answer was read, or left unsaid."""
    if appeal.entered_by_id is None:
        return deadlines.court_until(appeal.due_on)
    told_at = appeal.read_at or appeal.ended_at or appeal.filed_at
    return deadlines.court_until(timezone.localdate(told_at))


def papers(claim: Claim, *, actor: Actor) -> QuerySet[Attachment]:
    """Return the papers of a claim that an appeal may quote."""
    return Attachment.objects.visible_to(actor).filter(claim=claim, appeal="").select_related("document").order_by("pk")


def of_claim(claim: Claim, *, actor: Actor) -> QuerySet[Appeal]:
    """Return the appeals against the decisions of a claim, latest first."""
    return Appeal.objects.visible_to(actor).filter(decision__claim=claim).order_by("-pk")


def open_on(claim: Claim) -> QuerySet[Appeal]:
    """Return the appeals about a claim that may still be completed."""
    return Appeal.objects.filter(decision__claim=claim, status__in=OPEN).order_by("pk")


def queue(*, actor: Actor, view: View = View.WAITING, after: tuple[date, int] | None = None) -> QuerySet[Appeal]:
    """Return a page of the appeals of a view, the first due first, after a place in the queue."""
    kept = {View.WAITING: OPEN_NOW, View.TO_CARRY_OUT: TO_CARRY_OUT, View.SILENT: Q(status=Status.SILENT)}[view]
    waiting = Appeal.objects.within_reach_of(actor).filter(kept).saying_if_shut_to(actor)
    with_payment = waiting.select_related("decision__claim", "decision__order")
    return in_turn(with_payment, "due_on", after=after)[:PAGE]


def unanswered(*, today: date) -> QuerySet[Appeal]:
    """Return the appeals that silence has rejected."""
    return Appeal.objects.filter(status__in=sorted(OPEN), due_on__lt=today).order_by("pk")


def had_their_time(*, today: date) -> QuerySet[Appeal]:
    """Return the appeals that ended long enough ago to be forgotten, and leave nothing to be done."""
    return Appeal.objects.filter(
        ~TO_CARRY_OUT,
        status__in=sorted(OVER),
        ended_at__date__lte=retention.ended_before(retention.Kept.APPEAL, today=today),
    ).order_by("pk")
