"""Appeals behind the counter: what waits, what is prepared, and what the commission answered."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries
from escale.domain.appeals.models import Appeal
from escale.domain.case import Unacceptable
from escale.domain.debts.models import Debt
from escale.rules.lifecycle import StepRefused
from escale.web.agents.after_forms import AnswerForm, PostedForm
from escale.web.agents.door import appeal_asked_for
from escale.web.agents.queue import cursor
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def waiting(request: ActorRequest) -> HttpResponse:
    """Show the appeals that wait for an answer, those to carry out or those of silence, the first due first."""
    asked = request.GET.get("voir", "")
    view = queries.View(asked) if asked in queries.View.values else queries.View.WAITING
    found = list(queries.queue(actor=request.actor, view=view, after=cursor(request)))
    last = found[-1] if len(found) == queries.PAGE else None
    rows = [(one, view is queries.View.TO_CARRY_OUT and queries.waits_for_payment(one)) for one in found]
    context = {"rows": rows, "view": view, "views": queries.View, "after": f"{last.due_on}_{last.pk}" if last else ""}
    return render(request, "agents/appeals.html", context)


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show an appeal, the decision that it contests, and what is to be done."""
    return _page(request, appeal_asked_for(request, reference))


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def examine(request: ActorRequest, reference: str) -> HttpResponse:
    """Take an appeal to prepare it."""
    appeal = appeal_asked_for(request, reference)
    return _done(request, appeal, lambda: appeals.examine(appeal=appeal, by=request.actor), _("Recours à l’examen."))


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def receive(request: ActorRequest, reference: str) -> HttpResponse:
    """Note what came by post."""
    appeal, form = appeal_asked_for(request, reference), PostedForm(request.POST)

    def note() -> None:
        appeals.receive(appeal=appeal, request_key=form.key(), by=request.actor, **form.typed())

    anew = _("Courrier noté : le délai court à partir de sa réception.")
    said = anew if queries.restarts(appeal) else _("Courrier noté : le délai court toujours à partir du recours.")
    return _done(request, appeal, note, said, posted=form)


@require_POST
@wearing(Role.SUPERVISOR)
def answer(request: ActorRequest, reference: str) -> HttpResponse:
    """Enter what the commission decided."""
    appeal, form = appeal_asked_for(request, reference), AnswerForm(request.POST)

    def enter() -> None:
        appeals.answer(appeal=appeal, by=request.actor, **form.typed())

    return _done(request, appeal, enter, _("Décision enregistrée : l’assuré en est prévenu."), answering=form)


@require_POST
@wearing(Role.SUPERVISOR)
def take_up(request: ActorRequest, reference: str) -> HttpResponse:
    """Have an agent decide again."""
    appeal = appeal_asked_for(request, reference)
    said = _("La demande est rendue aux gestionnaires, qui décident de nouveau.")
    already = _("Déjà à décider de nouveau : la décision contestée ne tenait plus. Ce recours est clos.")
    return _done(request, appeal, lambda: None if appeals.take_up(appeal=appeal, by=request.actor) else already, said)


def _done(
    request: ActorRequest, appeal: Appeal, act: Callable[[], str | None], said: str, **forms: Form
) -> HttpResponse:
    """Do what was asked, and say so, or what `act` says instead; what was typed wrong is shown where it is."""
    if all(form.is_valid() for form in forms.values()):
        try:
            messages.success(request, act() or said)
        except Unacceptable as refusal:
            for form in forms.values():
                form.refuse(refusal.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
    if any(form.errors for form in forms.values()):
        return _page(request, appeal_asked_for(request, appeal.reference), **forms)
    return redirect("agents:appeal", appeal.reference)


def _page(request: ActorRequest, appeal: Appeal, **forms: Form) -> HttpResponse:
    steps = appeal.steps_open_to(request.actor)
    if appeal.taken_up_at:
        steps -= {"take_up", "carry_out"}
    context: dict[str, Any] = {
        "appeal": appeal,
        "claim": appeal.decision.claim,
        "lines": list(appeal.decision.lines.select_related("bill").order_by("bill_id", "pk")),
        "papers": list(appeal.papers.select_related("document").order_by("pk")),
        "supplements": list(appeal.supplements.order_by("pk")),
        "debt": Debt.objects.visible_to(request.actor).filter(reference=appeal.overpayment).first(),
        "steps": steps - {"take_up" if appeal.overpayment else "carry_out"},
        "stands_aside": request.actor.signatory.pk in {appeal.decision.by_id, appeal.decision.seconded_by_id},
        "answerable": bool(steps & {"grant", "grant_part", "reject"}),
        "form": next((form for form in forms.values() if form.errors), None),
    }
    unbound = {"posted": PostedForm(initial={"request_key": uuid.uuid4()}), "answering": AnswerForm()}
    return render(request, "agents/appeal.html", context | unbound | forms)
