"""The first page, and the list of all claims."""

import pytest
from django.urls import reverse

from escale.domain.accounts.models import Role
from tests import factories
from tests.web.insured.conftest import signed_in, text

HOME, CLAIMS = reverse("insured:home"), reverse("insured:claims")


def test_the_home_page_shows_each_online_service_with_its_rule(visitor):
    page = text(visitor.get(HOME))
    assert "Remboursement des soins à l’étranger" in page
    assert "Les demandes d’aide à domicile ne sont pas applicables depuis l’étranger." in page
    assert "Les prestations en espèces ne sont pas applicables depuis l’étranger." in page
    assert page.count("Bientôt disponible") == 4
    assert reverse("insured:data") in page


def test_the_home_page_shows_the_five_latest_claims_and_the_older_drafts_apart(visitor, person):
    drafts = [factories.draft(person) for _ in range(7)]
    page = text(visitor.get(HOME))
    latest, _, older = page.partition("Brouillons à reprendre")
    assert all(claim.number in latest for claim in drafts[2:])
    assert all(claim.number in older for claim in drafts[:2])
    assert "En attente de votre part" in latest


def test_the_claims_are_listed_twenty_a_page(visitor, person):
    oldest = [factories.draft(person) for _ in range(22)][0]
    assert oldest.number not in text(visitor.get(CLAIMS))
    assert oldest.number in text(visitor.get(CLAIMS, {"page": 2}))


@pytest.mark.parametrize("looked_for", ["kenya", "Kenia", "{number}"])
def test_a_claim_is_found_by_its_country_or_number_and_what_was_typed_is_in_no_address(visitor, person, looked_for):
    wanted, other = factories.draft(person, territory="KE"), factories.draft(person)
    answer = visitor.post(CLAIMS, {"text": looked_for.format(number=wanted.number)})
    assert answer.url == f"{CLAIMS}?recherche"
    page = text(visitor.get(answer.url))
    assert wanted.number in page
    assert other.number not in page
    assert other.number in text(visitor.get(CLAIMS))


def test_nobody_sees_the_claims_of_others(visitor):
    others = factories.draft()
    assert others.number not in text(visitor.get(HOME)) + text(visitor.get(CLAIMS))


def test_an_account_without_insured_person_cannot_open_a_claim(client):
    agent = factories.account(Role.INSURED)

    class Nobody:
        account = agent

    assert signed_in(Nobody()).get(reverse("insured:new_claim")).status_code == 404


@pytest.mark.parametrize("address", [HOME, CLAIMS])
def test_a_list_asks_as_many_questions_for_many_claims_as_for_one(
    visitor, person, address, django_assert_max_num_queries
):
    for _ in range(12):
        factories.draft(person)
    visitor.get(address)  # the session notes once a minute that its owner is there
    with django_assert_max_num_queries(10):
        visitor.get(address)
