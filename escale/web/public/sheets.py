"""The country sheets: for anybody, without an account, to print or to keep offline; nothing of a person is on them."""

from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from escale.gateways.letters import square
from escale.rules import country_sheet, scope, territories
from escale.rules.country_sheet import Sheet
from escale.rules.identity import folded
from escale.rules.scope import Stay, Territory

LONGEST_SEARCH = 100
STYLE = Path(__file__).parents[1] / "static" / "escale" / "sheet.css"


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """List every country, and those that a text may mean."""
    text = request.GET.get("pays", "")[:LONGEST_SEARCH].strip()
    today = timezone.localdate()
    shown = {"text": text, "found": scope.search(text, on=today), "letters": _by_letter(scope.territories(on=today))}
    return render(request, "public/sheets.html", shown)


@require_safe
def sheet(request: HttpRequest, place: str) -> HttpResponse:
    """Show the sheet of a country for a stay: a posting unless told."""
    return render(request, "public/sheet.html", _shown(request, place))


@require_safe
def sheet_file(request: HttpRequest, place: str) -> HttpResponse:
    """Give the sheet as one file that needs nothing else: no network, no script."""
    shown = _shown(request, place)
    told: Sheet = shown["sheet"]
    page = render_to_string("public/sheet_file.html", shown | {"style": STYLE.read_text(encoding="utf-8")})
    name = f"fiche-{place}-{folded(told.stay.label).replace(' ', '-')}.html"
    return HttpResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _shown(request: HttpRequest, place: str) -> dict[str, Any]:
    today = timezone.localdate()
    try:
        found = territories.called(place, on=today)
        stay = Stay(request.GET.get("motif", Stay.POSTING.value))
    except (LookupError, ValueError):
        raise Http404 from None
    drawn = mark_safe(square(settings.PUBLIC_URL))  # noqa: S308  # drawn by us, of our own address
    told = country_sheet.sheet(territory=found, stay=stay, on=today)
    return {"sheet": told, "stays": list(Stay), "service": settings.PUBLIC_URL, "square": drawn}


def _by_letter(places: tuple[Territory, ...]) -> list[tuple[str, list[Territory]]]:
    return [(letter, list(those)) for letter, those in groupby(places, lambda one: folded(one.name)[0].upper())]
