"""What the Fund claims back, behind the counter: what goes on, one debt on one page, and how one is proposed."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.appeals import queries as of_appeals
from escale.domain.appeals.models import Appeal
from escale.domain.case import Unacceptable
from escale.domain.claims.models import ClaimLine
from escale.domain.debts import actions as debts
from escale.domain.debts import queries
from escale.domain.debts.models import Debt, DebtLine
from escale.rules import overpayment
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.agents.after_forms import (
    CorrectionForm,
    DebtForm,
    EndForm,
    GrantedForm,
    ReceiptForm,
    RecoveryForm,
    ReplyForm,
    ReturnForm,
    SignForm,
    SpreadForm,
)
from escale.web.agents.door import asked_for, debt_asked_for
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def going_on(request: ActorRequest) -> HttpResponse:
    """Show the debts that go on, those whose plan is not kept or what is to give back, oldest first."""
    asked = request.GET.get("voir", "")
    view = queries.View(asked) if asked in queries.View.values else queries.View.GOING_ON
    found = list(queries.queue(actor=request.actor, view=view, after=paging.key(request, "apres")))
    context = {
        "debts": found,
        "view": view,
        "views": queries.View,
        "last": paging.last(found, size=queries.PAGE),
    }
    return render(request, "agents/debts.html", context)


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show a debt: its sums, its delays, what came back, and what is to be done."""
    return page(request, debt_asked_for(request, reference))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def propose(request: ActorRequest, number: str) -> HttpResponse:
    """Propose to claim back what was paid on the last decision of a claim that was paid, or on the one asked for."""
    claim = asked_for(request, number)
    paid, wanted = list(queries.paid(claim)), request.GET.get("decision", "")
    decision = next((one for one in paid if str(one.pk) == wanted), paid[0] if paid else None)
    lines = list(queries.claimable(decision)) if decision else []
    rows = [(line.pk, _named(line), line.paid - line.claimed) for line in lines]
    form = DebtForm(request.POST if request.method == "POST" else None, rows=rows)
    if decision and form.is_bound and form.is_valid():
        try:
            debt = debts.propose(decision=decision, by=request.actor, **form.said())
            messages.success(request, _("Indu %s proposé : un superviseur le signe ou l’écarte.") % debt)
            return redirect("agents:debt", debt.reference)
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("agents:case", number)
    context = {"claim": claim, "decision": decision, "paid": paid, "form": form}
    return render(request, "agents/propose_debt.html", context)


def _named(line: ClaimLine) -> str:
    said = {"care": line.get_care_display(), "on": date_format(line.given_on, "d/m/Y"), "who": line.bill.provider}
    return _("%(care)s du %(on)s, %(who)s") % said


def page(request: ActorRequest, debt: Debt, **forms: Form) -> HttpResponse:
    """Show a debt, with what was typed of it if it was not right."""
    steps = debt.steps_open_to(request.actor)
    if debt.opened_by_id == request.actor.signatory.pk:
        steps -= {"sign", "drop"}
    lines = list(debt.lines.select_related("line__bill").order_by("pk"))
    recoveries = list(debt.recoveries.select_related("by", "correction", "corrects__corrects").order_by("pk"))
    if not of_appeals.to_carry_out(debt.reference).exists():
        steps -= {"rectify_on_appeal"}
    context: dict[str, Any] = {
        "debt": debt,
        "claim": debt.decision.claim,
        "lines": lines,
        "instalments": list(debt.instalments.order_by("rank")),
        "recoveries": recoveries,
        "appeals": list(Appeal.objects.visible_to(request.actor).filter(overpayment=debt.reference).order_by("-pk")),
        "steps": steps,
        "rectifiable_until": queries.rectifiable_until(debt),
        "recoverable_from": queries.recoverable_from(debt),
        "appealable_until": queries.appealable_until(debt),
        "claimable_until": overpayment.claimable_until(debt.paid_on, fraud=debt.fraud),
        "silent_on": overpayment.silent_on(debt.contested_on) if debt.contested_on else None,
        "threshold": overpayment.abandonable_under(on=timezone.localdate()),
        "missed": queries.missed(debt),
        "came_back": queries.came_back(debt),
        "mine": debt.opened_by_id == request.actor.signatory.pk,
    }
    unbound: dict[str, Any] = {
        "signing": SignForm(),
        "receipt": ReceiptForm(),
        "reply": ReplyForm(rows=_rows(lines)),
        "granted": GrantedForm(rows=_rows(lines)),
        "returning": ReturnForm(initial={"request_key": uuid.uuid4(), "amount": debt.surplus}),
        "correcting": CorrectionForm(recoveries=recoveries, initial={"request_key": uuid.uuid4()}),
        "spreading": SpreadForm(initial={"months": debt.plan_months}),
        "recovery": RecoveryForm(initial={"request_key": uuid.uuid4()}),
        "ending": EndForm(),
    }
    faulty = {"form": next((form for form in forms.values() if form.errors), None)}
    return render(request, "agents/debt.html", context | unbound | forms | faulty)


def rows(debt: Debt) -> list[tuple[int, str, Decimal]]:
    """Return the lines of a debt as a form shows them."""
    return _rows(debt.lines.select_related("line__bill").order_by("pk"))


def _rows(lines: Iterable[DebtLine]) -> list[tuple[int, str, Decimal]]:
    return [(one.pk, _named(one.line), one.amount) for one in lines]
