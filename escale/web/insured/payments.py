"""A payment that the Fund made, or that came back: why, in plain words, and what is to be done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Decision
from escale.domain.payments import reissues
from escale.domain.payments.accounts import payable_from, why_not_payable
from escale.domain.payments.doubts import doubt
from escale.domain.payments.lifecycle import BACK
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import queries as registry
from escale.domain.statements import queries as statements
from escale.rules import bank_returns
from escale.rules.bank_returns import Act
from escale.web.hats import ActorRequest, wearing


@wearing(Role.INSURED, oneself=True)
@require_safe
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show where one payment stands; one that came back says why, and asks for what is missing."""
    mine = PaymentOrder.objects.paid_to(request.actor).select_related("insured", "reissue")
    order = get_object_or_404(mine, reference=reference)
    context = {
        "order": order,
        "reissue": None if order.paid_on else getattr(order, "reissue", None),
        "told": order.paid_on or statements.kept_by([order]),
        "decision": Decision.objects.standing().select_related("claim").filter(order=order).first(),
    }
    if not order.has_left:
        context["waits"] = why_not_payable(order, today=timezone.localdate())
    if order.status in BACK:
        context |= _came_back(order)
    return render(request, "insured/payment.html", context)


def _came_back(order: PaymentOrder) -> dict[str, Any]:
    """Say why a payment came back, whether another account is asked, and whether one is known: no more than is sure."""
    today, said = timezone.localdate(), reissues.came_back(order)
    ours = reissues.came_back_without_fault(order)
    reason = said.reason if said else bank_returns.reason("", on=today, of_file=ours)
    asks, sure = reason.act == Act.OTHER_ACCOUNT, not doubt(order)
    known = registry.bank_account(order.insured, on=today)
    first = payable_from(known, today=today) if known else today
    return {
        "reason": reason,
        "asks": asks,
        "still_due": sure and reason.act != Act.PERSON,
        "known": known if asks and sure and known and known.legible_iban != order.legible_iban else None,
        "paid_from": first if first > today else None,
    }
