"""What those who treat a claim write beside it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import asked_for
from escale.web.agents.forms import RemarkForm
from escale.web.hats import ActorRequest, wearing


@require_POST
@wearing(Role.AGENT)
def write(request: ActorRequest, number: str) -> HttpResponse:
    """Add a note to a claim."""
    claim, form = asked_for(request, number), RemarkForm(request.POST)
    if form.is_valid():
        try:
            claims.remark(claim=claim, text=form.cleaned_data["text"], by=request.actor)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
    for error in form.errors.get("text", []):
        messages.error(request, error)
    return redirect(f"{reverse('agents:case', args=[number])}#annotations")
