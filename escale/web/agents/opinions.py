"""The physicians' counter: the questions of the agents, what came under medical seal, and the coded answers."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import medical, notes, queries, silence
from escale.domain.claims import waiting as pausing
from escale.domain.claims.models import Claim, MedicalNote
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.agents import screens
from escale.web.agents.door import asked_for
from escale.web.agents.forms import OpinionForm
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.PHYSICIAN)
def waiting(request: ActorRequest) -> HttpResponse:
    """Show what waits for a physician, what came first coming first, and what silence would soon grant."""
    asked = list(medical.asked(actor=request.actor, after=paging.moment(request, "apres")))
    context = {
        "claims": asked,
        "after": _following(asked),
        "sealed": list(medical.sealed(actor=request.actor)),
        "overdue": medical.overdue(actor=request.actor),
        "hours": medical.hours_aimed_at(),
        "near": silence.near(actor=request.actor),
    }
    return render(request, "agents/opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.PHYSICIAN)
def show(request: ActorRequest, number: str) -> HttpResponse:
    """Show a question, or papers under seal, and take the physician's answer."""
    claim = asked_for(request, number)
    prefetch_related_objects([claim], Prefetch("pauses", pausing.pauses()))
    unasked = medical.unasked_since(claim)
    question = None if unasked else queries.opinions(claim).last()
    form = OpinionForm(request.POST if request.method == "POST" else None, asked=question)
    if request.method == "POST" and form.is_valid():
        try:
            if question:
                claims.give_opinion(opinion=question, by=request.actor, **form.answer())
            else:
                claims.consider_papers(claim=claim, by=request.actor, **form.answer())
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Avis rendu : le gestionnaire voit l’avis et son code, jamais la note."))
            return redirect("agents:opinions")
    lines = list(queries.lines(claim))
    context = {
        "claim": claim,
        "asked": question,
        "unasked": unasked,
        "past": [(note, notes.text(note)) for note in _past(request.actor, claim)],
        "lines": lines,
        "form": form,
        "steps": claim.steps_open_to(request.actor),
    }
    cares = {line.care for line in lines}
    shown = screens.papers(claim, actor=request.actor, asked=pausing.asked(claim), cares=cares)
    return render(request, "agents/opinion.html", context | shown | {"absent": ()})  # these are the agent's to ask for


def _past(actor: Actor, claim: Claim) -> QuerySet[MedicalNote]:
    notes = MedicalNote.objects.visible_to(actor).filter(opinion__claim=claim)
    return notes.select_related("opinion__given_by").order_by("pk")


def _following(asked: list[Any]) -> str:
    """Write where one goes on after these claims; nothing if no other follows."""
    last = paging.last(asked, size=medical.PAGE)
    return f"{last.waits_since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{last.pk}" if last else ""
