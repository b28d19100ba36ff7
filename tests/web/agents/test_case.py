"""One claim on one screen."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Attachment, Claim, ClaimLine
from escale.domain.documents import queries as documents
from tests import factories
from tests.web.agents.conftest import at_counter, post_line, text, waiting


def address(attachment: Attachment, *, page: int = 1) -> str:
    return f"/gestion/demandes/{attachment.claim.number}/pieces/{attachment.pk}/pages/{page}.jpg"


def medical_address(attachment: Attachment) -> str:
    return address(attachment).replace("/demandes/", "/medical/")


def test_the_screen_shows_who_what_and_the_papers(desk: Client, claim: Claim) -> None:
    claim.insured.postings.create(territory="SN", valid_from=date(2025, 9, 1), with_family=True)
    response = desk.get(f"/gestion/demandes/{claim.number}/")
    page = text(response)
    for words in ("Alix Exemple", "1 •• •• •• ••• •••", "Militaire en activité", "famille accompagnante",
                  "Ouverts depuis le 01/01/2020", "Clinique de l’Escale", "à 655,957 XOF pour un euro",
                  "1 ligne n’a encore ni montant ni motif de refus", "Demande reçue"):  # fmt: skip
        assert words in page
    assert claim.insured.nir not in page
    assert 'alt="Page 1 de la pièce facture.pdf"' in response.content.decode()


def test_a_day_without_rights_is_shown(desk: Client, claim: Claim) -> None:
    claim.beneficiary.entitlements.update(valid_until=date(2026, 9, 1), closed_because="Radiation")
    assert "Aucun droit ouvert le 01/09/2026" in text(desk.get(f"/gestion/demandes/{claim.number}/"))


def test_page_images_are_given_and_never_the_original(desk: Client, claim: Claim) -> None:
    bill = claim.attachments.get(paper="bill")
    response = desk.get(address(bill))
    assert response.content == documents.content(bill.document.pages.get())
    assert response.content.startswith(b"\xff\xd8\xff")
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert desk.get(address(bill, page=2)).status_code == 404


def test_a_page_that_the_vault_lost_is_not_found(desk: Client, claim: Claim) -> None:
    bill = claim.attachments.get(paper="bill")
    documents.vault().delete(bill.document.pages.get().key)
    assert desk.get(address(bill)).status_code == 404


def test_active_content_is_told_beside_the_paper(desk: Client, claim: Claim) -> None:
    paper = claim.attachments.get(paper="bill").document
    assert "Contenu actif retiré" not in text(desk.get(f"/gestion/demandes/{claim.number}/"))
    paper.removed = ["javascript", "embedded_files"]
    paper.save()
    told = "Contenu actif retiré : programme JavaScript, fichiers joints."
    assert told in text(desk.get(f"/gestion/demandes/{claim.number}/"))


def test_a_paper_opens_only_under_the_number_of_its_claim(desk: Client, claim: Claim) -> None:
    elsewhere = address(claim.attachments.get(paper="bill")).replace(claim.number, waiting().number)
    assert desk.get(elsewhere).status_code == 404


def test_papers_under_medical_seal_are_named_by_their_seal_only(desk: Client, surgery: Client, claim: Claim) -> None:
    sealed = claim.attachments.get(medical=True)
    page = desk.get(f"/gestion/demandes/{claim.number}/")
    assert "Pièce sous pli confidentiel médical, réservée aux médecins-conseils" in text(page)
    assert sealed.document.name not in text(page)
    assert desk.get(address(sealed)).status_code == 404
    assert surgery.get(medical_address(sealed)).status_code == 200, "it was sent straight to the physicians"
    assert desk.get(medical_address(sealed)).status_code == 403


def test_a_paper_that_cannot_be_read_says_so(desk: Client, claim: Claim) -> None:
    claim.attachments.get(paper="bill").document.pages.all().delete()
    assert "Cette pièce ne peut pas être lue" in text(desk.get(f"/gestion/demandes/{claim.number}/"))


def test_a_line_is_computed_and_explained(desk: Client, claim: Claim) -> None:
    response = post_line(desk, claim, act="g")
    line = ClaimLine.objects.get(bill__claim=claim)
    assert response["Location"] == f"/gestion/demandes/{claim.number}/#ligne-{line.pk}"
    assert (line.act, line.rate_source[:6], line.due) == ("G", "Parité", Decimal("19.00"))
    page = text(desk.get(f"/gestion/demandes/{claim.number}/"))
    assert "Participation de l’assuré : 30 %" in page
    assert "CSS, art. R. 761-16" in page


def test_an_act_without_a_verified_tariff_asks_for_one_with_a_reason(desk: Client, claim: Claim) -> None:
    refused = post_line(desk, claim, act="PH7")
    assert refused.status_code == 200
    assert "<title>Erreur" in refused.content.decode()
    assert "indiquez le tarif français que vous retenez" in text(refused)
    assert 'value="PH7"' in refused.content.decode()
    assert post_line(desk, claim, act="PH7", stated_tariff="4,20", reason="Base publique").status_code == 302
    assert "tarif retenu par le gestionnaire : Base publique" in text(desk.get(f"/gestion/demandes/{claim.number}/"))


def test_an_amount_may_be_decided_with_a_reason(desk: Client, claim: Claim) -> None:
    assert "Dites pourquoi vous retenez ce chiffre." in text(post_line(desk, claim, amount="5"))
    assert post_line(desk, claim, amount="5,50", reason="Accord du service").status_code == 302
    assert ClaimLine.objects.get(bill__claim=claim).due == Decimal("5.50")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choisissez un acte"),
        ({"act": "G", "quantity": "0"}, "supérieure ou égale à 1"),
        ({"act": "G", "quantity": "2", "days": "3"}, "autant de jours qu’il y a d’actes"),
        ({"act": "G", "quantity": "2", "days": "0"}, "supérieure ou égale à 1"),
        ({"amount": "-5", "reason": "x"}, "supérieure ou égale à 0"),
        ({"amount": "5", "stated_tariff": "5", "reason": "x"}, "pas les deux"),
        ({"act": "é;"}, "lettres sans accent"),
        ({"act": "G", "exemption": "inventée"}, "inventée"),
        ({"act": "1850383130012" * 2}, "24 caractères"),
        ({"act": "ZZZZ"}, "indiquez le tarif français"),
    ],
)
def test_what_makes_no_sense_is_said_at_the_field(desk: Client, claim: Claim, typed: dict, words: str) -> None:
    response = post_line(desk, claim, **typed)
    assert response.status_code == 200
    assert words in text(response)


def test_the_days_of_several_acts_are_kept_and_read_with_the_sum(desk: Client, claim: Claim) -> None:
    assert "Sur combien de jours" in text(desk.get(f"/gestion/demandes/{claim.number}/"))
    assert post_line(desk, claim, act="G", quantity="3", days="2").status_code == 302
    assert "Acte G, quantité 3, en 2 jours" in text(desk.get(f"/gestion/demandes/{claim.number}/"))


def test_a_line_without_a_rate_waits_for_one_and_says_where_to_propose_it(desk: Client, scanning) -> None:
    claim = waiting(currency="VND", territory="VN")
    page = desk.get(f"/gestion/demandes/{claim.number}/")
    assert "Aucun taux n’est en usage au 01/09/2026" in text(page)
    assert "Banque centrale européenne : aucun cours au 01/09/2026" in text(page)
    assert f"?devise=VND&amp;le=2026-09-01&amp;demande={claim.number}" in page.content.decode()
    assert post_line(desk, claim, act="G", rate="500").status_code == 302
    assert "proposez-en un" in text(desk.get(f"/gestion/demandes/{claim.number}/"))
    assert ClaimLine.objects.get(bill__claim=claim).due is None


def test_a_day_in_hospital_told_as_another_kind_of_care_can_be_computed(desk: Client, claim: Claim) -> None:
    typed = {"act": "HOSP_MED", "quantity": "2", "stated_tariff": "100", "reason": "Tarif de l’établissement"}
    assert post_line(desk, claim, **typed).status_code == 302


def test_a_decided_claim_offers_nothing_more(desk: Client, claim: Claim) -> None:
    factories.refused(claim)
    page = text(desk.get(f"/gestion/demandes/{claim.number}/"))
    assert "Prestation non remboursable" in page
    assert "Calculer" not in page
    assert "Demander un avis médical" not in page


def test_who_asks_twice_for_a_line_after_signing_in_again_comes_back_to_the_claim(desk: Client, claim: Claim) -> None:
    line = ClaimLine.objects.get(bill__claim=claim)
    response = desk.get(f"/gestion/demandes/{claim.number}/lignes/{line.pk}/")
    assert response["Location"].startswith(f"/gestion/demandes/{claim.number}/")


def test_a_second_agent_who_computes_too_late_learns_who_decided(desk: Client, claim: Claim) -> None:
    first: Actor = factories.agent()
    assert at_counter(first).get(f"/gestion/demandes/{claim.number}/").status_code == 200
    factories.refused(claim, by=first)
    post_line(desk, claim, act="G")
    told = text(desk.get(f"/gestion/demandes/{claim.number}/"))
    assert f"{first.account} a déjà décidé de cette demande le 15/09/2026" in told
