"""What the bank says and nothing here explains: one accountant says what it was, another confirms it."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.case import Unacceptable
from escale.domain.ledger import queries as of_ledger
from escale.domain.payments import actions as payments
from escale.domain.payments import queries as of_payments
from escale.domain.payments.actions.reconciling import SAID_SINCE
from escale.domain.payments.models import Discrepancy, PaymentOrder
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import Nature, Verdict
from escale.web import paging
from escale.web.agents.bank_returns import ACCOUNTANTS, SHOWN
from escale.web.agents.door import within
from escale.web.agents.reconciling_forms import ReconciliationForm
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(*ACCOUNTANTS)
def discrepancies(request: ActorRequest) -> HttpResponse:
    """Show what waits for this accountant, the oldest first and page by page; apart, what they explained themselves."""
    waiting = Discrepancy.objects.visible_to(request.actor).open()
    own, is_own = Q(proposed_by=request.actor.account), "miens" in request.GET
    found = waiting.filter(own) if is_own else waiting.exclude(own & Q(proposed_by__isnull=False))
    if after := paging.moment(request, "apres"):
        at, pk = after
        found = found.filter(Q(opened_at__gt=at) | Q(opened_at=at, pk__gt=pk))
    page = list(found.select_related("event__order", "event__file")[:SHOWN])
    last = paging.last(page, size=SHOWN)
    context = {
        "waiting": page,
        "after": f"{last.opened_at.isoformat()}_{last.pk}" if last else "",
        "is_own": is_own,
        "own": 0 if is_own else waiting.filter(own).count(),
    }
    return render(request, "agents/discrepancies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*ACCOUNTANTS)
def discrepancy(request: ActorRequest, pk: int) -> HttpResponse:
    """Show all that is known of what does not fit, and take down what it was."""
    shown = _asked_for(request, pk)
    typed = request.POST if request.method == "POST" else None
    form = ReconciliationForm(typed, natures=of_payments.natures_of(shown))
    if request.method == "POST" and form.is_valid():
        try:
            _explain(request, shown, form)
        except Unacceptable as refused:
            form.refuse(refused.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("agents:discrepancy", pk)
        else:
            return redirect("agents:discrepancies")
        shown = _asked_for(request, pk)
    context = {
        "discrepancy": shown,
        "event": shown.event,
        "entries": of_ledger.of_piece(shown.piece),
        "form": form,
        "steps": shown.steps_open_to(request.actor),
    }
    return render(request, "agents/discrepancy.html", context)


@require_POST
@wearing(*ACCOUNTANTS)
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm what another accountant found, or have it looked at anew."""
    shown = _asked_for(request, pk)
    try:
        if "revoir" in request.POST:
            payments.contest(discrepancy=shown, by=request.actor)
            messages.success(request, _("Écart à rapprocher de nouveau."))
        elif request.POST.get("lu") != shown.explanation:
            messages.error(request, SAID_SINCE)
        else:
            payments.reconcile(discrepancy=shown, by=request.actor)
            messages.success(request, _("Écart rapproché."))
    except StepRefused as refused:
        messages.error(request, str(refused))
    return redirect("agents:discrepancy", pk)


def _asked_for(request: ActorRequest, pk: int) -> Discrepancy:
    told = Discrepancy.objects.visible_to(request.actor).select_related("event__order", "event__batch", "event__file")
    return get_object_or_404(told.select_related("order", "proposed_by", "reconciled_by"), pk=pk)


def _explain(request: ActorRequest, shown: Discrepancy, form: ReconciliationForm) -> None:
    """Take down what it was; of an order that the accountant names, only where it may be seen."""
    typed = form.cleaned_data
    order = None
    if typed["reference"]:
        order = within(request, PaymentOrder).filter(reference=typed["reference"]).first()
        if order is None:
            raise Unacceptable({"reference": _("Aucun ordre n’a cette référence.")})
    verdict = Verdict(typed["verdict"])
    nature = Nature(typed["nature"]) if typed.get("nature") and verdict == Verdict.ENTRY else None
    payments.explain(
        discrepancy=shown,
        verdict=verdict,
        words=typed["words"],
        on=typed["on"],
        order=order,
        nature=nature,
        by=request.actor,
    )
    if shown.proposed_by_id:
        messages.success(request, _("Explication notée : un autre comptable doit la confirmer."))
    else:
        messages.success(request, _("Écart rapproché."))
