"""What is asked of the signs and of the controls."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import queries as claims
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, Decision
from escale.domain.controls.lifecycle import ControlStatus, SignalStatus
from escale.domain.controls.models import ERRORS, Control, Draw, DrawnFrom, LineTrace, Lot, Outcome, Signal, Stratum
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.payments.lifecycle import OrderStatus
from escale.rules import deadlines, parameters, retention, sampling
from escale.rules.doubles import Kind, Weight
from escale.rules.sampling import Estimate, Unit

PAGE = 50
COMPARED_AFTER = ("claim.receive", "claim.settle_stay", "claim.assess", "claim.propose")
LATE = "late"
"""Not a status: asked for, and the delay is over."""
_BY_WEIGHT = Case(*(When(weight=one.value, then=rank) for rank, one in enumerate(Weight)))
_YEAR = timedelta(days=365)
_BANDS = ("low", "middle", "high")


class Precision(NamedTuple):
    """What the signs of one kind were worth, of those that somebody looked at in the last year."""

    kind: str
    label: str
    raised: int
    confirmed: int
    harmless: int
    unclear: int

    @property
    def settled(self) -> int:
        return self.confirmed + self.harmless + self.unclear

    @property
    def share(self) -> Decimal | None:
        """The percentage that was confirmed; None where nobody has looked at any."""
        return (100 * Decimal(self.confirmed) / self.settled).quantize(Decimal(1)) if self.settled else None


class Found(NamedTuple):
    """What the controls of a draw found in one group."""

    stratum: str
    size: int
    drawn: int
    estimate: Estimate


def of_claim(claim: Claim, *, actor: Actor) -> QuerySet[Signal]:
    """Return the signs seen on a claim, or on another because of it, the strongest to look at first (1 query)."""
    seen = Signal.objects.visible_to(actor).saying_if_other_is_seen(actor).filter(Q(claim=claim) | Q(other=claim))
    with_papers = seen.select_related("claim", "other", "paper__document", "other_paper__document", "settled_by")
    return with_papers.order_by(F("settled_at").asc(nulls_first=True), _BY_WEIGHT, "pk")


def has_signals(claim: Claim) -> bool:
    """Tell whether a sign was ever seen on a claim, or on another because of it: most have none (1 small query)."""
    return Signal.objects.filter(Q(claim=claim) | Q(other=claim)).exists()


def to_see_first(claim: Claim, *, actor: Actor) -> list[Signal]:
    """Return the strong signs on a claim that nobody has looked at, before it is decided (1 query)."""
    strong = of_claim(claim, actor=actor).filter(weight=Weight.STRONG.value, status=SignalStatus.RAISED)
    return list(strong)


def is_compared(claim: Claim, *, lines: int) -> bool:
    """Tell whether a claim of so many lines was compared with the others since it changed last (1 query)."""
    last = Coalesce(Subquery(_changes(claim).order_by("-pk").values("pk")[:1]), 0)
    return LineTrace.objects.filter(claim=claim, compared_up_to__gte=last).count() >= lines


def last_change(claim: Claim) -> int:
    """Return the key of the last entry after which a claim is to be compared anew; 0 if there is none."""
    entry = _changes(claim).last()
    return entry.pk if entry else 0


def _changes(claim: Claim) -> QuerySet[Entry]:
    return journal.of(name_of(claim)).filter(event__in=COMPARED_AFTER)


def signals(
    *, actor: Actor, kind: str = "", status: str = "", before: int | None = None, most: int | None = PAGE
) -> QuerySet[Signal]:
    """Return the signs that this actor may see, the latest first, before this one (1 query)."""
    seen = (
        Signal.objects.visible_to(actor).saying_if_other_is_seen(actor).select_related("claim", "other", "settled_by")
    )
    for name, wanted in (("kind", kind), ("status", status)):
        seen = seen.filter(**{name: wanted}) if wanted else seen
    seen = seen.filter(pk__lt=before) if before else seen
    return seen.order_by("-pk")[:most] if most else seen.order_by("-pk")


def precision() -> list[Precision]:
    """Return, kind by kind, what the signs of the last year were worth (2 queries)."""
    settled = Signal.objects.filter(settled_at__gte=timezone.now() - _YEAR).exclude(status=SignalStatus.RAISED)
    counted = {(kind, status): n for kind, status, n in _counts(settled)}
    waiting = {kind: n for kind, _status, n in _counts(Signal.objects.filter(status=SignalStatus.RAISED))}
    worth = (SignalStatus.CONFIRMED, SignalStatus.HARMLESS, SignalStatus.UNCLEAR)
    return [
        Precision(kind, kind.label, waiting.get(kind, 0), *(counted.get((kind, status), 0) for status in worth))
        for kind in Kind
    ]


def _counts(rows: QuerySet[Signal]) -> Iterable[tuple[str, str, int]]:
    return rows.order_by().values_list("kind", "status").annotate(n=Count("pk"))


def paid(claim: Claim) -> tuple[date, Decimal] | None:
    """Return when a claim was paid for the last time and how much in all; None if it was not (1 query)."""
    found = _payments().filter(claim=claim).aggregate(on=Max("order__paid_on"), total=Sum("order__amount"))
    return (found["on"], found["total"]) if found["on"] else None


def _payments() -> QuerySet[Decision]:
    return Decision.objects.filter(order__status=OrderStatus.EXECUTED)


def may_be_controlled(claim: Claim) -> bool:
    """Tell whether the originals of a claim may be asked for: it was paid less than 48 months ago."""
    was = paid(claim)
    if was is None or claim.status != Status.PROCESSED or claim.papers_destroyed_at:
        return False
    return timezone.localdate() <= deadlines.originals_until(was[0])


def months_of_originals(claim: Claim) -> int:
    """Return for how many months the originals of a claim are kept, and may be asked for."""
    was = paid(claim)
    return int(parameters.value("originals_months", on=was[0] if was else timezone.localdate()))


def asked_of(claim: Claim, *, actor: Actor) -> Control | None:
    """Return the last control of a claim that its owner was told of, if there is one."""
    return Control.objects.visible_to(actor).filter(claim=claim).order_by("-pk").first()


def standing(claim: Claim, *, actor: Actor) -> QuerySet[Control]:
    """Return the control of a claim that goes on, if this actor may see it."""
    return Control.objects.visible_to(actor).standing().filter(claim=claim).order_by("pk")


def controls(*, actor: Actor, status: str = "", before: int | None = None) -> QuerySet[Control]:
    """Return the controls that this actor may see, the latest first, before this one (1 query)."""
    seen = Control.objects.visible_to(actor).select_related("claim__insured", "draw")
    if status == LATE:
        seen = seen.filter(pk__in=late().order_by().values("pk"))
    else:
        seen = seen.filter(status=status) if status else seen.standing()
    return (seen.filter(pk__lt=before) if before else seen).order_by("-pk")[:PAGE]


def listed(draw: Draw) -> list[tuple[Claim, str]]:
    """Return the claims paid in the days of a draw with their groups; none that is being controlled (5 queries)."""
    within = _payments().filter(order__paid_on__gte=draw.paid_from)
    within = within.filter(order__paid_on__lt=draw.paid_until)
    totals = dict(within.order_by().values_list("claim").annotate(total=Sum("order__amount")))
    claims_ = Claim.objects.filter(pk__in=totals, status=Status.PROCESSED, papers_destroyed_at=None)
    claims_ = claims_.exclude(pk__in=Control.objects.standing().values("claim")).order_by("pk")
    busy = _claims_of_the_busy(draw, totals) if Stratum.PROVIDER in draw.strata else set()
    return [(claim, _stratum(claim, totals[claim.pk], busy, draw)) for claim in claims_]


def _claims_of_the_busy(draw: Draw, totals: dict[int, Decimal]) -> set[int]:
    """Return the claims of which a provider treats many insured persons."""
    most = parameters.value("double_crowd_people", on=draw.paid_from)
    earliest = _payments().filter(claim__in=totals).aggregate(on=Min("claim__traces__given_on"))["on"] or draw.paid_from
    seen = LineTrace.objects.filter(given_on__gte=earliest, given_on__lt=draw.paid_until).values("provider")
    busy = seen.annotate(people=Count("insured", distinct=True)).filter(people__gte=int(most)).values("provider")
    return set(LineTrace.objects.filter(claim__in=totals, provider__in=busy).values_list("claim", flat=True))


def _stratum(claim: Claim, total: Decimal, busy: set[int], draw: Draw) -> str:
    parts = {
        Stratum.ZONE: claims.place(claim).zone.value,
        Stratum.AMOUNT: _band(total, on=draw.paid_from),
        Stratum.PROVIDER: "busy" if claim.pk in busy else "other",
    }
    return "/".join(parts[Stratum(name)] for name in draw.strata) or "all"


def _band(total: Decimal, *, on: date) -> str:
    cuts = [parameters.value(name, on=on) for name in ("control_amount_low", "control_amount_high")]
    return _BANDS[sum(total >= cut for cut in cuts)]


def found(draw: Draw) -> tuple[list[Found], Estimate]:
    """Return what the controls of a draw found, group by group and in all, with its uncertainty (1 query)."""
    checked = Q(outcome__gt="") & ~Q(outcome="withdrawn")
    rows = (
        draw.controls.order_by("stratum")
        .values("stratum")
        .annotate(
            drawn=Count("pk"), checked=Count("pk", filter=checked), errors=Count("pk", filter=Q(outcome__in=ERRORS))
        )
    )
    by_stratum = {row["stratum"]: row for row in rows}
    none = {"drawn": 0, "checked": 0, "errors": 0}
    groups = [
        Found(stratum, size, row["drawn"], sampling.estimate(checked=row["checked"], errors=row["errors"]))
        for stratum, size in sorted(draw.sizes.items())
        for row in [by_stratum.get(stratum, none)]
    ]
    every = {one.stratum: (one.size, one.estimate.checked, one.estimate.errors) for one in groups}
    return groups, sampling.overall(every)


def units(draw: Draw) -> list[Unit]:
    """Return the list of a draw as it stood before the lot: whoever has it and the seed finds the same sample."""
    rows = DrawnFrom.objects.filter(draw=draw).order_by("claim__number").annotate(number=F("claim__number"))
    return [Unit(number, stratum) for number, stratum in rows.values_list("number", "stratum")]


def is_late(control: Control) -> bool:
    """Tell whether the originals are still not there although the delay is over."""
    late = control.answer_by and control.answer_by < timezone.localdate()
    return control.status == ControlStatus.ASKED and bool(late)


def may_give_up(control: Control) -> bool:
    """Tell whether the originals may be noted as not received: what was posted has had the time to come."""
    if not (is_late(control) and control.proof):
        return is_late(control)
    since = max(filter(None, (control.answer_by, control.posted_on)))
    return timezone.localdate() > since + _grace(since)


def _grace(on: date) -> timedelta:
    return timedelta(days=int(parameters.value("control_post_days", on=on)))


def steps(control: Control, *, actor: Actor) -> frozenset[str]:
    """Return the steps that this actor may take now: those of the table that what came and what did not allow."""
    shut = set()
    if not may_give_up(control):
        shut.add("give_up")
    if control.status == ControlStatus.COMPARED and control.outcome != Outcome.NOT_RECEIVED:
        shut.add("receive")
    return control.steps_open_to(actor) - shut


def late() -> QuerySet[Control]:
    """Return the controls of which the delay is over, those waited for longest first."""
    waited = Control.objects.filter(status=ControlStatus.ASKED, answer_by__lt=timezone.localdate())
    return waited.order_by("answer_by", "pk")


def to_open(draw: Draw) -> QuerySet[DrawnFrom]:
    """Return the claims drawn of which the control is not open yet."""
    return draw.listed.filter(lot=Lot.DRAWN).select_related("claim__insured", "draw__drawn_by").order_by("pk")


def progress(draw: Draw) -> dict[str, int]:
    """Return how many claims drawn are waiting, controlled, or passed over (1 query)."""
    counted = draw.listed.exclude(lot="").order_by().values_list("lot").annotate(n=Count("pk"))
    return dict.fromkeys(Lot.values, 0) | dict(counted)


def controls_over(*, today: date) -> QuerySet[Control]:
    """Return the controls that ended long enough ago to be forgotten."""
    last = retention.ended_before(retention.Kept.CONTROL, today=today)
    return Control.objects.filter(status=ControlStatus.CLOSED, closed_at__date__lte=last).order_by("pk")


def draws_over(*, today: date) -> QuerySet[Draw]:
    """Return the draws of which it is time to forget the list: none of their controls is kept any more."""
    last = retention.ended_before(retention.Kept.DRAW, today=today)
    old = Q(drawn_at__date__lte=last) | Q(drawn_at=None, announced_at__date__lte=last)
    return Draw.objects.filter(old).exclude(Exists(Control.objects.filter(draw=OuterRef("pk")))).order_by("pk")


def signals_over(*, today: date) -> QuerySet[Signal]:
    """Return the signs settled, or left, long enough ago to be forgotten."""
    last = retention.ended_before(retention.Kept.SIGNAL, today=today)
    old = Q(settled_at__date__lte=last) | Q(status=SignalStatus.RAISED, raised_at__date__lte=last)
    return Signal.objects.filter(old).order_by("pk")
