"""The supervisors' register of who works under which hat: one proposes, another gives."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries, staff
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.registry import actions as registry
from escale.web.agents.staff_forms import HatForm, ResetForm, WithdrawalForm
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show who has which hat, given by whom, and what waits for an answer."""
    context = {"colleagues": staff.colleagues(), "proposals": staff.proposals()}
    return render(request, "agents/staff.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def propose(request: ActorRequest) -> HttpResponse:
    """Propose a hat for somebody, who may have no account yet."""
    form = HatForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            registry.propose_hat(
                email=typed["email"],
                name=typed["name"],
                role=typed["role"],
                why=typed["why"],
                insured=registry.find(nir=typed["nir"], by=request.actor) if typed["nir"] else None,
                by=request.actor,
            )
        except Unacceptable as unknown:
            form.refuse(unknown.errors)
        except accounts.NotGiven as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Casquette proposée : un autre superviseur doit la donner."))
            return redirect("agents:staff")
    return render(request, "agents/propose_hat.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def reset(request: ActorRequest, pk: int) -> HttpResponse:
    """Propose that an agent who lost a proof begins again with a new invitation."""
    colleague = get_object_or_404(staff.colleagues(), pk=pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accounts.propose_reset(account=colleague, why=form.cleaned_data["why"], by=request.actor)
        except accounts.NotGiven as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Réinitialisation proposée : un autre superviseur doit la confirmer."))
            return redirect("agents:staff")
    return render(request, "agents/reset_staff.html", {"form": form, "colleague": colleague})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def sessions(request: ActorRequest, pk: int) -> HttpResponse:
    """Show where an agent is signed in, and close one of these sessions, or all."""
    colleague = get_object_or_404(staff.colleagues(), pk=pk)
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        only = queries.session_key(colleague, wanted)
        if only or not wanted:
            accounts.end_sessions(account=colleague, only=only, by=request.actor)
        messages.success(request, _("C’est fermé : rien ne s’y fait plus sans se connecter de nouveau."))
        return redirect("agents:staff_sessions", pk)
    return render(
        request, "agents/staff_sessions.html", {"colleague": colleague, "sessions": queries.sessions(colleague)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a hat back, at once."""
    hat = get_object_or_404(staff.hats(), pk=pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accounts.withdraw_hat(hat=hat, reason=form.cleaned_data["reason"], by=request.actor)
        except accounts.NotGiven as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Casquette retirée : elle n’ouvre plus rien dès maintenant."))
            return redirect("agents:staff")
    return render(request, "agents/withdraw_hat.html", {"form": form, "hat": hat})


@require_POST
@wearing(Role.SUPERVISOR)
def give(request: ActorRequest, pk: int) -> HttpResponse:
    """Give what another supervisor proposed."""
    return _answer(request, pk, accounts.give, _("C’est confirmé : la personne est prévenue si elle doit agir."))


@require_POST
@wearing(Role.SUPERVISOR)
def decline(request: ActorRequest, pk: int) -> HttpResponse:
    """Say no to what another supervisor proposed, or take back what one proposed."""
    return _answer(request, pk, accounts.decline, _("Proposition écartée."))


def _answer(request: ActorRequest, pk: int, action: Callable[..., Any], told: str) -> HttpResponse:
    try:
        action(grant=get_object_or_404(staff.proposals(), pk=pk), by=request.actor)
        messages.success(request, told)
    except accounts.NotGiven as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:staff")
