"""A claim in one pair of hands: the next one, one by its number, given back, and the sign that one is still there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.desk import actions as desk
from escale.web.hats import ActorRequest, wearing


@require_POST
@wearing(Role.AGENT)
def take_next(request: ActorRequest) -> HttpResponse:
    """Give the agent the next claim of the queue."""
    claim = desk.take_next(by=request.actor)
    if claim is None:
        messages.info(request, _("Rien de plus à prendre dans vos compétences : ouvrez une demande de la file."))
        return redirect("agents:queue")
    return redirect("agents:case", claim.number)


@require_POST
@wearing(Role.AGENT)
def give_back(request: ActorRequest, number: str) -> HttpResponse:
    """Put a claim back in the queue."""
    claim = get_object_or_404(Claim.objects.within_reach_of(request.actor), number=number)
    desk.give_back(claim=claim, by=request.actor)
    messages.success(request, _("Demande %s rendue : elle est à nouveau dans la file.") % number)
    return redirect("agents:queue")


@require_POST
@wearing(Role.AGENT)
def stay(request: ActorRequest, number: str) -> HttpResponse:
    """Note that the agent still reads a claim that they have open; the page says so while it is used."""
    claim = get_object_or_404(Claim.objects.visible_to(request.actor), number=number)
    desk.arrive(claim=claim, by=request.actor)
    return HttpResponse(status=204)
