"""Contesting a decision of the Fund: filing an appeal, completing it, following it, and where to go after it."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries
from escale.domain.appeals.lifecycle import Status
from escale.domain.appeals.models import Appeal, Point
from escale.domain.case import BeyondAuthority, Unacceptable
from escale.domain.claims import queries as of_claims
from escale.domain.claims import secrecy
from escale.domain.claims.models import Arrival, Claim, ClaimLine, Decision
from escale.domain.debts import queries as of_debts
from escale.domain.debts.models import Debt
from escale.rules import contesting, recourse
from escale.rules.deadlines import Residence
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing
from escale.web.insured import papers
from escale.web.insured.after_forms import AppealForm, SupplementForm
from escale.web.insured.bill_forms import PapersForm
from escale.web.insured.journey import own


def standing(claim: Claim, lines: Iterable[ClaimLine], *, actor: Actor) -> dict[str, Any]:
    """Return what may be contested of a claim, and what is or was: appeals, and sums claimed back (2 queries)."""
    decided = {line.decision_id for line in lines if line.decision and line.decision.stands}
    if not claim.decisions.all():
        return {}
    filed = list(queries.of_claim(claim, actor=actor))
    contested = {appeal.decision_id for appeal in filed if appeal.is_open and not appeal.overpayment}
    return {
        "contestable": [one for one in claim.decisions.all() if one.pk in decided - contested],
        "appeals": filed,
        "debts": list(of_debts.of_claim(claim, actor=actor)),
    }


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Contest a decision before the commission."""
    claim = own(request, number)
    decision = get_object_or_404(queries.contestable(claim), pk=pk)
    decision.claim = claim
    return _file(request, decision, until=queries.appealable_until(decision))


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def contest_debt(request: ActorRequest, reference: str) -> HttpResponse:
    """Contest before the commission a sum that the Fund claims back."""
    debt = _debt(request, reference)
    return _file(request, debt.decision, until=_until(debt), debt=debt)


def offer(request: ActorRequest, reference: str, *, words: str) -> HttpResponse:
    """Take words that came too late to rectify a debt as those of an appeal (CSS, art. R. 133-9-2, IV, 1°)."""
    debt = _debt(request, reference)
    going_on = Appeal.objects.visible_to(request.actor).filter(decision=debt.decision, overpayment=debt.reference)
    said = _("Le délai pour demander une rectification est passé : ce que vous avez écrit devient un recours.")
    for appeal in going_on.select_related("insured", "decision__claim"):
        if appeal.is_open:
            messages.info(request, _("%s Le vôtre est en cours : ajoutez-y ces mots.") % said)
            return _page(request, appeal, SupplementForm(initial={"request_key": uuid.uuid4(), "text": words}))
    messages.info(request, _("%s Relisez-le, puis déposez-le.") % said)
    return _file(request, debt.decision, until=_until(debt), debt=debt, words=words)


def _debt(request: ActorRequest, reference: str) -> Debt:
    debts = Debt.objects.visible_to(request.actor).select_related("insured", "decision__claim__insured")
    return get_object_or_404(debts, reference=reference)


def _until(debt: Debt) -> date:
    return of_debts.appealable_until(debt) or timezone.localdate()  # unread, no delay runs


def _file(
    request: ActorRequest, decision: Decision, *, until: date, debt: Debt | None = None, words: str | None = None
) -> HttpResponse:
    if request.actor.authority and "appeal.open" not in request.actor.authority.steps:
        raise BeyondAuthority
    claim, overpayment = decision.claim, debt.reference if debt else ""
    going_on = Appeal.objects.visible_to(request.actor).filter(decision=decision, overpayment=overpayment)
    already = [one for one in going_on if one.is_open]
    posted = request.method == "POST" and words is None
    if already and not posted:
        messages.info(request, _("Votre recours contre cette décision est en cours : le voici."))
        return redirect("insured:appeal", already[0].reference)
    hidden = secrecy.hides_nature(claim, reader=request.actor)
    points = queries.points(decision, reader=request.actor, owed=debt is not None)
    form = AppealForm(
        request.POST if posted else None,
        initial={"request_key": uuid.uuid4(), "text": words, "points": [Point.OWED] if debt else []},
        points=points,
        papers=[] if hidden else queries.papers(claim, actor=request.actor),
        labels={} if hidden else of_claims.paper_labels(claim),
    )
    if form.is_bound and form.is_valid():
        said = {"request_key": form.key(), "overpayment": overpayment, "until": until, **form.typed()}
        try:
            appeal = appeals.file(decision=decision, by=request.actor, **said)
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("insured:claim", claim.number)
        else:
            messages.success(request, _("Votre recours est déposé : gardez son numéro, %s.") % appeal)
            return redirect("insured:appeal", appeal.reference)
    context = {"claim": claim, "decision": decision, "debt": debt, "form": form, "until": until, "hidden": hidden}
    sealed = {"medical": Point.MEDICAL in points, "medical_commission": contesting.MEDICAL_COMMISSION}
    return render(request, "insured/contest.html", context | sealed | {"commission": recourse.COMMISSION})


@wearing(Role.INSURED)
@require_safe
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show where an appeal stands, and what comes next."""
    return _page(request, _own(request, reference), SupplementForm(initial={"request_key": uuid.uuid4()}))


@wearing(Role.INSURED)
@require_POST
def add(request: ActorRequest, reference: str) -> HttpResponse:
    """Add words to an appeal."""
    appeal, form = _own(request, reference), SupplementForm(request.POST)
    if not form.is_valid():
        return _page(request, appeal, form)
    try:
        appeals.add(appeal=appeal, request_key=form.key(), by=request.actor, **form.typed())
        messages.success(request, _("Votre complément est ajouté à votre recours."))
    except Unacceptable as refusal:
        form.refuse(refusal.errors)
        return _page(request, appeal, form)
    except StepRefused as refused:
        messages.error(request, str(refused))
    return redirect("insured:appeal", reference)


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: ActorRequest, reference: str) -> HttpResponse:
    """Join new files to an appeal, as long as it is open."""
    appeal = _own(request, reference)
    claim = appeal.decision.claim
    if "join_to_appeal" not in claim.steps_open_to(request.actor):
        raise BeyondAuthority
    if not appeal.is_open:
        messages.info(request, _("Ce recours est clos : il ne reçoit plus de fichier."))
        return redirect("insured:appeal", reference)
    form = PapersForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), claim=claim, appeal=reference
    )
    if form.is_bound and form.is_valid():
        try:
            papers.join(form, claim, request)
        except StepRefused as refused:
            messages.error(request, str(refused))
        if not form.errors:
            return redirect("insured:join_to_appeal" if _coming(appeal) else "insured:appeal", reference)
    coming = _coming(appeal)
    room = papers.room(list(queries.files(appeal)), coming)
    context = {"appeal": appeal, "claim": claim, "form": form, "arrivals": coming, "room": room}
    context["medical_commission"] = contesting.MEDICAL_COMMISSION
    return render(request, "insured/join_to_appeal.html", context)


def _coming(appeal: Appeal) -> list[Arrival]:
    """Return the files on their way to an appeal that ask for something."""
    return [one for one in papers.arrivals(appeal.decision.claim) if one.appeal == appeal.reference]


@wearing(Role.INSURED)
@require_POST
def withdraw(request: ActorRequest, reference: str) -> HttpResponse:
    """Give up an appeal."""
    appeal = _own(request, reference)
    try:
        appeals.withdraw(appeal=appeal, by=request.actor)
        messages.success(request, _("Votre recours est retiré."))
    except StepRefused as refused:
        messages.error(request, str(refused))
    return redirect("insured:appeal", reference)


def _own(request: ActorRequest, reference: str) -> Appeal:
    with_people = ("insured", "decision__claim__insured", "decision__claim__beneficiary__person")
    mine = Appeal.objects.visible_to(request.actor).select_related(*with_people)
    return get_object_or_404(mine, reference=reference)


def _page(request: ActorRequest, appeal: Appeal, form: SupplementForm) -> HttpResponse:
    if request.method != "HEAD":
        appeals.note_reading(appeal=appeal, by=request.actor)
    lost = appeal.status in {Status.REJECTED, Status.PARTLY, Status.SILENT}
    court = recourse.court(until=queries.court_until(appeal), residence=Residence(appeal.insured.residence))
    claim = appeal.decision.claim
    cited = appeal.papers.select_related("document").order_by("pk")
    context = {
        "appeal": appeal,
        "claim": claim,
        "supplements": list(appeal.supplements.order_by("pk")),
        "papers": secrecy.open_to(cited, claim, reader=request.actor),
        "files": secrecy.open_to(queries.files(appeal), claim, reader=request.actor),
        "labels": {},  # each is called by its appeal
        "hidden": secrecy.hides_nature(claim, reader=request.actor),
        "steps": appeal.steps_open_to(request.actor),
        "court": court if lost else "",
        "form": form,
    }
    return render(request, "insured/appeal.html", context)
