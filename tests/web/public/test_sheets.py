"""The country sheets, as anybody opens them."""

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

SHEETS = reverse("public:sheets")


@pytest.fixture(autouse=True)
def today(frozen, db, settings, home) -> None:
    """Every test of this room happens on the same Tuesday; nothing was collected to be served beside it."""
    settings.STATIC_ROOT = home


def text(response: HttpResponse) -> str:
    assert response.status_code == 200, response
    return html.unescape(response.content.decode()).replace("\u202f", " ")


def page(client: Client, place: str, stay: str = "") -> str:
    return text(client.get(reverse("public:sheet", args=[place]), {"motif": stay} if stay else {}))


def article(shown: str) -> str:
    """What the sheet says, from who pays to the physician's part."""
    return shown[shown.index("<h2>Qui paie") : shown.index("Fiche établie")]


def test_the_list_leads_to_every_country_and_finds_one_by_any_of_its_names(client):
    assert text(client.get(SHEETS)).count("/fiches/") > 250
    found = text(client.get(SHEETS, {"pays": "Tahiti"}))
    assert "Réponses pour « Tahiti »" in found
    assert found.index("/fiches/polynesie-francaise/") < found.index("Tous les pays")
    assert "Aucun pays ne correspond" in text(client.get(SHEETS, {"pays": "xyzzy"}))


def test_the_sheet_shows_the_insured_person_s_part_in_french_and_the_physician_s_in_their_language(client):
    shown = page(client, "maroc", "holiday")
    assert "Vacances" in shown
    assert "Le téléservice" in shown
    assert '<div aria-hidden="true"><svg' in shown
    assert "franc" not in shown.partition("Laissez les montants")[2].partition("</p>")[0]
    assert 'lang="ar" dir="rtl"' in shown
    assert 'lang="fr" dir="ltr">le nom, le prénom et la date de naissance du patient' in shown
    assert "À montrer au médecin, en arabe" in shown


def test_where_french_is_spoken_nothing_is_said_twice(client):
    shown = page(client, "senegal")
    assert "À montrer au médecin, en français" in shown
    assert "sheet-french" not in shown


def test_another_fund_is_named_where_the_service_does_not_go(client):
    shown = page(client, "guadeloupe")
    assert "Caisse générale de sécurité sociale" in shown
    assert "À montrer au médecin" not in shown


def test_at_sea_there_is_a_sheet_too(client):
    assert "pavillon" in page(client, "en-mer-hors-des-eaux-territoriales", "holiday")


@pytest.mark.parametrize("address", ["/fiches/atlantide/", "/fiches/djibouti/?motif=promenade", "/fiches/DJ/"])
def test_what_is_no_country_nor_stay_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_the_file_to_keep_needs_nothing_else_and_holds_the_same_sheet(client):
    answer = client.get(reverse("public:sheet_file", args=["espagne"]), {"motif": "holiday"})
    kept = text(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="fiche-espagne-vacances.html"'
    assert not re.search(r"<script|<link|src=|href=|url\(|@import", kept)
    assert article(kept) == article(page(client, "espagne", "holiday"))


def test_the_sheets_are_reached_from_the_first_page(client):
    assert SHEETS in text(client.get(reverse("public:home")))


def test_a_sheet_asks_the_database_which_edition_is_in_force_and_nothing_more(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        page(client, "djibouti")
