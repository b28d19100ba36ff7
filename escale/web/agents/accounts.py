"""The bank accounts that somebody has to look at on paper: of unknown holders, or that no SEPA transfer reaches."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.registry import actions as registry
from escale.domain.registry.models import BankAccount, Purpose
from escale.domain.registry.models.bank_accounts import reached_by
from escale.rules.lifecycle import StepRefused
from escale.web.agents.account_forms import ReadForm, RecordForm
from escale.web.agents.door import look
from escale.web.hats import ActorRequest, wearing

SHOWN = 20
OUT_OF_REACH = _("Vous ne traitez pas ce dossier : confiez la feuille à une autre personne de l’accueil.")


@require_safe
@wearing(Role.COUNTER)
def show(request: ActorRequest) -> HttpResponse:
    """Show the accounts that wait for somebody to look at their paper, oldest first."""
    return _shown(request)


@sensitive_post_parameters()
@require_POST
@wearing(Role.COUNTER)
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Have somebody be paid on this account, whose number was read on the paper, or set it aside."""
    account = get_object_or_404(BankAccount.objects.to_check_by(request.actor), pk=pk)
    form = _reading(account, request.POST)
    try:
        if request.POST.get("answer") == "refuse":
            registry.refuse(account=account, by=request.actor)
            messages.success(request, _("Compte écarté : la personne est prévenue."))
            return redirect("agents:accounts")
        if form.is_valid():
            registry.accept(account=account, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Compte accepté : la personne est prévenue."))
            return redirect("agents:accounts")
    except Unacceptable as fault:
        form.refuse(fault.errors)
    except StepRefused as refused:
        messages.error(request, str(refused))
        return redirect("agents:accounts")
    return _shown(request, {account.pk: form})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.COUNTER)
def record(request: ActorRequest) -> HttpResponse:
    """Note an account that no SEPA transfer reaches, from a signed paper; another agent then reads the paper again."""
    form = RecordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            insured = registry.find(nir=told.pop("nir"), purpose=Purpose.COUNTER, by=request.actor)
            if not reached_by(request.actor).filter(pk=insured.pk).exists():
                raise Unacceptable({"nir": str(OUT_OF_REACH)})
            account = registry.record(insured=insured, by=request.actor, **told)
        except Unacceptable as fault:
            form.refuse(fault.errors)
        else:
            look(request, insured, account)
            messages.success(request, _("C’est noté : donnez la feuille à un autre agent, qui la lit à son tour."))
            return redirect("agents:accounts")
    return render(request, "agents/record_account.html", {"form": form})


def _shown(request: ActorRequest, typed: dict[int, ReadForm] | None = None) -> HttpResponse:
    waiting = list(BankAccount.objects.to_check_by(request.actor)[:SHOWN])
    for account in waiting:
        look(request, account.insured, account)
    forms = {account.pk: _reading(account) for account in waiting} | (typed or {})
    context = {
        "waiting": [(account, forms[account.pk]) for account in waiting],
        "form": next(iter((typed or {}).values()), None),
        "shown": SHOWN,
        "mine": request.actor.signatory.pk,
    }
    return render(request, "agents/accounts.html", context)


def _reading(account: BankAccount, typed: Any = None) -> ReadForm:
    return ReadForm(typed, auto_id=f"account-{account.pk}-%s")
