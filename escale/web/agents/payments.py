"""The accountant's counter: orders to approve, by one or by many, what supports each, and its budget."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import queries, tracing
from escale.domain.claims.models import Decision
from escale.domain.payments import accounts
from escale.domain.payments import actions as payments
from escale.domain.payments import queries as of_payments
from escale.domain.payments.doubts import doubt
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import queries as registry
from escale.rules import budgets
from escale.rules.lifecycle import StepRefused
from escale.web.agents.accountants_day import tasks
from escale.web.agents.bank_returns import told_of, told_of_payment
from escale.web.agents.door import order_asked_for
from escale.web.agents.forms import RejectionForm, VisaForm
from escale.web.agents.orders import with_steps
from escale.web.agents.payment_forms import FilterForm, ReimputationForm, SeenForm, asked, told
from escale.web.hats import ActorRequest, wearing

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def orders(request: ActorRequest) -> HttpResponse:
    """Show the orders that wait for the visa, and give it to those that were ticked."""
    form = VisaForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = list(form.cleaned_data["orders"])
        try:
            payments.visa(orders=given, by=request.actor)
            messages.success(request, _visaed(len(given)))
            return redirect("agents:payments")
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
    filters = asked(request.GET)
    to_send = of_payments.to_send(actor=request.actor)
    mine = of_payments.to_approve(actor=request.actor, filters=filters).saying_if_shut_to(request.actor)
    waiting = list(mine.select_related("insured", "ordered_by", "account")[:SHOWN])
    context = {
        "waiting": list(with_steps(waiting, actor=request.actor)),
        "shared": registry.sharers(order.account for order in waiting if order.account),
        "form": form,
        "filters": filters,
        "kept": urlencode(told(filters)),
        "filter_form": FilterForm(initial=filters.kept()),
        "shown": SHOWN,
        "to_send": to_send,
        "tasks": tasks(request.actor, to_send=to_send),
    }
    return render(request, "agents/payments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT)
def visa_all(request: ActorRequest) -> HttpResponse:
    """Show how many orders the filters keep and how much, by budget, then give the visa to these at once."""
    filters = asked(request.GET)
    form = SeenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.visa_all(filters=filters, by=request.actor, **form.cleaned_data)
            messages.success(request, _visaed(form.cleaned_data["count"]))
            return redirect("agents:payments")
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
    found = of_payments.at_once(actor=request.actor, filters=filters)
    context = {
        "form": form,
        "filters": filters,
        "kept": urlencode(told(filters)),
        "count": len(found),
        "total": sum((order.amount for order in found), Decimal(0)),
        "parts": _by_budget(found),
        "most": of_payments.MOST_AT_ONCE,
    }
    return render(request, "agents/visa_all.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def order(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what supports an order: the decision, the lines, the articles, and the way to each bill."""
    wanted = order_asked_for(request, reference)
    context = {
        "steps": wanted.steps_open_to(request.actor),
        "account_waits": "" if wanted.has_left else accounts.why_not_payable(wanted, today=timezone.localdate()),
        "by_hand": _is_to_make_by_hand(wanted, request.actor),
        "sharers": _sharers(wanted),
        **_support(wanted, request.actor),
        **_imputed(wanted, request.actor),
    }
    return render(request, "agents/order.html", context | told_of(wanted, request.actor))


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def bill(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Show a bill that supports an order, what the order pays of it, and the way back to the bank."""
    wanted = order_asked_for(request, reference)
    paid = list(tracing.trace(wanted, actor=request.actor))
    files = {file.pk: file for award in paid for file in award.line.bill.attachments.all()}
    if pk not in files:
        raise Http404
    context = {
        "order": wanted,
        "file": files[pk],
        "pages": files[pk].document.pages.order_by("number"),
        "paid": [award for award in paid if award.line.bill_id == files[pk].bill_id],
        "events": told_of_payment(wanted, request.actor),
    }
    return render(request, "agents/order_bill.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT)
def reject(request: ActorRequest, reference: str) -> HttpResponse:
    """Refuse the visa with a reason that goes back to the agent."""
    wanted = order_asked_for(request, reference)
    form = RejectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.reject(order=wanted, reason=form.cleaned_data["reason"], by=request.actor)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _after_refusal(wanted))
        return redirect("agents:payments")
    context = {"order": wanted, "form": form, "steps": wanted.steps_open_to(request.actor)}
    return render(request, "agents/reject.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def reimpute(request: ActorRequest, reference: str) -> HttpResponse:
    """Propose that another budget bears an order; somebody else confirms it."""
    wanted = order_asked_for(request, reference)
    form = ReimputationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.propose(order=wanted, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Réimputation proposée : un autre comptable doit la confirmer."))
            return redirect("agents:order", wanted.reference)
        except payments.Unacceptable as refused:
            form.refuse(refused.errors)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"order": wanted, "form": form, **_imputed(wanted, request.actor)}
    return render(request, "agents/reimpute.html", context)


def _sharers(wanted: PaymentOrder) -> int:
    """Return how many insured of other families gave the account of an order that waits."""
    if not wanted.account or wanted.batch_id:
        return 0
    return len(registry.sharers([wanted.account]).get(wanted.account.pk, ()))


def _is_to_make_by_hand(wanted: PaymentOrder, actor: Actor) -> bool:
    by_hand = wanted.account is not None and wanted.account.by_hand
    return by_hand and of_payments.by_hand(actor=actor).filter(pk=wanted.pk).exists()


def _after_refusal(wanted: PaymentOrder) -> str:
    if wanted.replaces_id and not doubt(wanted):
        return _("Visa refusé : la somme reste due, et l’ordre est à émettre de nouveau dans « Retours de la banque ».")
    return _("Visa refusé.") if wanted.replaces_id else _("Visa refusé : la demande retourne au gestionnaire.")


def _visaed(count: int) -> str:
    return ngettext("%(n)d ordre visé.", "%(n)d ordres visés.", count) % {"n": count}


def _by_budget(orders: Iterable[PaymentOrder]) -> list[tuple[str, int, Decimal]]:
    """Return the name of each budget that bears some of these orders, how many and how much."""
    found: dict[str, list[Decimal]] = {}
    for one in orders:
        found.setdefault(one.borne_by, []).append(one.amount)
    today = timezone.localdate()
    return [(budgets.budget(code, on=today).label, len(sums), sum(sums, Decimal(0))) for code, sums in found.items()]


def _imputed(wanted: PaymentOrder, actor: Actor) -> dict[str, Any]:
    """Gather the budget that bears an order, and each move of it with what this actor may answer."""
    moves = list(wanted.reimputations.select_related("proposed_by", "answered_by", "order__insured").order_by("pk"))
    return {
        "budget": budgets.budget(wanted.borne_by, on=timezone.localdate()),
        "moves": [(move, move.steps_open_to(actor)) for move in moves],
    }


def _support(wanted: PaymentOrder, actor: Actor) -> dict[str, Any]:
    """Gather what the agent decided; an order whose visa was refused may have given way to another."""
    decision = Decision.objects.standing().select_related("claim", "by", "seconded_by").filter(order=wanted).first()
    if decision is None:
        return {"order": wanted, "claim": None}
    lines = queries.lines(decision.claim).filter(decision=decision)
    told = {"order": wanted, "claim": decision.claim, "decision": decision, "lines": lines}
    return told | {"paid": list(tracing.trace(wanted, actor=actor))}
