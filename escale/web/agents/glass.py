"""Before a protected file opens, whoever opens it says why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.appeals.models import Appeal
from escale.domain.case import Unacceptable
from escale.domain.claims.models import Claim
from escale.domain.debts.models import Debt
from escale.domain.enrolment.models import Enrolment
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import actions as registry
from escale.web.agents.staff_forms import GlassForm
from escale.web.hats import ActorRequest, wearing


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def case(request: ActorRequest, number: str) -> HttpResponse:
    """Open the protected file of a claim to its agent."""
    return _open(request, _claim(request, number), reverse("agents:case", args=[number]), reverse("agents:queue"))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.PHYSICIAN)
def opinion(request: ActorRequest, number: str) -> HttpResponse:
    """Open it to the physician who is asked for an opinion."""
    address, back = reverse("agents:opinion", args=[number]), reverse("agents:opinions")
    return _open(request, _claim(request, number), address, back)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def order(request: ActorRequest, reference: str) -> HttpResponse:
    """Open it to the accountants."""
    within = PaymentOrder.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    wanted = get_object_or_404(within.select_related("insured"), reference=reference)
    return _open(request, wanted, reverse("agents:order", args=[reference]), reverse("agents:payments"))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.COUNTER)
def enrolment(request: ActorRequest, number: str) -> HttpResponse:
    """Open it to the counter where somebody asks for their account."""
    within = Enrolment.objects.visible_to(request.actor).saying_if_shut_to(request.actor)
    wanted = get_object_or_404(within.select_related("insured"), number=number)
    return _open(request, wanted, reverse("agents:counter_request", args=[number]), reverse("agents:counter"))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT, Role.SUPERVISOR)
def appeal(request: ActorRequest, reference: str) -> HttpResponse:
    """Open it to whoever prepares an appeal."""
    within = Appeal.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    wanted = get_object_or_404(within.select_related("insured"), reference=reference)
    return _open(request, wanted, reverse("agents:appeal", args=[reference]), reverse("agents:appeals"))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT, Role.SUPERVISOR)
def debt(request: ActorRequest, reference: str) -> HttpResponse:
    """Open it to whoever follows a debt."""
    within = Debt.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    wanted = get_object_or_404(within.select_related("insured"), reference=reference)
    return _open(request, wanted, reverse("agents:debt", args=[reference]), reverse("agents:debts"))


def _claim(request: ActorRequest, number: str) -> Claim:
    within = Claim.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    return get_object_or_404(within.select_related("insured"), number=number)


def _open(request: ActorRequest, case: Any, address: str, back: str) -> HttpResponse:
    if not case.shut:
        return redirect(address)
    form = GlassForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            registry.open_protected(insured=case.insured, subject=case, by=request.actor, **form.typed())
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            return redirect(address)
    return render(request, "agents/glass.html", {"form": form, "case": case, "back": back})
