"""The open data: for anybody, kept by caches, about nobody."""

import csv
import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from escale.domain.statistics.models import OpenMonth

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def august() -> OpenMonth:
    rows = [
        {"table": "decided", "zone": "all", "kind": "all", "count": 1250, "in_time": 91, "median_days": 3},
        {"table": "decided", "zone": "world", "kind": "dental", "count": None},
        {"table": "refusals", "zone": "world", "kind": "Droits non ouverts", "count": 14},
    ]
    return OpenMonth.objects.create(month=date(2026, 8, 1), rows=rows, published_at=timezone.now())


@pytest.mark.usefixtures("august")
def test_the_page_tells_the_last_month_and_what_each_column_is(django_assert_num_queries):
    with django_assert_num_queries(2):  # the edition of the law, the month
        page = Client().get("/donnees-ouvertes/")
    told = page.content.decode()
    for words in ("août 2026", "91 %", "3 jours", "Licence Ouverte 2.0", "part_dans_le_delai", "Le seuil est de 11"):
        assert words in told
    assert not page.cookies


def test_before_the_first_month_the_page_says_so():
    assert "Aucun mois n’est encore publié." in Client().get("/donnees-ouvertes/").content.decode()
    assert len(Client().get("/donnees-ouvertes/demandes.csv").content.decode().splitlines()) == 1


@pytest.mark.usefixtures("august")
def test_the_files_say_the_same_and_a_secret_number_is_empty():
    client = Client()
    lines = list(
        csv.DictReader(client.get("/donnees-ouvertes/demandes.csv").content.decode().splitlines(), delimiter=";")
    )
    told = json.loads(client.get("/donnees-ouvertes/demandes.json").content)
    assert [line["nombre"] for line in lines] == ["1250", "", "14"]
    assert lines[1] == {
        "mois": "2026-08", "tableau": "demandes_decidees", "zone": "Hors de l’Union européenne",
        "sorte": "Soins dentaires", "nombre": "", "part_dans_le_delai": "", "delai_median": "",
    }  # fmt: skip
    assert [
        {name: "" if value is None else str(value) for name, value in line.items()} for line in told["lignes"]
    ] == lines
    assert told["licence"] == "Licence Ouverte 2.0"
    assert set(told["colonnes"]) == set(lines[0])


@pytest.mark.usefixtures("august")
def test_who_has_the_files_already_is_told_that_nothing_changed():
    client = Client()
    for name in ("csv", "json"):
        first = client.get(f"/donnees-ouvertes/demandes.{name}")
        assert first["Cache-Control"] == "public, max-age=3600"
        assert not first.cookies
        again = client.get(f"/donnees-ouvertes/demandes.{name}", headers={"if-modified-since": first["Last-Modified"]})
        assert again.status_code == 304
