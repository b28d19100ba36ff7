"""What is asked of the debts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Claim, ClaimLine, Decision
from escale.domain.debts.lifecycle import OVER, Status
from escale.domain.debts.models import Debt, DebtLine
from escale.domain.payments.lifecycle import BatchStatus
from escale.rules import overpayment, retention
from escale.rules.deadlines import Residence
from escale.rules.overpayment import Rectification

PAGE = 50
_SETTLED_OTHERWISE = [Status.DROPPED, Status.CANCELLED]


def paid(claim: Claim) -> QuerySet[Decision]:
    """Return the decisions of a claim whose payment left for the bank, latest first."""
    return (
        claim.decisions.filter(order__batch__status=BatchStatus.SENT)
        .select_related("order__batch")
        .defer("order__batch__content")
        .order_by("-pk")
    )


def claimable(decision: Decision) -> "QuerySet[ClaimLine, Any]":
    """Return the lines that a decision paid; `left` is what no debt claims back yet of what was paid for each."""
    claimed = DebtLine.objects.filter(line=OuterRef("pk")).exclude(debt__status__in=_SETTLED_OTHERWISE)
    already = claimed.order_by().values("line").annotate(sum=Sum("amount")).values("sum")
    left = Coalesce(Subquery(already), Decimal(0))
    return decision.lines.filter(due__gt=0).annotate(claimed=left).select_related("bill").order_by("bill_id", "pk")


def rectification(debt: Debt) -> Rectification | None:
    """Return what was asked to be rectified, and when it was answered, as the law reads it."""
    return Rectification(debt.contested_on, debt.answered_on) if debt.contested_on else None


def rectifiable_until(debt: Debt) -> date | None:
    """Return the last day to ask for a rectification; None while nobody knows that the notification was received."""
    return overpayment.rectifiable_until(debt.received_on) if debt.received_on else None


def recoverable_from(debt: Debt) -> date | None:
    """Return the first day on which the Fund may help itself; None while the notification was not received."""
    return overpayment.recoverable_from(debt.received_on, rectification(debt)) if debt.received_on else None


def appealable_until(debt: Debt) -> date | None:
    """Return the last day to bring a debt before the commission; None while the notification was not received."""
    if debt.received_on is None:
        return None
    return overpayment.appealable_until(debt.received_on, Residence(debt.insured.residence), rectification(debt))


def waits(debt: Debt) -> bool:
    """Tell whether the Fund has to wait before it helps itself, calls or constrains."""
    start = recoverable_from(debt)
    return start is None or timezone.localdate() < start


def abandonable(debt: Debt) -> bool:
    """Tell whether what is left is so small that it may be abandoned (CSS, art. D. 133-2)."""
    return debt.left < overpayment.abandonable_under(on=timezone.localdate())


def of_claim(claim: Claim, *, actor: Actor) -> QuerySet[Debt]:
    """Return the debts that this actor sees about a claim, latest first."""
    return Debt.objects.visible_to(actor).filter(decision__claim=claim).order_by("-pk")


def owed(*, actor: Actor) -> QuerySet[Debt]:
    """Return what this person is asked to pay back, oldest first."""
    return Debt.objects.visible_to(actor).going_on().select_related("decision__claim").order_by("pk")


def queue(*, actor: Actor, after: int = 0) -> QuerySet[Debt]:
    """Return a page of the debts that go on, oldest first, after one of them."""
    going = Debt.objects.within_reach_of(actor).going_on().filter(pk__gt=after).saying_if_shut_to(actor)
    return going.select_related("decision__claim").order_by("pk")[:PAGE]


def unanswered(*, today: date) -> list[Debt]:
    """Return the debts whose rectification silence has refused."""
    asked = Debt.objects.filter(status=Status.CONTESTED, contested_on__lt=today).order_by("contested_on", "pk")
    return [debt for debt in asked if debt.contested_on and overpayment.silent_on(debt.contested_on) < today]


def had_their_time(*, today: date) -> QuerySet[Debt]:
    """Return the debts that ended long enough ago to be forgotten."""
    return Debt.objects.filter(
        status__in=sorted(OVER), ended_at__date__lte=retention.ended_before(retention.Kept.DEBT, today=today)
    ).order_by("pk")
