"""The accountant's counter: orders to approve or reject, batches for the bank."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.claims.models import Decision
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.gateways.bank import InvalidBatch
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import order_asked_for, within
from escale.web.agents.forms import RejectionForm, VisaForm
from escale.web.hats import ActorRequest, wearing

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def orders(request: ActorRequest) -> HttpResponse:
    """Show the orders that wait for the visa, and give it to those that were ticked."""
    form = VisaForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = list(form.cleaned_data["orders"])
        try:
            payments.visa(orders=given, by=request.actor)
            visaed = ngettext("%(n)d ordre visé.", "%(n)d ordres visés.", len(given)) % {"n": len(given)}
            messages.success(request, visaed)
            return redirect("agents:payments")
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
    mine = within(request, PaymentOrder, "ordered_by").to_approve()[:SHOWN]
    context = {
        "waiting": list(_with_steps(mine, actor=request.actor)),
        "form": form,
        "shown": SHOWN,
        "to_send": PaymentOrder.objects.to_send_by(request.actor).count(),
    }
    return render(request, "agents/payments.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def order(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what supports an order: the decision, the lines, the articles; no paper."""
    wanted = order_asked_for(request, reference)
    return render(request, "agents/order.html", {**_support(wanted), "steps": wanted.steps_open_to(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT)
def reject(request: ActorRequest, reference: str) -> HttpResponse:
    """Refuse the visa with a reason that goes back to the agent."""
    wanted = order_asked_for(request, reference)
    form = RejectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.reject(order=wanted, reason=form.cleaned_data["reason"], by=request.actor)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Visa refusé : la demande retourne au gestionnaire."))
        return redirect("agents:payments")
    context = {"order": wanted, "form": form, "steps": wanted.steps_open_to(request.actor)}
    return render(request, "agents/reject.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def batches(request: ActorRequest) -> HttpResponse:
    """Show the latest batches, and what became of each."""
    latest = Batch.objects.visible_to(request.actor).defer("content").order_by("-prepared_at", "-pk")[:SHOWN]
    return render(
        request,
        "agents/batches.html",
        {"batches": latest, "to_send": PaymentOrder.objects.to_send_by(request.actor).count()},
    )


@require_POST
@wearing(Role.ACCOUNTANT)
def prepare(request: ActorRequest) -> HttpResponse:
    """Write the orders that have the visa into one batch, which leaves for the bank."""
    try:
        batch = payments.prepare_batch(by=request.actor)
        messages.success(request, _("Lot %s préparé : il part vers la banque.") % batch)
    except payments.NothingToSend:
        messages.info(request, _("Aucun ordre visé n’attend d’être envoyé."))
    except InvalidBatch as invalid:
        messages.error(request, str(invalid))
    return redirect("agents:batches")


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def batch_file(request: ActorRequest, reference: str) -> HttpResponse:
    """Give the file of a batch, byte for byte as it goes to the bank."""
    batch = get_object_or_404(Batch.objects.visible_to(request.actor), reference=reference)
    name = f'attachment; filename="{batch.reference}.xml"'
    return HttpResponse(bytes(batch.content), content_type="application/xml", headers={"Content-Disposition": name})


def _with_steps(orders: Iterable[PaymentOrder], *, actor: Actor) -> Iterator[tuple[PaymentOrder, frozenset[str]]]:
    """Return with each order within reach what may be done of it: one's own, and another's, are asked once each."""
    known: dict[bool, frozenset[str]] = {}
    for one in orders:
        own = one.ordered_by_id == actor.signatory.pk
        if own not in known:
            known[own] = one.steps_open_to(actor)
        yield one, known[own]


def _support(wanted: PaymentOrder) -> dict[str, Any]:
    """Gather what the agent decided; an order whose visa was refused may have given way to another."""
    decision = Decision.objects.standing().select_related("claim", "by", "seconded_by").filter(order=wanted).first()
    if decision is None:
        return {"order": wanted, "claim": None}
    lines = queries.lines(decision.claim).filter(decision=decision)
    return {"order": wanted, "claim": decision.claim, "decision": decision, "lines": lines}
