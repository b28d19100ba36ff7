"""The auditors' counter: what happened and under which hat; no content, and nobody's name."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.journal import actions as journal
from escale.domain.journal import queries
from escale.domain.journal.models import Entry
from escale.web import paging, tables
from escale.web.forms import AS_TYPED, Day, Form
from escale.web.hats import ActorRequest, wearing

PAGE = 50
_TELLING = {"claim.settle_stay": ("before", "after")}
"""Facts that would tell of somebody's life: where they stayed, why, and between which days."""


class SearchForm(Form):
    """Which entries to read."""

    event = forms.CharField(
        label=_("Événement"),
        help_text=_("Ou son début, par exemple claim."),
        max_length=64,
        required=False,
        widget=forms.TextInput(AS_TYPED),
    )
    subject = forms.CharField(
        label=_("Objet"),
        help_text=_("Par exemple claims.claim:12, ou sa sorte."),
        max_length=64,
        required=False,
        widget=forms.TextInput(AS_TYPED),
    )
    hat = forms.ChoiceField(
        label=_("Casquette"),
        help_text=_("Sous laquelle l’acte a été fait."),
        choices=[("", _("Toutes")), *Role.choices],
        required=False,
    )
    since = Day(label=_("Du"), required=False)
    until = Day(label=_("Au (inclus)"), required=False)


@require_safe
@wearing(Role.AUDITOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the entries that were asked for, fifty at a time, and how far the journal is sealed."""
    form = SearchForm(request.GET)
    entries: list[Entry] = []
    if form.is_valid():
        found = queries.search(**form.cleaned_data, before=paging.key(request, "avant"))
        entries = list(found[: PAGE + 1])
        _note(request, form, exported=False)
    context = {
        "form": form,
        "entries": [(entry, _facts(entry)) for entry in entries[:PAGE]],
        "older": paging.address(request, avant=entries[PAGE - 1].pk) if len(entries) > PAGE else "",
        "export": paging.address(request, avant=None),
        "seal": queries.last_seal(),
        "unsealed": queries.unsealed().count(),
    }
    return render(request, "agents/journal.html", context)


@require_safe
@wearing(Role.AUDITOR)
def export(request: ActorRequest) -> HttpResponse | StreamingHttpResponse:
    """Give the entries that were asked for as CSV, line after line."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "agents/journal.html", {"form": form, "export": paging.address(request, avant=None)})
    _note(request, form, exported=True)
    return tables.as_csv(_lines(form.cleaned_data), name=f"journal-{timezone.localdate():%F}")


def _note(request: ActorRequest, form: SearchForm, *, exported: bool) -> None:
    days = {name: day for name, day in form.cleaned_data.items() if isinstance(day, date)}
    journal.consult(days=days, exported=exported, actor=request.actor.account, hat=request.actor.role)


def _facts(entry: Entry) -> dict[str, Any]:
    """Return the facts of an entry but those that tell of somebody's life, of which only the name is left."""
    hidden = _TELLING.get(entry.event, ())
    return {name: "…" if name in hidden else fact for name, fact in entry.facts.items()}


def _lines(asked: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    yield "inscription", "date", "evenement", "objet", "casquette", "compte", "faits"
    for entry in queries.search(**asked).iterator(chunk_size=1000):
        at = timezone.localtime(entry.at).isoformat(timespec="seconds")
        facts = " ".join(f"{name}={fact}" for name, fact in sorted(_facts(entry).items()))
        yield entry.pk, at, entry.event, entry.subject, entry.hat, entry.actor_id or "", facts
