"""What is kept from a family at the asking of whoever received the care: a paper, or the whole claim."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import SecrecyReason
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import asked_for
from escale.web.hats import ActorRequest, wearing

_TOLD = {
    "keep": _("C’est enregistré : la famille n’en lit que les dates et les montants."),
    "tell": _("C’est enregistré : la famille le lit à nouveau."),
}


class DiscretionForm(forms.Form):
    """What is kept or told again, and who asked for it."""

    paper = forms.IntegerField(required=False)
    reason = forms.ChoiceField(
        choices=[(reason.value, reason.label) for reason in SecrecyReason if reason != SecrecyReason.ACCOUNT]
    )
    act = forms.ChoiceField(choices=[("keep", ""), ("tell", "")])


@require_POST
@wearing(Role.AGENT)
def settle(request: ActorRequest, number: str) -> HttpResponse:
    """Keep something from the family, or tell it again."""
    return _settle(request, number, page="agents:case")


@require_POST
@wearing(Role.PHYSICIAN)
def settle_medical(request: ActorRequest, number: str) -> HttpResponse:
    """Do the same at the physicians' counter."""
    return _settle(request, number, page="agents:opinion")


def _settle(request: ActorRequest, number: str, *, page: str) -> HttpResponse:
    claim, form = asked_for(request, number), DiscretionForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        paper = queries.attachments(claim, actor=request.actor).filter(pk=said["paper"]).first()
        act = claims.keep_from_family if said["act"] == "keep" else claims.tell_family
        try:
            if said["paper"] and not paper:
                raise StepRefused("Cette pièce n’est pas de celles que vous pouvez regarder.")
            act(claim=claim, attachment=paper, reason=SecrecyReason(said["reason"]), by=request.actor)
            messages.success(request, _TOLD[said["act"]])
        except StepRefused as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, _("Dites ce qui est gardé de la famille, et qui l’a demandé."))
    return redirect(f"{reverse(page, args=[number])}#discretion")
