"""Look at everything once more, then send it, or throw it away."""

import pytest
from django.urls import reverse

from escale.domain.claims import completeness
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from tests import factories
from tests.web.insured.conftest import text, title

DRAFT_PAGES = ["where", "beneficiary", "bills", "add_bill", "documents", "review", "discard"]


def at(name, claim):
    return reverse(f"insured:{name}", args=[claim.number])


def test_a_draft_opens_on_its_summary_with_what_it_misses(visitor, person):
    claim = factories.draft(person)
    assert visitor.get(at("claim", claim)).url == at("review", claim)
    page = text(visitor.get(at("review", claim)))
    assert all(sentence in page for sentence in completeness.missing(claim))
    assert 'name="certified"' not in page


def test_an_incomplete_claim_is_not_sent_even_certified(visitor, person):
    claim = factories.draft(person)
    answer = visitor.post(at("review", claim), {"certified": "on"})
    assert title(answer).startswith("Erreur :")
    assert "Ajoutez au moins une facture acquittée." in text(answer)


def test_nothing_is_sent_without_being_certified(visitor, person):
    claim = factories.complete(person)
    answer = visitor.post(at("review", claim), {})
    assert title(answer).startswith("Erreur :")
    assert "Certifiez l’exactitude de votre demande en cochant la case." in text(answer)
    claim.refresh_from_db()
    assert claim.status == Status.DRAFT


def test_sending_twice_gives_the_same_receipt(visitor, person):
    claim = factories.complete(person)
    for _ in range(2):
        assert visitor.post(at("review", claim), {"certified": "on"}).url == at("receipt", claim)
    assert Entry.objects.filter(event="claim.submit").count() == 1


def test_the_receipt_says_what_the_law_asks(visitor, person):
    claim = factories.sent(person)
    page = text(visitor.get(at("receipt", claim)))
    assert claim.number in page
    assert "15 septembre 2026 à 10:00" in page
    assert "mardi 22 septembre 2026" in page
    assert all(document.sha256 in page for document in Document.objects.all())
    assert "Service droits et prestations hors de France" in page
    assert "Sans réponse de notre part le 15 novembre 2026" in page
    assert "commission de recours amiable" in page


@pytest.mark.parametrize("stage", DRAFT_PAGES)
def test_going_back_after_sending_shows_the_claim(visitor, person, stage):
    claim = factories.sent(person)
    answer = visitor.get(at(stage, claim), follow=True)
    assert answer.redirect_chain == [(at("claim", claim), 302)]
    assert "Cette demande a déjà été envoyée" in text(answer)


def test_what_is_posted_after_sending_changes_nothing(visitor, person):
    claim = factories.sent(person)
    visitor.post(at("add_bill", claim), {"provider": "Autre", "currency": "EUR"})
    visitor.post(at("discard", claim))
    assert claim.bills.count() == 1


def test_a_draft_is_thrown_away_once_confirmed(visitor, person):
    claim = factories.complete(person)
    assert "Supprimer ce brouillon ?" in text(visitor.get(at("discard", claim)))
    assert f"Le brouillon {claim.number} est supprimé." in text(visitor.post(at("discard", claim), follow=True))
    assert not Claim.objects.exists()
    assert not Document.objects.exists()
    assert visitor.get(at("review", claim)).status_code == 404


@pytest.mark.parametrize("stage", ["claim", "receipt", "statement", *DRAFT_PAGES])
@pytest.mark.parametrize("make", [factories.draft, factories.sent])
def test_the_claim_of_somebody_else_does_not_exist(visitor, stage, make):
    assert visitor.get(at(stage, make())).status_code == 404


def test_the_receipt_of_a_draft_does_not_exist_yet(visitor, person):
    claim = factories.draft(person)
    assert visitor.get(at("receipt", claim)).url == at("review", claim)


def test_the_summary_asks_few_questions(visitor, person, django_assert_max_num_queries):
    claim = factories.complete(person)
    visitor.get(at("review", claim))  # the session notes once a minute that its owner is there
    with django_assert_max_num_queries(13):
        visitor.get(at("review", claim))
