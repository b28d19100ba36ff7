"""By whose tariff one is paid back: a page of the way for the stays whose law gives the choice."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import circumstances
from escale.domain.claims.models import Claim
from escale.rules.reimbursement import Choice
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.journey import drafting, stage

_MEANINGS = {
    Choice.FRENCH: _(
        "Vous êtes remboursé comme pour des soins reçus en France. Nous calculons nous-mêmes le montant : "
        "c’est le plus rapide."
    ),
    Choice.STATE_OF_STAY: _(
        "Vous êtes remboursé comme une personne assurée dans le pays des soins. Nous demandons le montant à "
        "l’organisme de ce pays : la réponse peut prendre plusieurs mois, et nous ne pouvons pas l’estimer."
    ),
}


class TariffForm(Form):
    """The French tariff, or that of the State of stay."""

    choice = forms.ChoiceField(
        label=_("Selon quels tarifs voulez-vous être remboursé ?"),
        choices=[(one.value, one.label) for one in Choice],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez l’un des deux tarifs."),
            "invalid_choice": _("Choisissez l’un des deux tarifs."),
        },
    )

    @property
    def offers(self) -> list[tuple[Any, Any]]:
        """Each choice, with what it means."""
        radios: Any = self["choice"].subwidgets
        return [(radio, _MEANINGS[Choice(radio.data["value"])]) for radio in radios]


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
@drafting
def tariff(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Choose the tariff, where the law gives the choice; elsewhere the way goes on."""
    if request.method != "POST" and not circumstances.gives_choice(claim):
        return redirect("insured:bills", claim.number)
    form = TariffForm(request.POST if request.method == "POST" else None, initial={"choice": claim.choice})
    if form.is_bound and form.is_valid():
        try:
            claims.choose_tariff(claim=claim, choice=Choice(form.cleaned_data["choice"]), by=request.actor)
        except claims.Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            return redirect("insured:bills", claim.number)
    return render(request, "insured/tariff.html", {"claim": claim, "form": form, "stage": stage("tariff", claim)})
