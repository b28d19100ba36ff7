"""How long the papers of a claim are kept: a control or an appeal prolongs it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim, HoldReason
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import asked_for
from escale.web.hats import ActorRequest, wearing


@require_POST
@wearing(Role.AGENT)
def hold(request: ActorRequest, number: str) -> HttpResponse:
    """Keep the papers of a claim as long as a control or an appeal is open."""
    claim = asked_for(request, number)
    reason = request.POST.get("reason", "")
    try:
        claims.hold(claim=claim, reason=HoldReason(reason), by=request.actor)
        messages.success(request, _("Les pièces sont gardées tant que vous ne levez pas cette prolongation."))
    except ValueError:
        messages.error(request, _("Dites pourquoi les pièces sont gardées : un contrôle ou un recours."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return _back_to(claim)


@require_POST
@wearing(Role.AGENT)
def release(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Say that a control or an appeal is over."""
    claim = asked_for(request, number)
    try:
        claims.release(hold=get_object_or_404(claim.holds, pk=pk), by=request.actor)
        messages.success(request, _("La prolongation est levée."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return _back_to(claim)


def _back_to(claim: Claim) -> HttpResponse:
    return redirect(f"{reverse('agents:case', args=[claim.number])}#keeping")
