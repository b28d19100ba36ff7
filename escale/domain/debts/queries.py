"""What is asked of the debts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, TextChoices
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Claim, ClaimLine, Decision
from escale.domain.debts.lifecycle import OVER, Status
from escale.domain.debts.models import Debt, DebtLine
from escale.domain.payments.lifecycle import OrderStatus
from escale.rules import overpayment, retention
from escale.rules.deadlines import Residence
from escale.rules.overpayment import Rectification

PAGE = 50


class View(TextChoices):
    """Which debts the Fund lists."""

    GOING_ON = "en-cours", _("En cours")
    BROKEN = "echeance-manquee", _("Échéance manquée")
    NOT_PAID = "paiement-revenu", _("Paiement revenu")
    TO_GIVE_BACK = "a-rendre", _("Sommes à rendre")


_SETTLED_OTHERWISE = [Status.DROPPED, Status.CANCELLED]


def paid(claim: Claim) -> QuerySet[Decision]:
    """Return the decisions of a claim that the bank has paid, latest first."""
    return claim.decisions.filter(order__status=OrderStatus.EXECUTED).select_related("order").order_by("-pk")


def claimable(decision: Decision) -> "QuerySet[ClaimLine, Any]":
    """Return the lines that a decision paid, with what it `paid` of each, and what is `claimed` of that already."""
    claimed = DebtLine.objects.filter(line=OuterRef("pk"), debt__decision=decision)
    claimed = claimed.exclude(debt__status__in=_SETTLED_OTHERWISE)
    already = claimed.order_by().values("line").annotate(sum=Sum("amount")).values("sum")
    lines = ClaimLine.objects.filter(awards__decision=decision, awards__amount__gt=0)
    told = lines.annotate(paid=F("awards__amount"), claimed=Coalesce(Subquery(already), Decimal(0)))
    return told.select_related("bill").order_by("bill_id", "pk")


def next_reference(claim: Claim) -> str:
    """Return the number of the next debt of a claim: above the highest, and never that of another."""
    known = Debt.objects.filter(decision__claim=claim).values_list("reference", flat=True)
    highest = max((int(reference.rpartition("-I")[2]) for reference in known), default=0)
    return f"{claim.number}-I{highest + 1}"


def came_back(debt: Debt) -> bool:
    """Tell whether the bank gave back what is claimed, which is not over."""
    return Debt.objects.of_what_came_back().filter(pk=debt.pk).exists()


def missed(debt: Debt) -> bool:
    """Tell whether a plan is not kept: more is left than its instalments to come."""
    return Debt.objects.broken(today=timezone.localdate()).filter(pk=debt.pk).exists()


def rectification(debt: Debt) -> Rectification | None:
    """Return what was asked to be rectified, and when it was answered, as the law reads it."""
    if debt.contested_on is None:
        return None
    return Rectification(debt.contested_on, debt.answered_on, debt.answer_received_on)


def rectifiable_until(debt: Debt) -> date | None:
    """Return the last day to ask for a rectification; None while nobody knows that the notification was received."""
    return overpayment.rectifiable_until(debt.received_on) if debt.received_on else None


def recoverable_from(debt: Debt) -> date | None:
    """Return the first day on which the Fund may help itself; None while its last letter was not received."""
    return overpayment.recoverable_from(debt.received_on, rectification(debt)) if debt.received_on else None


def appealable_until(debt: Debt) -> date | None:
    """Return the last day to bring a debt before the commission; None while its last letter was not received."""
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


def queue(*, actor: Actor, view: View = View.GOING_ON, after: int | None = None) -> QuerySet[Debt]:
    """Return a page of the debts of a view, oldest first, after one of them."""
    debts = Debt.objects.within_reach_of(actor).filter(pk__gt=after or 0).saying_if_shut_to(actor)
    match view:
        case View.GOING_ON:
            debts = debts.going_on()
        case View.BROKEN:
            debts = debts.broken(today=timezone.localdate())
        case View.NOT_PAID:
            debts = debts.of_what_came_back()
        case View.TO_GIVE_BACK:
            debts = debts.filter(surplus__gt=0)
    return debts.select_related("decision__claim").order_by("pk")[:PAGE]


def unanswered(*, today: date) -> list[Debt]:
    """Return the debts whose rectification silence has refused."""
    asked = Debt.objects.filter(status=Status.CONTESTED, contested_on__lt=today).order_by("contested_on", "pk")
    return [debt for debt in asked if debt.contested_on and overpayment.silent_on(debt.contested_on) < today]


def had_their_time(*, today: date) -> QuerySet[Debt]:
    """Return the debts that ended long enough ago to be forgotten, with nothing to give back."""
    return Debt.objects.filter(
        status__in=sorted(OVER), surplus=0, ended_at__date__lte=retention.ended_before(retention.Kept.DEBT, today=today)
    ).order_by("pk")
