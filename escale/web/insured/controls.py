"""The control of a claim, as whoever is asked for the originals reads it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.claims import secrecy
from escale.domain.controls import actions as controls
from escale.domain.controls import queries
from escale.rules import recourse
from escale.rules.lifecycle import StepRefused
from escale.web.forms import AS_TYPED, Form
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.journey import own


class ProofForm(Form):
    """The number on the receipt of the post."""

    proof = forms.CharField(
        label=gettext_lazy("Numéro de suivi"),
        help_text=gettext_lazy("Sur le reçu de la poste ou du transporteur. Par exemple : 1A 234 567 8901 2."),
        max_length=60,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": gettext_lazy("Recopiez le numéro de suivi qui est sur le reçu de la poste.")},
    )


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: ActorRequest, number: str) -> HttpResponse:
    """Show which originals are asked for, where and until when, then what the control found; note that they left."""
    claim = own(request, number)
    control = queries.asked_of(claim, actor=request.actor)
    if control is None:
        raise Http404
    form = ProofForm(request.POST if request.method == "POST" else None, initial={"proof": control.proof})
    if form.is_bound and form.is_valid():
        try:
            controls.post(control=control, proof=form.cleaned_data["proof"], by=request.actor)
            messages.success(request, _("C’est noté. Gardez le reçu de la poste jusqu’à la fin du contrôle."))
            return redirect("insured:control", number)
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("insured:control", number)
    context = {
        "claim": claim,
        "control": control,
        "papers": control.papers.order_by("pk"),
        "veiled": secrecy.hides_nature(claim, reader=request.actor),
        "steps": control.steps_open_to(request.actor),
        "form": form,
        "late": queries.is_late(control),
        "months": queries.months_of_originals(claim),
        "fund": recourse.FUND,
    }
    return render(request, "insured/control.html", context)
