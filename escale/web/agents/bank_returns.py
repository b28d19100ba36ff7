"""What the bank sends back, at the accountants' counter: its files, what came back, what is to be reconciled."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.ledger import queries as of_ledger
from escale.domain.payments import actions as payments
from escale.domain.payments import queries as of_payments
from escale.domain.payments import reissues
from escale.domain.payments.doubts import doubt
from escale.domain.payments.models import BankEvent, BankFile, Discrepancy, PaymentOrder
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.agents.door import order_asked_for, within
from escale.web.agents.orders import with_steps
from escale.web.agents.reconciling_forms import ReissueForm
from escale.web.hats import ActorRequest, wearing

SHOWN = 100
ACCOUNTANTS = (Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)


@require_safe
@wearing(*ACCOUNTANTS)
def files(request: ActorRequest) -> HttpResponse:
    """Show what waits for somebody, then the files of the bank, latest first, page by page."""
    received, before = BankFile.objects.visible_to(request.actor), paging.moment(request, "avant")
    if before:
        at, pk = before
        received = received.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    page = list(received.order_by("-received_at", "-pk")[:SHOWN])
    last = paging.last(page, size=SHOWN)
    came_back = within(request, PaymentOrder).came_back().select_related("account").order_by("pk")[:SHOWN]
    context = {
        "files": page,
        "older": f"{last.received_at.isoformat()}_{last.pk}" if last else "",
        "came_back": list(with_steps(came_back, actor=request.actor)),
        "discrepancies": Discrepancy.objects.visible_to(request.actor).open().count(),
    }
    return render(request, "agents/bank_files.html", context)


@require_safe
@wearing(*ACCOUNTANTS)
def file(request: ActorRequest, pk: int) -> HttpResponse:
    """Show what one file told, fact by fact."""
    shown = get_object_or_404(BankFile.objects.visible_to(request.actor), pk=pk)
    events = (
        BankEvent.objects.visible_to(request.actor).filter(file=shown).select_related("order", "batch", "discrepancy")
    )
    page = list(events.filter(place__gt=paging.key(request, "apres") or 0).order_by("place")[:SHOWN])
    return render(
        request, "agents/bank_file.html", {"file": shown, "events": page, "last": paging.last(page, size=SHOWN)}
    )


@require_POST
@wearing(Role.ACCOUNTANT)
def reissue(request: ActorRequest, reference: str) -> HttpResponse:
    """Order again what came back, to the account known today."""
    came_back = order_asked_for(request, reference)
    try:
        again = payments.reissue(order=came_back, by=request.actor, reason=request.POST.get("reason", "")[:300])
    except (StepRefused, Unacceptable) as refused:
        messages.error(request, str(refused))
        return redirect("agents:order", reference)
    messages.success(request, _("Ordre %s à viser.") % again)
    return redirect("agents:order", again.reference)


def told_of_payment(order: PaymentOrder, actor: Actor) -> QuerySet[BankEvent]:
    """Return what the bank told of an order, by itself or within its batch, oldest first."""
    about = Q(order=order) | Q(order=None, batch=order.batch_id, batch__isnull=False) | Q(discrepancy__order=order)
    return (
        BankEvent.objects.visible_to(actor).filter(about).select_related("file", "batch", "discrepancy").order_by("pk")
    )


def told_of(order: PaymentOrder, actor: Actor) -> dict[str, Any]:
    """Return what the bank told of an order, by which other it is replaced, and why not yet, for its page."""
    replaced_by = getattr(order, "reissue", None)
    came_back = order.is_back and replaced_by is None
    today = timezone.localdate()
    return {
        "events": told_of_payment(order, actor),
        "entries": of_ledger.of_pieces(of_payments.pieces_of(order)),
        "reissue": replaced_by,
        "came_back": came_back,
        "doubt": doubt(order),
        "held_back": reissues.why_not_reissued(order, today=today) if came_back else "",
        "reason_form": ReissueForm() if came_back and reissues.wants_a_person(order, on=today) else None,
    }
