"""Where, why and when care was given, as an agent finds it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.actions import Grounds
from escale.domain.claims.models import Claim
from escale.rules import refusal, scope
from escale.rules.lifecycle import StepRefused
from escale.web import places
from escale.web.agents.door import asked_for
from escale.web.agents.screens import amounts
from escale.web.forms import StayFields, known_stay
from escale.web.hats import ActorRequest, wearing


class PlaceForm(StayFields):
    """A stay as the papers show it, and which do."""

    grounds = forms.ChoiceField(
        label=gettext_lazy("Ce qui le montre"),
        help_text=gettext_lazy("L’assuré le lira."),
        widget=forms.RadioSelect,
        choices=[(one.value, capfirst(one.label)) for one in Grounds],
        error_messages={"required": gettext_lazy("Choisissez ce qui montre le vrai séjour.")},
    )

    def __init__(self, *args: Any, claim: Claim, **options: Any) -> None:
        known = known_stay(claim)
        if queries.is_unplaced(claim):
            known["territory"] = ""
        super().__init__(*args, initial=known, **options)

    def typed(self) -> dict[str, Any]:
        return super().typed() | {"grounds": Grounds(self.cleaned_data["grounds"])}


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def settle(request: ActorRequest, number: str) -> HttpResponse:
    """Correct the stay of a claim, unless another fund is then competent."""
    claim = asked_for(request, number)
    form = PlaceForm(request.POST if request.method == "POST" else None, claim=claim)
    shown: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            lost = claims.settle_stay(claim=claim, by=request.actor, **form.typed())
        except claims.Redirected as redirected:
            place = scope.territory(form.cleaned_data["territory"], on=form.cleaned_data["stay_from"])
            why = refusal.elsewhere(place.zone, cause=form.stopping, on=timezone.localdate())
            shown = {"elsewhere": redirected.scope, "refusal": why}
        except claims.Unacceptable as unacceptable:
            form.refuse(unacceptable.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("agents:case", number)
        else:
            messages.success(request, _done(lost))
            return redirect("agents:case", number)
    lines = list(queries.lines(claim))
    shown |= {"claim": claim, "form": form, "names": places.names(), "steps": claim.steps_open_to(request.actor)}
    return render(request, "agents/place.html", shown | {"computed": len(lines) - amounts(lines)["left"]})


def _done(lost: int) -> str:
    again = ngettext("%(n)d ligne est à calculer de nouveau.", "%(n)d lignes sont à calculer de nouveau.", lost)
    return " ".join([_("Séjour enregistré."), *([again % {"n": lost}] if lost else [])])
