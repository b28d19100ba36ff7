"""The figures of the law at the counter « Barèmes »: found, another value proposed by one, put in force by another."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Claim
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs.models import Edition
from tests.domain.tariffs import editions
from tests.domain.tariffs.editions import CCAM, NGAP
from tests.web.agents.conftest import at_counter, post_line, text

FIGURES = "/gestion/baremes/chiffres/"
CONTRIBUTION = f"{FIGURES}participation_forfaitaire/proposer/"
SHARE = f"{FIGURES}share_abroad_practitioners/proposer/"
TYPED = {
    "value": "12,5",
    "valid_from": "2026-01-01",
    "valid_until": "",
    "source": "Décret d’essai",
    "confidence": "law",
}


@pytest.fixture
def supervisor(db) -> Actor:
    return editions.supervisor()


@pytest.fixture
def office(supervisor: Actor) -> Client:
    """The supervisor's browser."""
    return at_counter(supervisor)


@pytest.fixture
def second(db) -> Client:
    """Another supervisor's browser."""
    return at_counter(editions.supervisor())


def test_the_figures_are_read_with_their_unit_their_source_and_how_sure_they_are(office: Client):
    page = text(office.get(FIGURES))
    assert "Forfait journalier hospitalier Valeur : 23,00 € par jour Depuis : 01/03/2026" in page.replace("\xa0", " ")
    for words in ("officiel", "source secondaire", "valeur par défaut", "de tout temps", "oui, traitement"):
        assert words in page


def test_the_figures_to_verify_are_read_apart(office: Client):
    page = text(office.get(FIGURES, {"mots": "conservation brouillon", "seulement": "a-verifier"}))
    assert "Tous (1) À vérifier (1)" in page
    assert "Conservation d’un brouillon laissé sans modification Valeur : 90" in page
    assert "Aucun chiffre ne répond" in text(
        office.get(FIGURES, {"mots": "recours résidence", "seulement": "a-verifier"})
    )
    assert "Aucun chiffre ne répond" in text(office.get(FIGURES, {"mots": "\0zz%';--"}))


def test_one_proposes_a_value_another_puts_it_in_force_and_the_next_line_uses_it(
    office: Client, second: Client, desk: Client, claim: Claim
):
    post_line(desk, claim, act="G")
    before = claim.bills.get().lines.get().due
    assert before == Decimal("19.00")  # 30 € less 30 %, less the flat contribution of 2 €

    page = text(office.post(CONTRIBUTION, TYPED | {"value": "1,5"}, follow=True))
    for words in ("Valeur proposée", "par consultation, acte ou examen", "Avant : 2,00", "Après : 1,50",
                  "Décret d’essai", "Saisi à l’écran", "Vous avez proposé cette édition"):  # fmt: skip
        assert words in page
    edition = Edition.objects.get()
    put = f"/gestion/baremes/{edition.pk}/mettre-en-vigueur/"
    assert "Une autre personne" in text(office.post(put, follow=True))
    assert "Une valeur est à vérifier" in text(office.get(FIGURES))
    assert "attend déjà une vérification" in text(office.get(CONTRIBUTION))
    assert "Édition n° 1 en vigueur" in text(second.post(put, follow=True))

    post_line(desk, claim, act="G")
    line = claim.bills.get().lines.get()
    assert (line.due, line.edition) == (Decimal("19.50"), 1)
    assert "Édition n° 1" in text(office.get(FIGURES, {"mots": "par consultation"}))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"value": ""}, "Indiquez la nouvelle valeur"),
        ({"value": "beaucoup"}, "nombre"),
        ({"value": "100,5"}, "100"),
        ({"value": "12,345"}, "virgule"),
        ({"valid_from": "hier"}, "Cette date n’existe pas"),
        ({"valid_until": "2025-12-31"}, "cesserait de s’appliquer"),
        ({"source": ""}, "Dites d’où vient cette valeur"),
        ({"confidence": "sûr"}, "sûr"),
        ({"confidence": ""}, "Dites où cette valeur a été lue"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(office: Client, typed: dict, told: str):
    asked = TYPED | typed
    response = office.post(SHARE, asked)
    assert response.status_code == 200
    page = response.content.decode()
    assert "<title>Erreur :" in page.replace("\n", "")
    assert told in text(response)
    for name, value in asked.items():
        assert not value or f'value="{value}"' in page or name == "confidence"
    assert not Edition.objects.exists()


def test_a_switch_is_answered_by_yes_or_no(office: Client):
    address = f"{FIGURES}cerfa_required/proposer/"
    assert "Oui Non" in text(office.get(address))
    office.post(address, TYPED | {"value": "1"})
    assert Edition.objects.get().rows.get().row["value"] == "1"
    assert "Dites" in text(office.post(address, TYPED | {"value": "1", "source": ""}))


def test_a_value_already_planned_is_recalled(office: Client):
    assert "déjà prévue" not in text(office.get(SHARE))
    edition = editions.typed("share_abroad_practitioners", "20", starts=editions.NEW_YEAR.replace(year=2027))
    tariffs.put_in_force(edition=edition, by=editions.supervisor())
    assert "déjà prévue à compter du 01/01/2027" in text(office.get(SHARE))


def test_a_figure_that_does_not_exist_is_not_found(office: Client):
    assert office.get(f"{FIGURES}mystere/proposer/").status_code == 404
    assert office.get(f"{FIGURES}acts/proposer/").status_code == 404


def sent(*files: tuple[str, str | bytes], **typed: str) -> dict:
    """What the form of a file sends."""
    laid = [SimpleUploadedFile(name, body if isinstance(body, bytes) else body.encode()) for name, body in files]
    return {"kind": "ngap", "effective_from": "2026-01-01", "source": "NGAP d’essai", "files": laid} | typed


def test_files_sent_on_the_page_become_an_edition_to_verify(office: Client):
    page = text(office.post("/gestion/baremes/proposer/", sent(("ngap.csv", NGAP + "X;;;;;;\n")), follow=True))
    for words in ("Barème proposé", "ngap.csv", "Lignes lues 3", "Lignes refusées 1", "Le tarif manque", "2,50"):
        assert words in page
    assert Edition.objects.get().source == "NGAP d’essai"


@pytest.mark.parametrize(
    ("files", "typed", "told"),
    [
        ([], {}, "Choisissez au moins un fichier"),
        ([("a.csv", NGAP), ("a.csv", NGAP)], {}, "le même nom"),
        ([("a.csv", b"\x1f\x8b\x08\x00")], {}, "compressé"),
        ([("a.csv", "rien")], {}, "aucune ligne de titres"),
        ([("a.csv", NGAP.splitlines()[0])], {}, "Aucune ligne de ces fichiers"),
        ([("a.csv", CCAM)], {"kind": "bdpm"}, "Donnez les deux fichiers"),
        ([("a.csv", NGAP)], {"kind": "mystère"}, "mystère"),
        ([("a.csv", NGAP)], {"effective_from": ""}, "Indiquez à partir de quand"),
        ([("../../a.yaml", "- {")], {"kind": "figures"}, "a.yaml : ce n’est pas du YAML"),
    ],
)
def test_files_that_cannot_be_taken_are_refused_in_words(office: Client, files: list, typed: dict, told: str):
    response = office.post("/gestion/baremes/proposer/", sent(*files, **typed))
    assert response.status_code == 200
    assert told in text(response)
    assert "NGAP d’essai" in response.content.decode()
    assert not Edition.objects.exists()


def test_files_that_are_too_long_are_left_to_the_command(office: Client, monkeypatch):
    monkeypatch.setattr("escale.web.agents.tariff_forms.LARGEST", 10)
    assert "la commande d’import" in text(office.post("/gestion/baremes/proposer/", sent(("a.csv", NGAP))))
