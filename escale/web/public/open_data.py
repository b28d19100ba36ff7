"""The open data: what the Fund receives and decides, month by month; nobody can be found in it."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_safe

from escale.domain.statistics import publishing, queries
from escale.domain.statistics.models import SEVERAL, OpenMonth
from escale.rules import parameters, small_cells
from escale.rules.intake import Care
from escale.rules.territories import Zone

LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
FRESH = 3600
"""Seconds during which a copy is good without asking again."""
COLUMNS = {
    "mois": _("le mois, par exemple 2026-09"),
    "tableau": _("demandes_recues, demandes_decidees ou motifs_de_refus"),
    "zone": _("où les soins ont été donnés ; « ensemble » pour le total, « autres » pour les zones dites ensemble"),
    "sorte": _("nature des soins, ou catégorie du motif de refus"),
    "nombre": _("nombre de demandes, ou de motifs ; vide s’il est secret"),
    "part_dans_le_delai": _("part décidée dans le délai annoncé, en %, par le délai de l’assuré"),
    "delai_median": _("la moitié des demandes ont été décidées en ce nombre de jours ouvrés, au plus"),
}
_TABLES = {
    publishing.RECEIVED: "demandes_recues",
    publishing.DECIDED: "demandes_decidees",
    publishing.REFUSALS: "motifs_de_refus",
}
_NAMES = {publishing.EVERY: "Ensemble", small_cells.OTHERS: "Autres", SEVERAL: "Plusieurs natures de soins"}


def _changed_at(request: HttpRequest) -> datetime | None:
    latest = OpenMonth.objects.order_by("-published_at").only("published_at").first()
    return latest.published_at if latest else None


def _cached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={FRESH}"
    return response


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what the open data hold, and show the last month."""
    months = list(queries.open_months()[:1])
    latest = months[0] if months else None
    shown = {
        "month": latest,
        "rows": [row for row in _lines(latest) if row["sorte"] == "Ensemble" and row["tableau"] == "demandes_decidees"]
        if latest
        else [],
        "columns": COLUMNS,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "threshold": int(parameters.value("small_cell_threshold", on=latest.month)) if latest else None,
    }
    return render(request, "public/open_data.html", shown)


@require_safe
@condition(last_modified_func=_changed_at)
def as_csv(request: HttpRequest) -> HttpResponse:
    """Give all the months as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="demandes-de-remboursement.csv"'
    writer = csv.DictWriter(response, COLUMNS, delimiter=";")
    writer.writeheader()
    for month in queries.open_months():
        writer.writerows(_lines(month))
    return _cached(response)


@require_safe
@condition(last_modified_func=_changed_at)
def as_json(request: HttpRequest) -> HttpResponse:
    """Give all the months as JSON, with the licence and what each column is."""
    content = {
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "colonnes": {name: str(words) for name, words in COLUMNS.items()},
        "lignes": [line for month in queries.open_months() for line in _lines(month)],
    }
    return _cached(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


def _lines(month: OpenMonth) -> Iterator[dict[str, Any]]:
    """Yield the lines of a month, in the words that people read."""
    for row in month.rows:
        yield {
            "mois": f"{month.month:%Y-%m}",
            "tableau": _TABLES[row["table"]],
            "zone": _named(row["zone"]),
            "sorte": _named(row["kind"]),
            "nombre": row["count"],
            "part_dans_le_delai": row.get("in_time"),
            "delai_median": row.get("median_days"),
        }


def _named(code: str) -> str:
    for words in (Zone, Care):
        if code in set(words):
            return words(code).label
    return _NAMES.get(code, code)
