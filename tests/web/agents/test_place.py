"""The agent's page that settles where care was given, and what both sides then read."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims.models import Claim, ClaimLine
from tests import factories
from tests.web.agents.conftest import post_line, text, waiting
from tests.web.insured.conftest import signed_in

UNKNOWN = "Pays inconnu : indiquez où les soins ont été donnés avant de calculer"


@pytest.fixture
def lost(scanning) -> Claim:
    """A claim sent from nobody knows where."""
    return waiting(territory="XX")


def here(claim: Claim, act: str = "") -> str:
    return f"/gestion/demandes/{claim.number}/{act}"


def typed(**fields: str) -> dict[str, str]:
    stay = {"territory": "Sénégal", "stay": "posting", "stay_from": "2025-09-01", "grounds": "bills"}
    return stay | fields


def settle(desk: Client, claim: Claim, **fields: str) -> Any:
    return desk.post(here(claim, "lieu/"), typed(**fields))


def test_a_claim_of_unknown_country_asks_for_it_before_any_sum(desk: Client, lost: Claim) -> None:
    page = desk.get(here(lost))
    assert UNKNOWN in text(page)
    assert f'href="{here(lost, "lieu/")}"' in page.content.decode()
    assert "Calculer" not in text(page)
    post_line(desk, lost, act="G")
    assert f"{UNKNOWN}." in text(desk.get(here(lost)))
    assert ClaimLine.objects.get(bill__claim=lost).due is None

    assert 'value="Pays inconnu' not in desk.get(here(lost, "lieu/")).content.decode().replace("<option value", "")
    assert settle(desk, lost)["Location"] == here(lost)
    page = text(desk.get(here(lost)))
    assert "Séjour enregistré." in page
    assert "Séjour corrigé d’après les factures : Sénégal au lieu de Pays inconnu ou non précisé" in page
    assert UNKNOWN not in page
    assert "Calculer" in page


def test_the_agent_learns_how_many_lines_are_to_be_computed_again(desk: Client, claim: Claim) -> None:
    post_line(desk, claim, act="G")
    assert "1 ligne a déjà un montant" in text(desk.get(here(claim, "lieu/")))
    settle(desk, claim, territory="Kenya")
    page = text(desk.get(here(claim)))
    assert "1 ligne est à calculer de nouveau." in page
    assert "À calculer" in page


def test_papers_that_the_true_stay_asks_for_are_told(desk: Client, claim: Claim) -> None:
    assert "que la demande n’a pas" not in text(desk.get(here(claim)))
    settle(desk, claim, stay="holiday")
    page = text(desk.get(here(claim)))
    assert "Pièces demandées pour ce séjour, et que la demande n’a pas : Preuve du séjour" in page
    assert "Imprimé Cerfa n° 11790" in page, "as it was sent"


def test_another_fund_is_named_with_a_refusal_ready_to_be_read_again(desk: Client, claim: Claim) -> None:
    answer = settle(desk, claim, territory="Mayotte")
    page = text(answer)
    assert "Un autre organisme est compétent : la demande n’est pas changée" in page
    assert "À Mayotte, les soins sont pris en charge par le régime local" in page
    assert Claim.objects.get(pk=claim.pk).territory == "SN"
    form = answer.content.decode().partition(f'action="{here(claim, "refuser/")}"')[2].partition("</form>")[0]
    found = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    offered = {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}
    assert offered["reason_code"] == "R05"
    refusal = desk.post(here(claim, "refuser/"), offered)
    assert '<option value="R05" selected>' in refusal.content.decode()
    assert "À Mayotte, les soins sont pris en charge par le régime local" in text(refusal)
    assert "<title>Refuser" in refusal.content.decode()
    assert not claim.decisions.exists()


@pytest.mark.parametrize(("fields", "says"), [
    ({"territory": ""}, "Écrivez le pays ou le territoire"),
    ({"territory": "Zzyzx"}, "Ce pays n’est pas reconnu"),
    ({"territory": "Guin"}, "Guinée-Bissau"),
    ({"territory": "Inconnu"}, "Indiquez où les soins ont été donnés"),
    ({"stay": ""}, "Choisissez le motif du séjour."),
    ({"stay_from": "2026-12-01"}, "Le début du séjour est dans le futur"),
    ({"stay_until": "2025-08-01"}, "La fin du séjour est avant son début"),
    ({"grounds": ""}, "Choisissez ce qui montre le vrai séjour."),
    ({"grounds": "hunch"}, "hunch"),
])  # fmt: skip
def test_what_cannot_be_right_is_said_at_its_field(desk: Client, lost: Claim, fields: dict, says: str) -> None:
    answer = settle(desk, lost, **fields)
    assert says in text(answer)
    assert "<title>Erreur" in answer.content.decode()
    assert 'value="2025-09-01"' in answer.content.decode() or "stay_from" in fields
    assert Claim.objects.get(pk=lost.pk).territory == "XX"


def test_care_at_sea_is_a_true_answer_with_a_notice(desk: Client, lost: Claim) -> None:
    settle(desk, lost, territory="En mer")
    page = text(desk.get(here(lost)))
    assert "Règles à confirmer avant de décider" in page
    assert "quel que soit le pavillon" in page
    assert post_line(desk, lost, act="G").status_code == 302
    assert ClaimLine.objects.get(bill__claim=lost).due


def test_who_comes_too_late_learns_who_decided(desk: Client, claim: Claim) -> None:
    first = factories.agent()
    factories.refused(claim, by=first)
    assert "n’est plus possible" in text(desk.get(here(claim, "lieu/")))
    settle(desk, claim)
    assert f"{first.account} a déjà décidé" in text(desk.get(here(claim)))
    assert "Corriger le lieu" not in text(desk.get(here(claim)))


def test_the_insured_person_reads_what_changed_and_why_and_the_receipt_says_what_was_sent(
    desk: Client, lost: Claim
) -> None:
    settle(desk, lost, stay="holiday", stay_until="2026-09-30", grounds="order")
    visitor = signed_in(lost.insured)
    page = text(visitor.get(reverse("insured:claim", args=[lost.number])))
    assert (
        "La CNMSS a corrigé votre séjour d’après l’ordre de mission ou d’affectation : Sénégal au lieu de Pays inconnu "
        "ou non précisé ; « Vacances » au lieu de « Affectation » ; du 01/09/2025 au 30/09/2026 au lieu de depuis le "
        "01/09/2025."
    ) in page
    receipt = text(visitor.get(reverse("insured:receipt", args=[lost.number])))
    assert "Pays inconnu ou non précisé" in receipt
    assert "Sénégal" not in receipt


def test_the_agent_corrects_an_operation_or_an_accident_and_both_sides_read_it(desk: Client, claim: Claim) -> None:
    settle(desk, claim, stay="mission", opex="on", cause="accident")
    page = text(desk.get(here(claim)))
    assert "mission en opération extérieure, depuis le" in page
    assert "Accident causé par un tiers : recours à exercer" in page
    assert "en opération extérieure au lieu de hors opération extérieure" in page
    assert "Circonstances de l’accident" in page
    form = desk.get(here(claim, "lieu/")).content.decode()
    assert re.search(r'<input[^>]*value="accident"[^>]*checked', form)
    assert re.search(r'<input[^>]*name="opex"[^>]*checked', form)


def test_care_imputable_to_the_service_is_to_be_refused_for_that_reason(desk: Client, claim: Claim) -> None:
    answer = settle(desk, claim, cause="service")
    assert "Un autre organisme est compétent : la demande n’est pas changée" in text(answer)
    assert "Refuser pour ce motif : Affection imputable au service" in text(answer)
    assert 'name="reason_code" value="R07"' in answer.content.decode()
