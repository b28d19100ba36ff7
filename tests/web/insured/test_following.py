"""What became of a claim that was sent."""

import pytest
from django.urls import reverse

from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.documents.lifecycle import Status as DocumentStatus
from tests import factories
from tests.web.insured.conftest import text


def at(name, claim):
    return reverse(f"insured:{name}", args=[claim.number])


def shown(visitor, claim):
    return text(visitor.get(at("claim", claim)))


def test_a_claim_just_sent_says_that_its_files_are_being_scanned_and_when_the_answer_is_due(visitor, person):
    page = shown(visitor, factories.sent(person))
    assert "La demande a été envoyée à la CNMSS et n’est plus modifiable." in page
    assert "Contrôle antivirus en cours" in page
    assert "22 septembre 2026" in page
    assert "de la CNMSS" in page


@pytest.mark.usefixtures("scanning")
class TestBehindTheScanner:
    def test_a_claim_received_says_so_and_names_no_agent(self, visitor, person):
        claim = factories.asked(factories.received(person)).claim
        page = shown(visitor, claim)
        assert "La demande est en cours d’étude au service médical de la CNMSS." in page
        assert "L’avis du service médical a été demandé." in page
        assert "Contrôle antivirus en cours" not in page
        assert "Compte " not in page.partition("<main")[2]

    def test_an_unusable_claim_names_its_file_and_opens_one_draft_with_all_the_rest(self, visitor, person):
        claim = factories.unusable(person)
        page = shown(visitor, claim)
        assert '« <strong class="own-name">recu.pdf</strong> » : ce fichier contient un virus.' in page
        key = page.partition('name="request_key" value="')[2].partition('"')[0]
        first = visitor.post(at("start_again", claim), {"request_key": key})
        assert visitor.post(at("start_again", claim), {"request_key": key}).url == first.url
        draft = Claim.objects.get(copied_from=claim)
        assert first.url == at("documents", draft)
        assert draft.attachments.count() == claim.attachments.count() - 1
        assert DocumentStatus.INFECTED not in draft.attachments.values_list("document__status", flat=True)

    def test_a_refusal_is_explained_with_its_articles_and_the_way_to_contest_it(self, visitor, person):
        page = shown(visitor, factories.refused(factories.received(person), reason_code="R02"))
        assert "Droits non ouverts à la date des soins" in page
        assert "Voir la notice du service." in page
        assert "CSS, art. L. 713-1 et D. 713-1" in page
        assert "Vous pouvez saisir la commission de recours amiable" in page
        assert "Vous pouvez contester cette décision jusqu’au 15 novembre 2026 inclus." in page

    def test_a_refusal_for_medical_advice_tells_the_commission_of_its_letter_and_that_no_delay_runs_unread(
        self, visitor, person
    ):
        letter = factories.deposited(factories.refused(factories.received(person), reason_code="R13"))
        page = shown(visitor, letter.decision.claim)
        assert "par lettre seulement, sous pli fermé portant la mention « secret médical »" in page
        assert "Président de la commission de recours amiable" not in page
        assert "Ces délais courent à partir du jour où vous lisez" in page

    def test_the_statement_explains_each_line_step_by_step(self, visitor, person):
        claim = factories.approved(factories.received(person))
        claim.refresh_from_db()
        page = text(visitor.get(at("statement", claim)))
        line = ClaimLine.objects.get()
        assert line.rate_source in page
        assert all(step["label"] in page and step["article"] in page for step in line.explanation)
        assert f"{line.due:.2f}".replace(".", ",") in page
        assert "Paiement de" in page
        assert "en cours, sur le compte" in page

    def test_the_day_until_which_originals_are_kept_is_shown_once_paid(self, visitor, person):
        claim = factories.approved(factories.received(person))
        claim.refresh_from_db()
        assert "la date exacte s’affichera ici" in shown(visitor, claim)
        factories.paid(factories.ordered(claim))
        claim = Claim.objects.get(pk=claim.pk)
        page = shown(visitor, claim)
        assert f"septembre {claim.paid_on.year + 4}</strong>" in page
        assert "Virement de" in page

    def test_following_asks_at_most_twelve_questions(self, visitor, person, django_assert_max_num_queries):
        claim = factories.approved(factories.received(person))
        for page in ("claim", "statement", "receipt"):
            visitor.get(at(page, claim))  # the session notes once a minute that its owner is there
            with django_assert_max_num_queries(12):
                visitor.get(at(page, claim))


def test_before_the_answer_the_statement_leads_to_the_claim(visitor, person):
    claim = factories.sent(person)
    assert visitor.get(at("statement", claim)).url == at("claim", claim)


def test_only_an_unusable_claim_is_started_again(visitor, person):
    assert visitor.post(at("start_again", factories.sent(person))).status_code == 404
