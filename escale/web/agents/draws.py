"""The draws by lot among what was paid: announced, drawn with a published seed, told with their uncertainty."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.controls import actions as controls
from escale.domain.controls import explaining, queries
from escale.domain.controls.models import Draw
from escale.rules.lifecycle import StepRefused
from escale.web import tables
from escale.web.agents.control_forms import DrawForm
from escale.web.hats import ActorRequest, wearing

_LATEST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def listing(request: ActorRequest) -> HttpResponse:
    """Show the draws, and announce another."""
    form = DrawForm(request.POST if request.method == "POST" else None, initial={"request_key": uuid.uuid4()})
    if form.is_bound and form.is_valid():
        try:
            made = controls.announce(**form.said(), by=request.actor)
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            messages.success(request, _("Le tirage est annoncé : la liste et la graine n’existent pas encore."))
            return redirect("agents:draw", made.pk)
    draws = Draw.objects.visible_to(request.actor).select_related("announced_by").order_by("-pk")[:_LATEST]
    return render(request, "agents/draws.html", {"form": form, "draws": draws})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a draw, its seed and what its controls found; draw the lot."""
    drawn = get_object_or_404(Draw.objects.visible_to(request.actor).select_related("announced_by", "drawn_by"), pk=pk)
    if request.method == "POST":
        try:
            found = controls.draw(draw=drawn, by=request.actor)
            messages.success(request, _("Le sort a tiré %(n)d demandes : leurs contrôles s’ouvrent.") % {"n": found})
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("agents:draw", pk)
    groups, whole = queries.found(drawn)
    context: dict[str, Any] = {
        "draw": drawn,
        "steps": drawn.steps_open_to(request.actor),
        "strata": [explaining.dimension(name) for name in drawn.strata],
        "groups": [(explaining.stratum(one.stratum, drawn.strata), one) for one in groups],
        "whole": whole,
        "progress": queries.progress(drawn),
        "listed": sum(drawn.sizes.values()),
    }
    return render(request, "agents/draw.html", context)


@require_safe
@wearing(Role.SUPERVISOR)
def listed(request: ActorRequest, pk: int) -> StreamingHttpResponse:
    """Give the list of a draw as it stood before the lot, by which anybody draws it again."""
    drawn = get_object_or_404(Draw.objects.visible_to(request.actor).exclude(seed=""), pk=pk)
    return tables.as_csv(((unit.name, unit.stratum) for unit in queries.units(drawn)), name=f"tirage-{pk}")
