"""Appeals behind the counter: what waits, what is prepared, and what the commission answered."""

import uuid
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries
from escale.domain.appeals.models import Appeal
from escale.domain.debts.models import Debt
from escale.web import paging
from escale.web.agents.after_forms import AnswerForm, PostedForm
from escale.web.agents.answering import answering
from escale.web.agents.door import appeal_asked_for
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def waiting(request: ActorRequest) -> HttpResponse:
    """Show the appeals that wait for an answer, those to carry out or those of silence, the first due first."""
    asked = request.GET.get("voir", "")
    view = queries.View(asked) if asked in queries.View.values else queries.View.WAITING
    found = list(queries.queue(actor=request.actor, view=view, after=paging.due(request)))
    waits = queries.waits(found) if view is queries.View.TO_CARRY_OUT else {}
    rows = [(one, waits.get(one.pk)) for one in found]
    after = paging.after_due(found, size=queries.PAGE)
    context = {"rows": rows, "view": view, "views": queries.View, "after": after}
    return render(request, "agents/appeals.html", context)


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def show(request: ActorRequest, reference: str) -> HttpResponse:
    """Show an appeal, the decision that it contests, and what is to be done."""
    return _page(request, appeal_asked_for(request, reference))


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
        "files": list(queries.files(appeal).prefetch_related("document__pages")),
        "debt": Debt.objects.visible_to(request.actor).filter(reference=appeal.overpayment).first(),
        "wait": queries.waits([appeal]).get(appeal.pk) if "take_up" in steps else None,
        "steps": steps - {"take_up" if appeal.overpayment else "carry_out"},
        "stands_aside": request.actor.signatory.pk in {appeal.decision.by_id, appeal.decision.seconded_by_id},
        "answerable": bool(steps & {"grant", "grant_part", "reject"}),
        "form": next((form for form in forms.values() if form.errors), None),
    }
    unbound = {"posted": PostedForm(initial={"request_key": uuid.uuid4()}), "answering": AnswerForm()}
    return render(request, "agents/appeal.html", context | unbound | forms)


_answered_by = partial(answering, asked_for=appeal_asked_for, page=_page, route="agents:appeal")


@_answered_by(Role.AGENT, Role.SUPERVISOR)
def examine(appeal: Appeal, _form: Form, by: Actor) -> str:
    """Take an appeal to prepare it."""
    appeals.examine(appeal=appeal, by=by)
    return _("Recours à l’examen.")


@_answered_by(Role.AGENT, Role.SUPERVISOR, form=PostedForm, name="posted")
def receive(appeal: Appeal, form: PostedForm, by: Actor) -> str:
    """Note what came by post."""
    restarts = queries.restarts(appeal)
    appeals.receive(appeal=appeal, request_key=form.key(), by=by, **form.typed())
    if restarts:
        return _("Courrier noté : le délai court à partir de sa réception.")
    return _("Courrier noté : le délai court toujours à partir du recours.")


@_answered_by(Role.SUPERVISOR, form=AnswerForm, name="answering")
def answer(appeal: Appeal, form: AnswerForm, by: Actor) -> str:
    """Enter what the commission decided."""
    appeals.answer(appeal=appeal, by=by, **form.typed())
    return _("Décision enregistrée : l’assuré en est prévenu.")


@_answered_by(Role.SUPERVISOR)
def take_up(appeal: Appeal, _form: Form, by: Actor) -> str:
    """Have an agent decide again."""
    if appeals.take_up(appeal=appeal, by=by):
        return _("La demande est rendue aux gestionnaires, qui décident de nouveau.")
    return _("Déjà à décider de nouveau : la décision contestée ne tenait plus. Ce recours est clos.")
