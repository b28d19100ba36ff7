"""What the bank sends back, at the accountants' counter: its files, what came back, what is to be reconciled."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.payments import actions as payments
from escale.domain.payments import queries
from escale.domain.payments.lifecycle import BACK
from escale.domain.payments.models import BankEvent, BankFile, Discrepancy, PaymentOrder
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.agents.door import order_asked_for, within
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing

SHOWN = 100
ACCOUNTANTS = (Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)


class ReconciliationForm(Form):
    """What a fact of the bank was, in the accountant's words."""

    words = forms.CharField(
        label=gettext_lazy("Ce que vous avez trouvé"),
        help_text=gettext_lazy("Ce que la banque a répondu, ce qui a été fait, et la pièce qui le prouve."),
        max_length=300,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Dites ce que vous avez trouvé, et ce qui a été fait.")},
    )


@require_safe
@wearing(*ACCOUNTANTS)
def files(request: ActorRequest) -> HttpResponse:
    """Show what waits for somebody, then the latest files of the bank."""
    came_back = within(request, PaymentOrder).came_back().order_by("pk")[:SHOWN]
    context = {
        "files": BankFile.objects.visible_to(request.actor).order_by("-received_at", "-pk")[:SHOWN],
        "came_back": [(order, order.steps_open_to(request.actor)) for order in came_back],
        "discrepancies": Discrepancy.objects.visible_to(request.actor).open().count(),
    }
    return render(request, "agents/bank_files.html", context)


@require_safe
@wearing(*ACCOUNTANTS)
def file(request: ActorRequest, pk: int) -> HttpResponse:
    """Show what one file told, fact by fact."""
    shown = get_object_or_404(BankFile.objects.visible_to(request.actor), pk=pk)
    events = BankEvent.objects.visible_to(request.actor).filter(file=shown).select_related("order", "batch")
    page = list(events.filter(place__gt=paging.key(request, "apres") or 0).order_by("place")[:SHOWN])
    return render(
        request, "agents/bank_file.html", {"file": shown, "events": page, "last": paging.last(page, size=SHOWN)}
    )


@require_safe
@wearing(*ACCOUNTANTS)
def discrepancies(request: ActorRequest) -> HttpResponse:
    """Show what nobody has explained yet, the oldest first."""
    waiting = Discrepancy.objects.visible_to(request.actor).open().select_related("event__order", "event__file")
    return render(request, "agents/discrepancies.html", {"waiting": waiting[:SHOWN], "shown": SHOWN})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*ACCOUNTANTS)
def discrepancy(request: ActorRequest, pk: int) -> HttpResponse:
    """Show all that is known of what does not fit, and take down what it was."""
    told = Discrepancy.objects.visible_to(request.actor).select_related("event__order", "event__batch", "event__file")
    shown = get_object_or_404(told.select_related("reconciled_by"), pk=pk)
    form = ReconciliationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.reconcile(discrepancy=shown, words=form.cleaned_data["words"], by=request.actor)
        except Unacceptable as refused:
            form.refuse(refused.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("agents:discrepancy", pk)
        else:
            messages.success(request, _("Écart rapproché."))
            return redirect("agents:discrepancies")
    context = {"discrepancy": shown, "event": shown.event, "form": form, "steps": shown.steps_open_to(request.actor)}
    return render(request, "agents/discrepancy.html", context)


@require_POST
@wearing(Role.ACCOUNTANT)
def reissue(request: ActorRequest, reference: str) -> HttpResponse:
    """Order again what came back, to the account known today."""
    came_back = order_asked_for(request, reference)
    try:
        again = payments.reissue(order=came_back, by=request.actor)
    except (StepRefused, payments.NotPayable) as refused:
        messages.error(request, str(refused))
        return redirect("agents:order", reference)
    messages.success(request, _("Ordre %s à viser.") % again)
    return redirect("agents:order", again.reference)


def told_of(order: PaymentOrder, actor: Actor) -> dict[str, Any]:
    """Return what the bank told of an order, by which other it is replaced, and why not yet, for its page."""
    replaced_by = PaymentOrder.objects.filter(replaces=order).first()
    came_back = order.status in BACK and replaced_by is None
    return {
        "events": order.bank_events.visible_to(actor).select_related("file").order_by("pk"),
        "reissue": replaced_by,
        "held_back": queries.why_not_reissued(order, today=timezone.localdate()) if came_back else "",
    }
