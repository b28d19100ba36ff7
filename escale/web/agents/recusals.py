"""Who stays away from a file, and which files nobody opens without saying why: the supervisors' registers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.registry import actions as registry
from escale.domain.registry import queries
from escale.domain.registry.models import Opening, Protection, Recusal
from escale.web.agents.staff_forms import ProtectionForm, RecusalForm
from escale.web.hats import ActorRequest, wearing


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def recusals(request: ActorRequest) -> HttpResponse:
    """Show who stands aside from which file, and declare another recusal."""
    form = RecusalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            insured = registry.find(nir=typed["nir"], by=request.actor)
            registry.declare_recusal(
                account=typed["email"], insured=insured, oneself=typed["oneself"], by=request.actor
            )
        except Unacceptable as unknown:
            form.refuse(unknown.errors)
        except registry.AlreadyDone as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Déport déclaré : cet agent ne voit plus ce dossier."))
            return redirect("agents:recusals")
    shown = Recusal.objects.visible_to(request.actor).select_related("account", "insured", "declared_by")
    return render(request, "agents/recusals.html", {"form": form, "recusals": shown.order_by("-pk")})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def protections(request: ActorRequest) -> HttpResponse:
    """Show the protected files and who opened one, and protect another."""
    form = ProtectionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            insured = registry.find(nir=form.cleaned_data["nir"], by=request.actor)
            registry.protect(insured=insured, reason=form.cleaned_data["reason"], by=request.actor)
        except Unacceptable as unknown:
            form.refuse(unknown.errors)
        except (registry.AlreadyDone, registry.ByAnother) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Dossier protégé : chacun dira pourquoi avant de l’ouvrir."))
            return redirect("agents:protections")
    shown = Protection.objects.visible_to(request.actor).select_related("insured", "set_by").order_by("-pk")
    context = {"form": form, "protections": shown, "openings": queries.openings_to_review(actor=request.actor)}
    return render(request, "agents/protections.html", context)


@require_POST
@wearing(Role.SUPERVISOR)
def lift_recusal(request: ActorRequest, pk: int) -> HttpResponse:
    """Let an agent open a file again."""
    wanted = _of(request, Recusal.objects.visible_to(request.actor), pk)
    return _done(request, lambda by: registry.lift_recusal(recusal=wanted, by=by), _("Déport levé."), "agents:recusals")


@require_POST
@wearing(Role.SUPERVISOR)
def lift_protection(request: ActorRequest, pk: int) -> HttpResponse:
    """Protect a file no more."""
    wanted = _of(request, Protection.objects.visible_to(request.actor), pk)
    told = _("Protection levée.")
    return _done(request, lambda by: registry.lift_protection(protection=wanted, by=by), told, "agents:protections")


@require_POST
@wearing(Role.SUPERVISOR)
def review(request: ActorRequest, pk: int) -> HttpResponse:
    """Say that an opening was looked at."""
    wanted = _of(request, Opening.objects.visible_to(request.actor), pk)
    return _done(
        request, lambda by: registry.review(opening=wanted, by=by), _("Ouverture revue."), "agents:protections"
    )


def _of(request: ActorRequest, visible: QuerySet[Any], pk: int) -> Any:
    return get_object_or_404(visible.select_related("insured"), pk=pk)


def _done(request: ActorRequest, action: Callable[..., None], told: str, back: str) -> HttpResponse:
    try:
        action(request.actor)
        messages.success(request, told)
    except registry.ByAnother as refusal:
        messages.error(request, str(refusal))
    return redirect(back)
