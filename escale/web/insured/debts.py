"""A sum that the Fund claims back: its notification, whole; what to answer, and how to pay."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.appeals.models import Appeal
from escale.domain.case import Unacceptable
from escale.domain.claims import secrecy
from escale.domain.debts import actions as debts
from escale.domain.debts import letters, queries
from escale.domain.debts.models import Debt
from escale.rules.lifecycle import StepRefused
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing
from escale.web.insured import appeals
from escale.web.insured.after_forms import PlanForm, RectificationForm


@wearing(Role.INSURED)
@require_safe
def owed(request: ActorRequest) -> HttpResponse:
    """Show what one is asked to pay back."""
    return render(request, "insured/debts.html", {"debts": list(queries.owed(actor=request.actor))})


@wearing(Role.INSURED)
@require_safe
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show the notification of a debt, and keep the moment when it is first read."""
    return _page(request, _own(request, reference))


@wearing(Role.INSURED)
@require_POST
def rectify(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for a rectification."""

    def ask(debt: Debt, form: Form) -> str:
        debts.contest(debt=debt, words=form.cleaned_data["words"], by=request.actor)
        return _("Votre demande de rectification est envoyée.")

    form = RectificationForm(request.POST)
    try:
        return _answer(request, reference, "rectification", form, ask)
    except debts.TooLate:
        return appeals.offer(request, reference, words=form.cleaned_data["words"])


@wearing(Role.INSURED)
@require_POST
def plan(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask to pay in several times, or agree to be withheld."""

    def ask(debt: Debt, form: Form) -> str:
        if form.cleaned_data["months"]:
            debts.ask_plan(debt=debt, months=form.cleaned_data["months"], by=request.actor)
        if form.cleaned_data["withholding"]:
            debts.agree_withholding(debt=debt, by=request.actor)
        return _("Votre choix est enregistré : un gestionnaire vous répond.")

    return _answer(request, reference, "plan", PlanForm(request.POST), ask)


def _answer(
    request: ActorRequest, reference: str, name: str, form: Form, ask: Callable[[Debt, Form], str]
) -> HttpResponse:
    debt = _own(request, reference)
    if form.is_valid():
        try:
            messages.success(request, ask(debt, form))
            return redirect("insured:debt", reference)
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except debts.TooLate:
            raise
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("insured:debt", reference)
    return _page(request, debt, **{name: form})


def _own(request: ActorRequest, reference: str) -> Debt:
    mine = Debt.objects.visible_to(request.actor).select_related("insured", "decision__claim__beneficiary__person")
    return get_object_or_404(mine, reference=reference)


def _page(request: ActorRequest, debt: Debt, **forms: Form) -> HttpResponse:
    if request.method != "HEAD":
        debts.note_reading(debt=debt, by=request.actor)
    claim, until = debt.decision.claim, queries.rectifiable_until(debt)
    filed = Appeal.objects.visible_to(request.actor).filter(overpayment=debt.reference).order_by("-pk")
    context: dict[str, Any] = {
        "debt": debt,
        "claim": claim,
        "lines": list(debt.lines.select_related("line__bill").order_by("pk")),
        "hidden": secrecy.hides_nature(claim, reader=request.actor),
        "instalments": list(debt.instalments.order_by("rank")),
        "recoveries": list(debt.recoveries.select_related("corrects__corrects").order_by("pk")),
        "steps": debt.steps_open_to(request.actor),
        "in_time": not debt.contested_on and (until is None or timezone.localdate() <= until),
        "until": until,
        "appealable_until": queries.appealable_until(debt),
        "recoverable_from": queries.recoverable_from(debt),
        "appeals": list(filed),
        "says": letters.told(debt),
        "answer_says": letters.answer_told(debt),
    }
    given = {"rectification": RectificationForm(), "plan": PlanForm()} | forms
    faulty = next((form for form in forms.values() if form.errors), None)
    return render(request, "insured/debt.html", context | given | {"form": faulty})
