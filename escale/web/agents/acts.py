"""The search of an act for a line of care: a page, and the same answers for the field that completes itself."""

from datetime import date

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.tariffs import search
from escale.rules.acts import Act
from escale.rules.intake import Care
from escale.web.agents.door import asked_for
from escale.web.hats import ActorRequest, wearing
from escale.web.templatetags.escale import euros

LONGEST = 100
OFFERED = 8
"""How many acts the field offers; the page gives more."""


@require_safe
@wearing(Role.AGENT)
def show(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Search an act for a line; the one that is chosen goes back to the line."""
    claim = asked_for(request, number)
    line = get_object_or_404(queries.lines(claim), pk=pk)
    words = _words(request)
    found = search.search(words, on=line.given_on, care=Care(line.care)) if words else []
    context = {
        "claim": claim,
        "line": line,
        "words": words,
        "found": found,
        "steps": claim.steps_open_to(request.actor),
    }
    return render(request, "agents/acts.html", context)


@require_safe
@wearing(Role.AGENT)
def offered(request: ActorRequest) -> JsonResponse:
    """Give the acts that the field offers for what is typed, on the day and for the kind of care of its line."""
    found = search.search(_words(request), on=_day(request), care=_care(request), limit=OFFERED)
    return JsonResponse({"actes": [_told(act) for act in found]})


def _told(act: Act) -> dict[str, str]:
    tariff = euros(act.tariff) if act.tariff is not None and act.verified else ""
    return {"code": act.code, "libelle": act.label, "tarif": tariff}


def _words(request: ActorRequest) -> str:
    return request.GET.get("mots", "").replace("\x00", "").strip()[:LONGEST]


def _day(request: ActorRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("le", ""))
    except ValueError:
        return timezone.localdate()


def _care(request: ActorRequest) -> Care | None:
    try:
        return Care(request.GET.get("nature", ""))
    except ValueError:
        return None
