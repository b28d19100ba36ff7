"""The physicians' counter: the questions of the agents, and their coded answers."""

from django.contrib import messages
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import notes, queries
from escale.domain.claims import waiting as pausing
from escale.domain.claims.models import Claim, MedicalNote
from escale.rules.lifecycle import StepRefused
from escale.web.agents import screens
from escale.web.agents.door import asked_for
from escale.web.agents.forms import OpinionForm
from escale.web.agents.queue import cursor, following
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.PHYSICIAN)
def waiting(request: ActorRequest) -> HttpResponse:
    """Show the claims on which an opinion is asked, what is due first coming first."""
    asked = list(queries.queue(actor=request.actor, after=cursor(request)))
    return render(request, "agents/opinions.html", {"claims": asked, "after": following(asked)})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.PHYSICIAN)
def show(request: ActorRequest, number: str) -> HttpResponse:
    """Show a question with its papers, and take the physician's answer."""
    claim = asked_for(request, number)
    prefetch_related_objects([claim], Prefetch("pauses", pausing.pauses()), "alerts")
    opinions = list(queries.opinions(claim))
    form = OpinionForm(request.POST if request.method == "POST" else None, asked=opinions[-1])
    if request.method == "POST" and form.is_valid():
        try:
            claims.give_opinion(opinion=opinions[-1], by=request.actor, **form.answer())
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Avis rendu : le gestionnaire voit l’avis et son code, jamais la note."))
            return redirect("agents:opinions")
    context = {
        "claim": claim,
        "asked": opinions[-1],
        "past": [(note, notes.text(note)) for note in _past(request.actor, claim)],
        "lines": queries.lines(claim),
        "form": form,
        "steps": claim.steps_open_to(request.actor),
    }
    return render(request, "agents/opinion.html", context | screens.papers(claim, actor=request.actor))


def _past(actor: Actor, claim: Claim) -> QuerySet[MedicalNote]:
    notes = MedicalNote.objects.visible_to(actor).filter(opinion__claim=claim)
    return notes.select_related("opinion__given_by").order_by("pk")
