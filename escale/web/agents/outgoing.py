"""« Courrier à poster » : letters are printed together, put in envelopes, given to the post."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.notices import actions as notices
from escale.domain.notices.models import LetterBatch, PaperLetter
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing

SHOWN = 20


@require_safe
@wearing(Role.COUNTER, Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show how many letters wait, and the latest batches."""
    seen = LetterBatch.objects.visible_to(request.actor).saying_if_near(request.actor)
    latest = seen.order_by("-pk")[:SHOWN]
    waiting = PaperLetter.objects.visible_to(request.actor).to_print().count()
    batches = [(batch, batch.steps_open_to(request.actor)) for batch in latest]
    return render(request, "agents/outgoing.html", {"batches": batches, "waiting": waiting})


@require_POST
@wearing(Role.COUNTER, Role.SUPERVISOR)
def prepare(request: ActorRequest) -> HttpResponse:
    """Gather the letters that wait."""
    try:
        batch = notices.gather(by=request.actor)
        messages.success(request, _("Envoi %s préparé : prenez son fichier, imprimez-le, postez.") % batch)
    except notices.NothingToPost:
        messages.info(request, _("Aucun courrier n’attend d’être posté."))
    return redirect("agents:outgoing")


@require_POST
@wearing(Role.COUNTER, Role.SUPERVISOR)
def take(request: ActorRequest, number: str) -> HttpResponse:
    """Give the letters of a batch as one PDF; each taking is written in the journal."""
    batch = _asked_for(request, number)
    try:
        content = notices.take(batch=batch, by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("agents:outgoing")
    name = f'attachment; filename="{batch.number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


@require_POST
@wearing(Role.COUNTER, Role.SUPERVISOR)
def posted(request: ActorRequest, number: str) -> HttpResponse:
    """Write that a batch was given to the post: its file is no more."""
    try:
        notices.mark_posted(batch=_asked_for(request, number), by=request.actor)
        messages.success(request, _("Envoi posté : ce que disaient ces courriers est détruit."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:outgoing")


def _asked_for(request: ActorRequest, number: str) -> LetterBatch:
    return get_object_or_404(LetterBatch.objects.visible_to(request.actor), number=number)
