"""The rates of exchange: what waits for one, what waits for a second person, and what is in use."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import exchange
from escale.domain.claims.models import Claim
from escale.domain.rates import actions as rates
from escale.domain.rates import queries
from escale.domain.rates.models import Rate
from escale.rules.lifecycle import StepRefused
from escale.web.agents.rate_forms import RateForm
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the lines that wait for a rate, the rates that wait for a second person, and the latest settled."""
    currency = request.GET.get("devise", "").strip().upper()[:3]
    offered, latest = (
        list(queries.to_confirm(actor=request.actor)),
        queries.latest(actor=request.actor, currency=currency),
    )
    firsts = queries.firsts(offered)
    context = {
        "waiting": exchange.waiting(actor=request.actor),
        "tables": [(table, table[-1].steps_open_to(request.actor)) for table in _by_table(firsts)],
        "offered": [(one, one.steps_open_to(request.actor)) for one in offered if one not in firsts],
        "latest": [(one, one.steps_open_to(request.actor)) for one in latest],
        "currency": currency,
        "may_open": request.actor.role == Role.AGENT,
    }
    return render(request, "agents/rates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT, Role.SUPERVISOR)
def propose(request: ActorRequest) -> HttpResponse:
    """Propose a rate with its source; somebody else confirms it."""
    number = request.GET.get("demande", "")
    claim = (
        Claim.objects.visible_to(request.actor).filter(number=number).first()
        if request.actor.role == Role.AGENT
        else None
    )
    form = RateForm(request.POST if request.method == "POST" else None, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        try:
            rates.propose(by=request.actor, **form.cleaned_data)
        except rates.Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            messages.success(request, _("Cours proposé : il servira dès qu’une autre personne l’aura confirmé."))
            return redirect("agents:case", claim.number) if claim else redirect("agents:rates")
    return render(request, "agents/propose_rate.html", {"form": form, "claim": claim})


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm a rate that somebody else proposed."""
    return _settle(
        request, pk, rates.confirm, _("Cours confirmé : les lignes qui l’attendaient peuvent être calculées.")
    )


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def confirm_firsts(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm together the first rates of a table, up to the last one shown."""
    return _settle(
        request, pk, rates.confirm_firsts, _("Cours confirmés : les lignes qui les attendaient peuvent être calculées.")
    )


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def reject(request: ActorRequest, pk: int) -> HttpResponse:
    """Leave a proposed rate aside."""
    return _settle(request, pk, rates.reject, _("Cours écarté : il ne servira pas."))


@require_POST
@wearing(Role.SUPERVISOR)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a rate out of use."""
    return _settle(request, pk, rates.withdraw, _("Cours retiré : les lignes déjà calculées gardent le leur."))


def _by_table(firsts: list[Rate]) -> list[list[Rate]]:
    """Put together the rates that one person took over from one table, the last taken over last."""
    tables: dict[tuple[str, int], list[Rate]] = {}
    for one in sorted(firsts, key=lambda rate: rate.pk):
        tables.setdefault((one.source, one.proposed_by_id), []).append(one)
    return list(tables.values())


def _settle(request: ActorRequest, pk: int, action: Any, told: str) -> HttpResponse:
    rate = get_object_or_404(Rate.objects.visible_to(request.actor), pk=pk)
    try:
        action(rate=rate, by=request.actor)
        messages.success(request, told)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:rates")


def _asked(request: ActorRequest) -> dict[str, Any]:
    """Read what the line that waits wants; what makes no sense is left out."""
    try:
        on: date | None = date.fromisoformat(request.GET.get("le", ""))
    except ValueError:
        on = None
    return {"currency": request.GET.get("devise", ""), "on": on}
