"""The counter where somebody comes with a proof of identity, and leaves with a code."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment import queries
from escale.domain.enrolment.lifecycle import Status
from escale.domain.enrolment.models import CODE_KEPT, Enrolment, IdentityPaper
from escale.domain.notices import queries as notices
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import look, within
from escale.web.forms import AS_TYPED, Form
from escale.web.hats import ActorRequest, First, wearing


class SearchForm(Form):
    """A NIR or the number of a request: typed in a form, never in an address."""

    wanted = forms.CharField(
        label=gettext_lazy("Numéro de sécurité sociale, ou numéro de demande"),
        help_text=gettext_lazy("Entier : rien n’est cherché par le nom."),
        max_length=40,
        widget=forms.TextInput(attrs=AS_TYPED),
    )


class PaperForm(Form):
    """What proof of identity was looked at."""

    paper = forms.ChoiceField(
        label=gettext_lazy("J’ai vérifié son identité avec"),
        choices=IdentityPaper.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites quelle pièce vous avez vue : sans elle, pas de code.")},
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.COUNTER)
def search(request: ActorRequest) -> HttpResponse:
    """Find the open requests of somebody who stands at the counter."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Enrolment] = []
    if request.method == "POST" and form.is_valid():
        found = list(queries.found(form.cleaned_data["wanted"], actor=request.actor))
        if len(found) == 1:
            return redirect("agents:counter_request", found[0].number)
        for enrolment in found:
            _look(request, enrolment)
    return render(request, "agents/counter.html", {"form": form, "found": found, "asked": form.is_bound})


@require_safe
@wearing(Role.COUNTER)
def show(request: ActorRequest, number: str) -> HttpResponse:
    """Show what an identity is checked against, and nothing else."""
    return _shown(request, _asked_for(request, number), PaperForm())


@require_POST
@wearing(Role.COUNTER)
def hand(request: ActorRequest, number: str) -> HttpResponse:
    """Show a new code, once: it can never be shown again."""
    enrolment = _asked_for(request, number)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _shown(request, enrolment, form)
    try:
        code = enrolments.draw(enrolment=enrolment, step="hand", by=request.actor, paper=form.cleaned_data["paper"])
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("agents:counter")
    until = timezone.localtime(timezone.now() + CODE_KEPT)
    return render(request, "agents/counter_code.html", {"enrolment": enrolment, "code": code, "until": until})


@require_POST
@wearing(Role.COUNTER)
def post_again(request: ActorRequest, number: str) -> HttpResponse:
    """Have a new code posted."""
    enrolment = _asked_for(request, number)
    try:
        enrolments.post_again(enrolment=enrolment, by=request.actor)
        messages.success(request, _("Un nouveau code part dans le prochain envoi ; le précédent ne sert plus."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:counter_request", number)


def _asked_for(request: ActorRequest, number: str) -> Enrolment:
    """
    Return the request of this number, if this actor may see it, and note that they look at who it is about.

    :raises First: if they printed its letter, or its file is protected and it was not said why it is opened.
    """
    enrolment: Enrolment = get_object_or_404(within(request, Enrolment), number=number)
    if notices.has_taken(request.actor.signatory, about=enrolment):
        messages.error(request, _("Vous avez imprimé un courrier de cette demande : une autre personne la traite."))
        raise First(reverse("agents:counter"))
    _look(request, enrolment)
    return enrolment


def _look(request: ActorRequest, enrolment: Enrolment) -> None:
    if enrolment.shut:
        raise First(reverse("agents:open_request", args=[enrolment.number]))
    assert enrolment.insured
    look(request, enrolment.insured, enrolment)


def _shown(request: ActorRequest, enrolment: Enrolment, form: PaperForm) -> HttpResponse:
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "email": queries.masked(enrolment.email),
        "doubtful": enrolment.status == Status.DOUBTFUL,
        "form": form,
        "steps": enrolment.steps_open_to(request.actor),
        "reachable": queries.has_address(enrolment),
    }
    return render(request, "agents/counter_request.html", context)
