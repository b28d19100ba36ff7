"""The signs seen on claims: each says why, an agent says what it was worth, and nothing waits for it."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment, Claim
from escale.domain.controls import actions as controls
from escale.domain.controls import explaining, queries
from escale.domain.controls.lifecycle import SignalStatus
from escale.domain.controls.models import Signal
from escale.rules.doubles import Kind, Weight
from escale.rules.lifecycle import StepRefused
from escale.web import paging, tables
from escale.web.agents.door import asked_for, look
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing

_COLOURS = {Weight.STRONG.value: "error", Weight.MEDIUM.value: "warning", Weight.WEAK.value: "info"}
_OUTCOMES = [SignalStatus.CONFIRMED, SignalStatus.HARMLESS, SignalStatus.UNCLEAR]
_LONGEST_NOTE = 300
_SHOWN = 3


class Told(NamedTuple):
    """A sign as a page shows it."""

    signal: Signal
    why: str
    colour: str
    steps: frozenset[str]


class SearchForm(Form):
    """Which signs to read."""

    nature = forms.ChoiceField(
        label=gettext_lazy("Nature"),
        choices=[("", gettext_lazy("Toutes")), *((kind.value, kind.label) for kind in Kind)],
        required=False,
    )
    suite = forms.ChoiceField(
        label=gettext_lazy("Suite"), choices=[("", gettext_lazy("Toutes")), *SignalStatus.choices], required=False
    )


class OutcomeForm(Form):
    """What a sign was worth."""

    outcome = forms.ChoiceField(choices=[(one.value, one.label) for one in _OUTCOMES], widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Ce que vous avez trouvé"),
        help_text=gettext_lazy("Sans mot de santé : les superviseurs le lisent."),
        max_length=_LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def of_case(claim: Claim, *, actor: Actor) -> dict[str, Any]:
    """Gather the signs of a claim for its screen: `agents/case_signals.html` shows the first, and folds the others."""
    signals = queries.of_claim(claim, actor=actor) if queries.has_signals(claim) else ()
    told = _told(signals, actor, beside=claim)
    return {"signals": told[:_SHOWN], "other_signals": told[_SHOWN:]}


def to_see_first(claim: Claim, *, actor: Actor) -> list[Told]:
    """Gather the strong signs that nobody has looked at: `agents/decide_signals.html` shows them."""
    return _told(queries.to_see_first(claim, actor=actor), actor, beside=claim)


def _told(signals: Iterable[Signal], actor: Actor, *, beside: Claim | None = None) -> list[Told]:
    return [
        Told(one, explaining.why(one, beside=beside), _COLOURS[one.weight], one.LIFECYCLE.open_to(
            status=one.status, role=actor.role
        ))
        for one in signals
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def show(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Show a sign with the two papers side by side, and write what it was worth."""
    claim = asked_for(request, number)
    signal = get_object_or_404(queries.of_claim(claim, actor=request.actor), pk=pk)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        outcome = SignalStatus(form.cleaned_data["outcome"])
        try:
            controls.settle(signal=signal, outcome=outcome, note=form.cleaned_data["note"], by=request.actor)
            messages.success(request, _("C’est noté. La demande suit son cours."))
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{reverse('agents:case', args=[number])}#signalements")
    if form.is_bound:
        messages.error(request, _("Dites ce que vaut ce signalement : confirmé, sans suite ou indécis."))
    told = _told([signal], request.actor, beside=claim)[0]
    papers = [_paper(request, one) for one in (signal.paper, signal.other_paper) if one]
    context = {"claim": claim, "told": told, "papers": papers, "form": form, "outcomes": _OUTCOMES}
    return render(request, "agents/signal.html", context | {"compared": bool(signal.paper or signal.other_paper)})


def _paper(request: ActorRequest, paper: Attachment) -> dict[str, Any] | None:
    """Gather a paper if this agent may see it; whoever looks at another file leaves a line there."""
    seen = Attachment.objects.visible_to(request.actor).select_related("document", "claim__insured").filter(pk=paper.pk)
    found = seen.first()
    if found is None:
        return None
    look(request, found.claim.insured, found.claim, number=found.claim.number)
    return {"attachment": found, "pages": list(found.document.pages.order_by("number"))}


@require_safe
@wearing(Role.SUPERVISOR)
def listing(request: ActorRequest) -> HttpResponse:
    """Show all the signs, fifty at a time, and what each kind is worth."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.signals(
        actor=request.actor,
        kind=wanted.get("nature", ""),
        status=wanted.get("suite", ""),
        before=paging.key(request, "avant"),
    )
    signals = _told(found, request.actor)
    last = paging.last(signals, size=queries.PAGE)
    context = {
        "form": form,
        "signals": signals,
        "after": paging.address(request, avant=last.signal.pk) if last else "",
        "precision": queries.precision(),
        "export": paging.address(request, avant=None),
    }
    return render(request, "agents/signals.html", context)


@require_safe
@wearing(Role.SUPERVISOR)
def export(request: ActorRequest) -> StreamingHttpResponse:
    """Give the signs that were asked for as CSV, line after line."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.signals(
        actor=request.actor, kind=wanted.get("nature", ""), status=wanted.get("suite", ""), most=None
    )
    return tables.as_csv(_lines(found.iterator(chunk_size=1000)), name=f"signalements-{timezone.localdate():%F}")


def _lines(signals: Iterable[Signal]) -> Iterator[tuple[Any, ...]]:
    yield "demande", "autre_demande", "nature", "poids", "suite", "vu_le", "regarde_le", "pourquoi"
    for one in signals:
        other = one.other.number if one.other and one.names_other else ""
        days = (f"{timezone.localtime(at):%F}" if at else "" for at in (one.raised_at, one.settled_at))
        yield one.claim.number, other, one.kind, one.weight, one.status, *days, explaining.why(one)


@require_POST
@wearing(Role.SUPERVISOR)
def review(request: ActorRequest, pk: int) -> HttpResponse:
    """Have a sign looked at again."""
    signal = get_object_or_404(Signal.objects.visible_to(request.actor), pk=pk)
    try:
        controls.review(signal=signal, by=request.actor)
        messages.success(request, _("Ce signalement est à regarder à nouveau."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:signals")
