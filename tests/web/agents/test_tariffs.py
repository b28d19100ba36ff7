"""The counter « Barèmes », and the field that finds an act."""

import html
from decimal import Decimal

import pytest
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Claim
from escale.domain.tariffs.models import Edition, Kind
from tests.domain.tariffs import editions
from tests.domain.tariffs.editions import CCAM, FIGURES
from tests.web.agents.conftest import at_counter, post_line, text


@pytest.fixture
def supervisor(db) -> Actor:
    return editions.supervisor()


@pytest.fixture
def office(supervisor: Actor) -> Client:
    """The supervisor's browser."""
    return at_counter(supervisor)


@pytest.fixture
def field(desk: Client, claim: Claim) -> str:
    """The address that the field of an act asks."""
    page = desk.get(f"/gestion/demandes/{claim.number}/").content.decode()
    return html.unescape(page.partition('data-acts="')[2].partition('"')[0])


def address(edition: Edition, end: str = "") -> str:
    return f"/gestion/baremes/{edition.pk}/{end}"


def test_an_edition_is_verified_then_put_in_force_by_another(office: Client, supervisor: Actor) -> None:
    editions.in_force()
    edition = editions.proposed(Kind.CCAM, CCAM.replace("195.84", "300.00").replace("HBLD038", "HBLD039") + "XX;\n")
    assert "CCAM, actes techniques" in text(office.get("/gestion/baremes/"))
    page = text(office.get(address(edition)))
    for words in ("Lignes lues 6", "Lignes refusées 1", "Sans changement 3", "Nouvelles 1", "Changées 1",
                  "Disparues 1", "HHFA016", "+53 %", "Il manque des colonnes"):  # fmt: skip
        assert words in page
    response = office.post(address(edition, "mettre-en-vigueur/"), follow=True)
    assert "Édition n° 2 en vigueur" in text(response)
    edition.refresh_from_db()
    assert edition.decided_by == supervisor.account
    assert "Mettre en vigueur" not in text(office.get(address(edition)))


def test_whoever_proposed_sees_that_another_must_decide(office: Client, supervisor: Actor) -> None:
    edition = editions.proposed(by=supervisor)
    assert "une autre personne la met en vigueur" in text(office.get(address(edition)))
    response = office.post(address(edition, "mettre-en-vigueur/"), follow=True)
    assert "Une autre personne" in text(response)


def test_an_edition_is_set_aside_with_a_reason(office: Client) -> None:
    edition = editions.proposed()
    assert "Dites pourquoi" in text(office.post(address(edition, "ecarter/")))
    office.post(address(edition, "ecarter/"), {"reason": "Mauvais fichier"})
    assert "Mauvais fichier" in text(office.get(address(edition)))
    assert "déjà décidée" in text(office.get(address(edition, "ecarter/")))


def test_figures_are_shown_with_what_they_were(office: Client) -> None:
    page = text(office.get(address(editions.proposed(Kind.FIGURES, FIGURES))))
    assert (
        "franchise_drug Franchise médicale, par boîte de médicament Avant : 1,00 € Après : 1,50 € Écart : +50 %" in page
    )


def test_the_field_of_an_act_finds_it_by_the_words_of_the_bill(desk: Client, field: str) -> None:
    editions.in_force()
    for words in ("chest x-ray", "radio thorax", "zbqk002", "أشعة الصدر"):
        first, *_others = desk.get(f"{field}&mots={words}").json()["actes"]
        assert first == {"code": "ZBQK002", "libelle": "Radiographie du thorax, de face", "tarif": "21,28\u00a0€"}


def test_the_field_answers_nothing_to_what_makes_no_sense(desk: Client, db: None) -> None:
    for asked in ("", "?mots=", "?mots=%00%ff&le=hier&nature=x", "?mots=" + "&%7C!" * 30, "?mots=';--"):
        assert desk.get(f"/gestion/actes/{asked}").json() == {"actes": []}


def test_without_a_script_a_page_finds_an_act_and_returns_to_the_line(desk: Client, claim: Claim) -> None:
    editions.in_force()
    line = claim.bills.get().lines.get()
    page = desk.get(f"/gestion/demandes/{claim.number}/lignes/{line.pk}/actes/", {"mots": "appendicectomie"})
    chosen = f"/gestion/demandes/{claim.number}/?ligne={line.pk}&amp;acte=HHFA016#ligne-{line.pk}"
    assert chosen in page.content.decode()
    case = desk.get(f"/gestion/demandes/{claim.number}/", {"ligne": line.pk, "acte": "HHFA016"})
    assert 'value="HHFA016"' in case.content.decode()
    assert "Aucun acte ne répond" in text(desk.get(page.request["PATH_INFO"], {"mots": "zzzz"}))


def test_an_imported_tariff_feeds_the_computation(desk: Client, claim: Claim) -> None:
    edition = editions.in_force()
    assert post_line(desk, claim, act="zbqk002").status_code == 302
    line = claim.bills.get().lines.get()
    assert (line.act, line.edition) == ("ZBQK002", edition.number)
    assert line.due <= Decimal("21.28")
    assert "édition 1" in str(line.explanation)


def test_an_act_without_a_tariff_goes_to_a_person(desk: Client, claim: Claim) -> None:
    editions.in_force()
    assert "Aucun tarif vérifié" in text(post_line(desk, claim, act="QZZZ001"))
