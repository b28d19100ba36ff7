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
from escale.domain.payments.doubts import held_back
from escale.rules import transfer_sheet
from escale.rules.lifecycle import StepRefused
from escale.web.agents.batches import batch_asked_for
from escale.web.agents.door import look, order_asked_for
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


class TransmitForm(Form):
    """Under which reference the bank took a transfer."""

    bank_reference = forms.CharField(
        label=gettext_lazy("Référence donnée par la banque"),
        max_length=35,
        help_text=gettext_lazy("Celle que son outil affiche une fois le virement enregistré."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
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
    messages.success(request, _("Lot %s préparé : une seconde personne doit le signer.") % batch)
    return redirect("agents:batch", batch.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def transmit(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what to type in the bank's own tool, then note the reference that it gave."""
    batch = batch_asked_for(request, reference)
    form = TransmitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.transmit(batch=batch, by=request.actor, **form.cleaned_data)
            messages.success(request, _("C’est noté : le virement est à la banque."))
            return redirect("agents:batch", reference)
        except Unacceptable as fault:
            form.refuse(fault.errors)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("agents:batch", reference)
    if not batch.is_to_transmit or not batch.file_open_to(request.actor) or held_back(batch):
        return redirect("agents:batch", reference)
    order = batch.orders.select_related("account", "insured").get()
    look(request, order.insured, order, number=order.reference)
    context = {
        "batch": batch,
        "form": form,
        "lines": transfer_sheet.lines(payments.sheet(order, batch=batch.reference)),
    }
    return render(request, "agents/transmit.html", context)
