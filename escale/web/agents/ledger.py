"""The accountants' ledger: the balance of a month, its entries, an account, an entry, the closing."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.ledger import actions, exports, queries
from escale.domain.ledger.models import AccountingEntry, AccountingMonth
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.rules import accounting, budgets, lettering
from escale.rules.accounting import JournalCode, NoAccount
from escale.rules.lifecycle import StepRefused
from escale.web import paging, tables
from escale.web.hats import ActorRequest, wearing

PAGE = 50
_ADDED = re.compile(r"-(?:M\d+|E(?P<discrepancy>\d+))$")
"""What the piece of a reimputation, or of what a person reconciled, adds to the reference of its order."""
_OF_A_DEBT = re.compile(r"(?P<debt>.+-I\d+)-S?\d+")
"""The piece of what a debt moved: its reference, and the rank of the change or the key of the sum."""
_STEPS = {
    "propose": (actions.propose_closing, _("Clôture proposée : une autre personne doit la prononcer.")),
    "recall": (actions.recall_closing, _("La proposition de clôture est retirée.")),
    "close": (actions.close, _("Mois clos : plus aucune écriture n’y sera datée.")),
}


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def months(request: ActorRequest) -> HttpResponse:
    """Show the months of the ledger, latest first."""
    found = AccountingMonth.objects.visible_to(request.actor).order_by("-first_on")
    return render(request, "agents/ledger.html", {"months": found})


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def balance(request: ActorRequest, month: str) -> HttpResponse:
    """Show where each account stands in a month; of one budget, if it is asked for."""
    wanted, budget = _month(request, month), request.GET.get("budget", "")
    context = {
        **_balance(wanted, budget),
        "budgets": budgets.budgets(on=wanted.first_on),
        "budget": budget,
        "asked": paging.address(request),
    }
    return render(request, "agents/ledger_month.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def entries(request: ActorRequest, month: str) -> HttpResponse:
    """Show the entries of a month, of one journal if it is asked for, in the order in which they were posted."""
    wanted, journal = _month(request, month), request.GET.get("journal", "")
    found = list(queries.entries(wanted.first_on, journal=journal, after=paging.key(request, "apres"))[:PAGE])
    context = {
        "month": wanted,
        "entries": found,
        "journals": list(JournalCode),
        "journal": journal,
        "next": _next(request, found),
    }
    return render(request, "agents/ledger_entries.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def account(request: ActorRequest, month: str) -> HttpResponse:
    """Show the lines of an account in a month, with where it stood before and stands after."""
    wanted, code = _month(request, month), request.GET.get("compte", "")
    try:
        named = accounting.account(code, on=wanted.first_on)
    except NoAccount as unknown:
        raise Http404 from unknown
    after = paging.key(request, "apres")
    lines = list(queries.lines_of(code, wanted.first_on, actor=request.actor, after=after)[:PAGE])
    position = next((one for one in queries.trial_balance(wanted.first_on) if one.account.code == code), None)
    opening = (position.opening if position else Decimal(0)) + queries.moved_until(code, wanted.first_on, last=after)
    context = {
        "month": wanted,
        "account": named,
        "position": position,
        "lines": list(zip(lines, lettering.balances([line.moved for line in lines], opening=opening), strict=True)),
        "next": _next(request, lines),
    }
    return render(request, "agents/ledger_account.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def entry(request: ActorRequest, pk: int) -> HttpResponse:
    """Show an entry, its lines, and the piece that proves it."""
    readable = AccountingEntry.objects.visible_to(request.actor).saying_amount()
    wanted = get_object_or_404(readable.select_related("month", "posted_by", "reverses", "reversal"), pk=pk)
    found = wanted.lines.filter(pk__gt=paging.key(request, "apres") or 0).order_by("pk")
    lines = list(found.saying_who_is_known_to(request.actor)[:PAGE])
    context = {"entry": wanted, "lines": lines, "next": _next(request, lines), **_piece(request, wanted.piece)}
    return render(request, "agents/ledger_entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def closing(request: ActorRequest, month: str) -> HttpResponse:
    """Show what a month comes to before it is closed; propose to close it, close it, or take the proposal back."""
    wanted = _month(request, month)
    if request.method == "POST":
        step = _STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        act, done = step
        try:
            act(month=wanted, by=request.actor)
            messages.success(request, done)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("agents:close_month", month)
    context = _balance(wanted)
    context |= {
        "steps": wanted.steps_open_to(request.actor),
        "mine": wanted.belongs_to(request.actor.signatory),
        "suspense": queries.in_suspense(context["positions"]),
    }
    return render(request, "agents/ledger_closing.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def export_balance(request: ActorRequest, month: str) -> StreamingHttpResponse:
    """Give the trial balance of a month as CSV."""
    wanted, budget = _month(request, month), request.GET.get("budget", "")
    return tables.as_csv(exports.trial_balance(wanted.first_on, budget=budget), name=f"balance-{month}")


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def export_entries(request: ActorRequest, month: str) -> StreamingHttpResponse:
    """Give the entries of a month as CSV, line after line, in the columns of the file of entries."""
    wanted = _month(request, month)
    actions.note_export(month=wanted, by=request.actor)
    return tables.as_csv(exports.entries(wanted.first_on), name=f"ecritures-{month}")


def _month(request: ActorRequest, typed: str) -> AccountingMonth:
    try:
        first_on = date.fromisoformat(f"{typed}-01")
    except ValueError as unknown:
        raise Http404 from unknown
    return get_object_or_404(AccountingMonth.objects.visible_to(request.actor), pk=first_on)


def _balance(month: AccountingMonth, budget: str = "") -> dict[str, Any]:
    """Gather where each account stands in a month, and what all of them come to."""
    positions = queries.trial_balance(month.first_on, budget=budget)
    debit, credit = (sum(getattr(one, side) for one in positions) for side in ("debit", "credit"))
    return {"month": month, "positions": positions, "debit": debit, "credit": credit, "balanced": debit == credit}


def _piece(request: ActorRequest, piece: str) -> dict[str, Any]:
    """Find the order, the batch or the discrepancy that a piece is, if this actor may see it; of a debt, the order."""
    orders, added = PaymentOrder.objects.visible_to(request.actor), _ADDED.search(piece)
    reference, of_debt = _ADDED.sub("", piece), _OF_A_DEBT.fullmatch(piece)
    found = Discrepancy.objects.visible_to(request.actor).filter(pk=added["discrepancy"]) if added else None
    named = Q(decision__debts__reference=of_debt["debt"]) if of_debt else Q(reference=reference)
    return {
        "discrepancy": found.first() if found else None,
        "order": orders.filter(named).first(),
        "batch": Batch.objects.visible_to(request.actor).filter(reference=reference).first(),
    }


def _next(request: ActorRequest, rows: list[Any]) -> str:
    """Write where one goes on after a page that is full."""
    last = paging.last(rows, size=PAGE)
    return paging.address(request, apres=last.pk) if last else ""
