"""The papers that an agent asks the insured person for, and those for which they no longer wait."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import asking
from escale.domain.claims.asking import Askable
from escale.domain.claims.models import Claim
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import asked_for
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


class AskForm(Form):
    """Of each paper chosen, the sentence that the insured person will read: what it must show, as the law has it."""

    def __init__(self, *args: Any, chosen: list[Askable], **options: Any) -> None:
        self.base_fields = {one.key: _sentence(one) for one in chosen}
        super().__init__(*args, **options)


def _sentence(one: Askable) -> forms.CharField:
    return forms.CharField(
        label=one.label,
        initial=one.paper.why,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Dites à l’assuré ce que cette pièce doit montrer.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def ask(request: ActorRequest, number: str) -> HttpResponse:
    """Choose papers, then ask for them all at once; the screen of the claim may propose those that miss."""
    claim = asked_for(request, number)
    return _ask(request, claim, asking.askable(claim, by=request.actor), back="agents:case")


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.PHYSICIAN)
def ask_under_seal(request: ActorRequest, number: str) -> HttpResponse:
    """Ask for papers that only physicians read: they come under medical seal."""
    claim = asked_for(request, number)
    return _ask(request, claim, asking.askable(claim, by=request.actor), back="agents:opinion")


def _ask(request: ActorRequest, claim: Claim, askable: list[Askable], *, back: str) -> HttpResponse:
    chosen = [one for one in askable if one.key in request.POST.getlist("paper")]
    form = AskForm(None if "proposed" in request.POST else request.POST or None, chosen=chosen)
    if chosen and form.is_bound and form.is_valid():
        try:
            asked = claims.ask_papers(claim=claim, wanted=form.cleaned_data, by=request.actor)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _done(len(asked)))
        return redirect(back, claim.number)
    if request.POST.getlist("paper") and not chosen:  # the same request came twice, or another agent was first
        messages.info(request, _("Ces pièces sont déjà demandées."))
        return redirect(back, claim.number)
    if request.method == "POST" and not chosen:
        messages.error(request, _("Cochez au moins une pièce."))
    steps = claim.steps_open_to(request.actor)
    shown = {"claim": claim, "steps": steps, "form": form, "chosen": chosen, "askable": askable, "back": back}
    return render(request, "agents/ask_papers.html", shown)


def _done(asked: int) -> str:
    told = ngettext("Pièce demandée : l’assuré est prévenu.", "%(n)d pièces demandées : l’assuré est prévenu.", asked)
    return told % {"n": asked}


@require_POST
@wearing(Role.AGENT)
def forgo(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Wait no more for a paper."""
    claim = asked_for(request, number)
    asked = get_object_or_404(claim.asked_papers.select_related("claim"), pk=pk)
    try:
        claims.forgo_paper(asked=asked, by=request.actor)
        messages.success(request, _("Pièce plus attendue : « %s ».") % asked.label)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:case", number)
