"""The transfers that no file of SEPA can ask for: prepared from an order, signed as a batch, then typed at the bank."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.payments import actions as payments
from escale.rules.lifecycle import StepRefused
from escale.web.agents.batches import batch_asked_for
from escale.web.agents.door import look, order_asked_for
from escale.web.forms import AS_TYPED, Form
from escale.web.hats import ActorRequest, wearing


class ReferenceForm(Form):
    """Under which reference the bank took a transfer made by hand."""

    bank_reference = forms.CharField(
        label=gettext_lazy("Référence donnée par la banque"),
        max_length=35,
        help_text=gettext_lazy("Celle que son outil affiche une fois le virement enregistré."),
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": gettext_lazy("Écrivez la référence que la banque a donnée.")},
    )


@require_POST
@wearing(Role.ACCOUNTANT)
def prepare(request: ActorRequest, reference: str) -> HttpResponse:
    """Write the sheet of a transfer to make by hand, which another person signs."""
    wanted = order_asked_for(request, reference)
    try:
        batch = payments.prepare_by_hand(order=wanted, by=request.actor)
    except payments.NothingToSend:
        messages.info(request, _("Cet ordre n’attend pas d’être viré à la main."))
        return redirect("agents:order", reference)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("agents:order", reference)
    messages.success(request, _("Lot %s préparé : une seconde personne doit le signer.") % batch)
    return redirect("agents:batch", batch.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def make(request: ActorRequest, reference: str) -> HttpResponse:
    """Take the sheet of a transfer, show it to whoever took it, and note the reference that the bank gave."""
    batch = batch_asked_for(request, reference)
    form = ReferenceForm(request.POST if "bank_reference" in request.POST else None)
    try:
        if form.is_bound and form.is_valid():
            payments.note_reference(batch=batch, by=request.actor, **form.cleaned_data)
            messages.success(request, _("C’est noté : le relevé de la banque dira la suite."))
            return redirect("agents:batch", reference)
        if request.method == "POST" and not form.is_bound:
            payments.make(batch=batch, by=request.actor)
            return redirect("agents:make_by_hand", reference)
    except Unacceptable as fault:
        form.refuse(fault.errors)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("agents:batch", reference)
    if not batch.by_hand or not batch.file_open_to(request.actor):
        return redirect("agents:batch", reference)
    order = batch.orders.select_related("insured").get()
    look(request, order.insured, order, number=order.reference)
    context = {"batch": batch, "form": form, "lines": payments.lines_of(batch)}
    return render(request, "agents/make_by_hand.html", context)


@require_POST
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def give_up(request: ActorRequest, reference: str) -> HttpResponse:
    """Say that the bank did not take a transfer made by hand, once this was checked there."""
    batch = batch_asked_for(request, reference)
    try:
        if "checked" not in request.POST:
            messages.error(request, _("Vérifiez d’abord dans l’outil de la banque, puis cochez la case."))
        else:
            payments.give_up_by_hand(batch=batch, by=request.actor)
            messages.success(request, _("C’est noté : la somme reste due, dans « Retours de la banque »."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:batch", reference)
