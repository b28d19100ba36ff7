"""The counter « Barèmes »: one supervisor has proposed an edition of tariffs, another puts it in force."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import budgeted, differences, figures, reasons
from escale.domain.tariffs.lifecycle import Status
from escale.domain.tariffs.models import Edition
from escale.rules.lifecycle import StepRefused
from escale.web.agents.tariff_forms import EditionRejectionForm, TariffsForm, on_disk
from escale.web.hats import ActorRequest, wearing

LATEST = 50


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the editions: those to verify, then those that the house reads and those set aside."""
    every = Edition.objects.visible_to(request.actor).select_related("proposed_by", "decided_by").newest_first()
    waiting = list(every.filter(status=Status.PROPOSED))
    settled = list(every.exclude(status=Status.PROPOSED)[:LATEST])
    shown = [*waiting, *settled]
    names = figures.named(shown) | reasons.named(shown)
    context = {
        "waiting": [(one, names.get(one.pk, "")) for one in waiting],
        "settled": [(one, names.get(one.pk, "")) for one in settled],
    }
    return render(request, "agents/tariffs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def propose(request: ActorRequest) -> HttpResponse:
    """Propose an edition from official files; somebody else puts it in force."""
    form = TariffsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            with on_disk(form.cleaned_data.pop("files")) as files:
                one = tariffs.propose(files=files, by=request.actor, **form.cleaned_data)
        except tariffs.Unreadable as refusal:
            form.add_error("files", str(refusal))
        else:
            messages.success(request, _("Barème proposé : une autre personne doit le mettre en vigueur."))
            return redirect("agents:tariff_edition", one.pk)
    return render(request, "agents/tariff_propose.html", {"form": form})


@require_safe
@wearing(Role.SUPERVISOR)
def edition(request: ActorRequest, pk: int) -> HttpResponse:
    """Show what an edition holds, what was refused of its files, and what it changes."""
    one = _asked_for(request, pk)
    worded, credited = reasons.said(one), budgeted.said(one)
    compared = one.status != Status.REJECTED and not worded and not credited
    context = {
        "edition": one,
        "steps": one.steps_open_to(request.actor),
        "is_mine": one.belongs_to(request.user),
        "differences": differences.differences(one) if compared else None,
        "moved_by": differences.MOVED_BY,
        "shown": differences.SHOWN,
        "said": figures.said(one),
        "worded": worded,
        "credited": credited,
    }
    return render(request, "agents/tariff_edition.html", context)


@require_POST
@wearing(Role.SUPERVISOR)
def put_in_force(request: ActorRequest, pk: int) -> HttpResponse:
    """Have the house read an edition from now on."""
    one = _asked_for(request, pk)
    try:
        tariffs.put_in_force(edition=one, by=request.actor)
        said = _("Édition n° %(number)s en vigueur : les calculs la lisent dès maintenant.")
        messages.success(request, said % {"number": one.number})
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:tariff_edition", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def reject(request: ActorRequest, pk: int) -> HttpResponse:
    """Set an edition aside, with a reason."""
    one = _asked_for(request, pk)
    form = EditionRejectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            tariffs.reject(edition=one, reason=form.cleaned_data["reason"], by=request.actor)
            messages.success(request, _("Édition écartée : elle ne sera pas lue."))
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("agents:tariffs")
    context = {"edition": one, "form": form, "steps": one.steps_open_to(request.actor)}
    return render(request, "agents/tariff_reject.html", context)


def _asked_for(request: ActorRequest, pk: int) -> Edition:
    visible = Edition.objects.visible_to(request.actor).select_related("proposed_by", "decided_by")
    return get_object_or_404(visible, pk=pk)
