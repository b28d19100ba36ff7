"""Bills and their lines: the third page of the way, and the small pages around it."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import estimates, queries
from escale.domain.claims.models import Bill, Claim, ClaimLine
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.bill_forms import BillForm, LineForm, known_line
from escale.web.insured.journey import drafting, stage

Kept = TypeVar("Kept")
require_page = require_http_methods(["GET", "HEAD", "POST"])


@wearing(Role.INSURED)
@require_safe
@drafting
def bills(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Show the bills of a draft, with their lines."""
    bills = list(queries.bills(claim))
    shown = {"claim": claim, "bills": bills, "estimates": estimates.of(claim, bills), "stage": stage("bills", claim)}
    return render(request, "insured/bills.html", shown)


@wearing(Role.INSURED)
@require_page
@drafting
def add_bill(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Add a bill, then go on with its first line."""
    initial = {"currency": queries.place(claim).currency, "request_key": uuid.uuid4()}
    form = BillForm(_posted(request), claim=claim, initial=initial)

    def add() -> Bill:
        return claims.add_bill(claim=claim, request_key=form.key(), by=request.actor, **form.typed())

    if bill := _accepted(form, add):
        return redirect("insured:add_line", claim.number, bill.pk)
    return render(request, "insured/bill.html", {"claim": claim, "form": form})


@wearing(Role.INSURED)
@require_page
@drafting
def change_bill(request: ActorRequest, claim: Claim, bill: int) -> HttpResponse:
    """Correct a bill."""
    kept = _bill(claim, bill)
    known = {"provider": kept.provider, "currency": kept.currency, "paid_on": kept.paid_on}
    form = BillForm(_posted(request), claim=claim, initial=known)

    def change() -> Bill:
        claims.change_bill(bill=kept, by=request.actor, **form.typed())
        return kept

    if _accepted(form, change):
        return redirect("insured:bills", claim.number)
    return render(request, "insured/bill.html", {"claim": claim, "form": form, "bill": kept})


@wearing(Role.INSURED)
@require_page
@drafting
def remove_bill(request: ActorRequest, claim: Claim, bill: int) -> HttpResponse:
    """Ask once more, then take a bill out, with its lines and its files."""
    kept = _bill(claim, bill)
    if request.method == "POST":
        claims.remove_bill(bill=kept, by=request.actor)
        messages.success(request, _("Facture retirée : %s.") % kept.provider)
        return redirect("insured:bills", claim.number)
    return render(request, "insured/remove_bill.html", {"claim": claim, "bill": kept})


@wearing(Role.INSURED)
@require_page
@drafting
def add_line(request: ActorRequest, claim: Claim, bill: int) -> HttpResponse:
    """Add a line to a bill, and another if asked."""
    kept = _bill(claim, bill)
    initial = {"given_on": kept.paid_on, "request_key": uuid.uuid4()}
    form = LineForm(_posted(request), bill=kept, initial=initial)

    def add() -> ClaimLine:
        return claims.add_line(bill=kept, request_key=form.key(), by=request.actor, **form.typed())

    if _accepted(form, add):
        if "another" in request.POST:
            messages.success(request, _("Ligne enregistrée. Ajoutez la suivante."))
            return redirect("insured:add_line", claim.number, kept.pk)
        return redirect("insured:bills", claim.number)
    return render(request, "insured/line.html", {"claim": claim, "form": form, "bill": kept})


@wearing(Role.INSURED)
@require_page
@drafting
def change_line(request: ActorRequest, claim: Claim, line: int) -> HttpResponse:
    """Correct a line."""
    kept = _line(claim, line)
    form = LineForm(_posted(request), bill=kept.bill, initial=known_line(kept))

    def change() -> ClaimLine:
        claims.change_line(line=kept, by=request.actor, **form.typed())
        return kept

    if _accepted(form, change):
        return redirect("insured:bills", claim.number)
    return render(request, "insured/line.html", {"claim": claim, "form": form, "bill": kept.bill, "line": kept})


@wearing(Role.INSURED)
@require_POST
@drafting
def remove_line(request: ActorRequest, claim: Claim, line: int) -> HttpResponse:
    """Take a line out of a bill."""
    claims.remove_line(line=_line(claim, line), by=request.actor)
    messages.success(request, _("Ligne retirée."))
    return redirect("insured:bills", claim.number)


def _posted(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _bill(claim: Claim, pk: int) -> Bill:
    return get_object_or_404(claim.bills.select_related("claim"), pk=pk)


def _line(claim: Claim, pk: int) -> ClaimLine:
    return get_object_or_404(ClaimLine.objects.select_related("bill__claim"), bill__claim=claim, pk=pk)


def _accepted(form: Form, save: Callable[[], Kept]) -> Kept | None:
    """Return what was saved, or nothing when the form has something to say."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return save()
    except claims.Unacceptable as refusal:
        form.refuse(refusal.errors)
        return None
