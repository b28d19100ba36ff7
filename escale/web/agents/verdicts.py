"""What an agent finds of one paper, and what the insured person reads of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import waiting
from escale.domain.claims.models import Attachment
from escale.rules.lifecycle import StepRefused
from escale.web.agents import screens
from escale.web.agents.door import asked_for
from escale.web.agents.forms import VerdictForm
from escale.web.hats import ActorRequest, wearing


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def judge(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Take what the agent finds of a paper; asked for with a verdict, propose the sentence that goes with it."""
    claim = asked_for(request, number)
    attachment = get_object_or_404(waiting.judgeable(claim, actor=request.actor), pk=pk)
    form = VerdictForm(
        request.POST if request.method == "POST" else None,
        attachment=attachment,
        proposed=request.GET.get("constat", ""),
    )
    if request.method == "POST" and form.is_valid():
        try:
            claims.judge(attachment=attachment, by=request.actor, **form.retained())
            messages.success(request, _("Constat enregistré."))
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(_place(attachment))
    if not form.is_bound and not form.proposes:
        return redirect(_place(attachment))
    return render(request, "agents/case.html", screens.case(claim, actor=request.actor, judged=form))


def _place(attachment: Attachment) -> str:
    """Return the address of a paper on the screen of its claim."""
    return f"{reverse('agents:case', args=[attachment.claim.number])}#piece-{attachment.pk}"
