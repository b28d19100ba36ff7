"""An act on many claims: what it will do, claim by claim, then how far it has come, then what became of each."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.desk import actions as desk
from escale.domain.desk import queries
from escale.domain.desk.lifecycle import GroupedStatus
from escale.domain.desk.models import GroupedAct, GroupedKind, GroupedResult
from escale.rules import intake
from escale.rules.lifecycle import StepRefused
from escale.web.agents.queue_forms import GroupedForm
from escale.web.hats import ActorRequest, wearing

_UNDER_WAY = {GroupedStatus.RUNNING, GroupedStatus.UNDOING}
_COLOURS = {GroupedResult.DONE: "success", GroupedResult.REFUSED: "error"}


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT, Role.SUPERVISOR)
def prepare(request: ActorRequest) -> HttpResponse:
    """Say what is to be done on the claims that were ticked."""
    if request.method != "POST":
        return redirect("agents:queue")
    numbers = request.POST.getlist("claim")
    form = GroupedForm(request.POST, role=request.actor.role, agents=list(queries.agents()))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("to", "paper", "words") if name in form.fields}
        kind, key = GroupedKind(form.cleaned_data["kind"]), form.cleaned_data["request_key"]
        try:
            act = desk.prepare(kind=kind, numbers=numbers, request_key=key or uuid4(), by=request.actor, **said)
            return redirect("agents:grouped", act.pk)
        except desk.Unacceptable as refusal:
            form.refuse(refusal.errors)
    return render(request, "agents/grouped_form.html", {"form": form, "numbers": numbers})


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """Show what an act will do, how far it has come, or what it did."""
    act = _asked_for(request, pk)
    counted = queries.progress(act)
    whole, left = sum(counted.values()), counted.get(GroupedResult.WAITING, 0)
    undoing = act.status == GroupedStatus.UNDOING
    told = {one.value: (_COLOURS.get(one, "info"), str(one.label)) for one in GroupedResult}
    context: dict[str, Any] = {
        "act": act,
        "steps": act.steps_open_to(request.actor),
        "undoable": GroupedKind(act.kind).can_be_undone,
        "counted": {GroupedResult(name): number for name, number in counted.items()},
        "whole": whole,
        "through": counted.get(GroupedResult.UNDONE, 0) if undoing else whole - left,
        "todo": left,
        "under_way": act.status in _UNDER_WAY,
        "paper": _label(act.paper),
        "lines": [(number, *told[result], why) for number, result, why in queries.results(act)],
    }
    return render(request, "agents/grouped.html", context)


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def launch(request: ActorRequest, pk: int) -> HttpResponse:
    """Have an act done that was shown before."""
    return _step(request, pk, desk.launch)


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def undo(request: ActorRequest, pk: int) -> HttpResponse:
    """Have what was done put back."""
    return _step(request, pk, desk.undo)


def _step(request: ActorRequest, pk: int, action: Callable[..., None]) -> HttpResponse:
    try:
        action(act=_asked_for(request, pk), by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:grouped", pk)


def _asked_for(request: ActorRequest, pk: int) -> GroupedAct:
    return get_object_or_404(GroupedAct.objects.visible_to(request.actor).select_related("to"), pk=pk)


def _label(code: str) -> str:
    """Return the name of a paper, as the catalogue has it."""
    today = timezone.localdate()
    return next((paper.label for paper in intake.catalogue(on=today) if paper.code == code), _("une pièce"))
