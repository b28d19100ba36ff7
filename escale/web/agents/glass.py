"""Before a protected file opens, whoever opens it says why."""

from django.db.models import Model
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
from escale.web.agents.door import within
from escale.web.agents.staff_forms import GlassForm
from escale.web.hats import ActorRequest, View, wearing


def _glass(kind: type[Model], *roles: Role, page: str, back: str) -> View:
    """Make the page where somebody of these hats says why they open one of this kind, known by number or reference."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wearing(*roles)
    def opened(request: ActorRequest, **known: str) -> HttpResponse:
        case = get_object_or_404(within(request, kind), **known)
        address = reverse(page, kwargs=known)
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
        return render(request, "agents/glass.html", {"form": form, "case": case, "back": reverse(back)})

    return opened


case = _glass(Claim, Role.AGENT, page="agents:case", back="agents:queue")
opinion = _glass(Claim, Role.PHYSICIAN, page="agents:opinion", back="agents:opinions")
order = _glass(PaymentOrder, Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT, page="agents:order", back="agents:payments")
enrolment = _glass(Enrolment, Role.COUNTER, page="agents:counter_request", back="agents:counter")
appeal = _glass(Appeal, Role.AGENT, Role.SUPERVISOR, page="agents:appeal", back="agents:appeals")
debt = _glass(Debt, Role.AGENT, Role.SUPERVISOR, page="agents:debt", back="agents:debts")
