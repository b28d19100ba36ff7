"""A payment that the Fund made, or that came back: why, in plain words, and what is to be done."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Decision
from escale.domain.payments import reissues
from escale.domain.payments.doubts import doubt
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import queries as registry
from escale.rules.bank_returns import Act
from escale.web.hats import ActorRequest, wearing


@wearing(Role.INSURED)
@require_safe
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show where one payment stands; one that came back says why, and asks for what is missing."""
    mine = PaymentOrder.objects.paid_to(request.actor).select_related("insured", "reissue")
    order = get_object_or_404(mine, reference=reference)
    context = {
        "order": order,
        "reissue": getattr(order, "reissue", None),
        "decision": Decision.objects.standing().select_related("claim").filter(order=order).first(),
    }
    if said := reissues.came_back(order):
        known = registry.bank_account(order.insured, on=timezone.localdate())
        context["reason"] = said.reason
        asks = said.reason.act == Act.OTHER_ACCOUNT
        context["still_due"] = said.reason.act != Act.PERSON and not doubt(order)
        context["asks"] = asks
        context["known"] = known if asks and known and known.iban != order.iban and not doubt(order) else None
    return render(request, "insured/payment.html", context)
