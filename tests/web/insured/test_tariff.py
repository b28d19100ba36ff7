"""By whose tariff one is paid back, where the law gives the choice."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims.models import Claim
from escale.domain.registry.models import InsuredPerson
from escale.rules.reimbursement import Choice
from escale.rules.scope import Stay
from tests import factories
from tests.web.insured.conftest import text, title


@pytest.fixture
def claim(person: InsuredPerson) -> Claim:
    """A draft of a holiday in Germany."""
    return factories.draft(person, territory="DE", stay=Stay.HOLIDAY)


def page(claim: Claim, name: str = "tariff") -> str:
    return reverse(f"insured:{name}", args=[claim.number])


def test_the_way_of_a_private_stay_in_europe_asks_for_the_tariff(visitor: Client, claim: Claim) -> None:
    answer = visitor.post(page(claim, "beneficiary"), {"beneficiary": claim.beneficiary_id})
    assert answer.url == page(claim)
    told = text(visitor.get(page(claim)))
    assert "Étape 3 sur 6" in told
    assert "jamais plus que ce que vous avez payé" in told
    assert 'value="french" checked' in told
    assert f'href="{page(claim, "beneficiary")}">Étape précédente' in told
    assert f'href="{page(claim)}">Étape précédente' in text(visitor.get(page(claim, "bills")))


def test_the_choice_is_kept_and_shown_before_sending(visitor: Client, claim: Claim) -> None:
    assert "Tarifs français" in text(visitor.get(page(claim, "review")))
    assert visitor.post(page(claim), {"choice": "state_of_stay"}).url == page(claim, "bills")
    review = text(visitor.get(page(claim, "review")))
    assert "Tarifs de l’État de séjour" in review
    assert "Modifier le tarif" in review
    assert 'value="state_of_stay" checked' in text(visitor.get(page(claim)))


def test_the_choice_is_followed_after_sending(visitor: Client, person: InsuredPerson) -> None:
    claim = factories.complete(person, territory="DE", stay=Stay.HOLIDAY)
    visitor.post(page(claim), {"choice": "state_of_stay"})
    factories.sent(claim=claim)
    assert "Tarifs de l’État de séjour" in text(visitor.get(page(claim, "claim")))
    assert visitor.post(page(claim), {"choice": "french"}).url == page(claim, "claim")
    claim.refresh_from_db()
    assert claim.choice == Choice.STATE_OF_STAY


@pytest.mark.parametrize("choice", ["", "german"])
def test_who_chooses_nothing_is_asked_again(visitor: Client, claim: Claim, choice: str) -> None:
    answer = visitor.post(page(claim), {"choice": choice})
    assert title(answer).startswith("Erreur :")
    assert "Choisissez l’un des deux tarifs." in text(answer)


@pytest.mark.parametrize(("territory", "stay"), [("DJ", Stay.POSTING), ("DE", Stay.MISSION), ("US", Stay.HOLIDAY)])
def test_elsewhere_nothing_is_asked_and_nothing_is_chosen(
    visitor: Client, person: InsuredPerson, territory: str, stay: Stay
) -> None:
    claim = factories.draft(person, territory=territory, stay=stay)
    answer = visitor.post(page(claim, "beneficiary"), {"beneficiary": claim.beneficiary_id})
    assert answer.url == page(claim, "bills")
    assert visitor.get(page(claim)).url == page(claim, "bills")
    assert "Étape 3 sur 5" in text(visitor.get(page(claim, "bills")))
    assert "Tarif du remboursement" not in text(visitor.get(page(claim, "review")))
    refused = visitor.post(page(claim), {"choice": "state_of_stay"})
    assert title(refused).startswith("Erreur :")
    assert "la loi ne donne pas ce choix" in text(refused)
    claim.refresh_from_db()
    assert claim.choice == Choice.FRENCH
