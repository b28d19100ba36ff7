"""A soldier on holiday in Germany chooses the tariffs of that State; an agent types its answer, and what they judge."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim, ClaimLine
from escale.rules.scope import Stay
from tests import factories
from tests.journeys.conftest import Enter, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PASSWORD = "une phrase de passe bien longue"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_a_choice_is_made_then_answered(enter: Enter, scanning: None) -> None:
    # Given a complete draft of a holiday in Germany
    claim = factories.complete(factories.insured(password=PASSWORD), territory="DE", stay=Stay.HOLIDAY)
    alix = arrives(enter, claim.insured.account.email, phone=True)

    # When Alix goes from the beneficiary to the tariff, and chooses that of the State of stay
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/beneficiaire/")
    alix.presses("Enregistrer et continuer")
    alix.reads("Étape 3 sur 6")
    photographs(alix, "tariff")
    alix.page.get_by_text("Tarifs de l’État de séjour").click()
    alix.presses("Enregistrer et continuer")
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/envoi/")
    alix.reads("Nous demandons le montant à l’organisme du pays des soins")
    photographs(alix, "review")

    # Then the agent is asked for the answer, and told so until it is there
    factories.received(claim=claim)
    desk = arrives(enter, factories.account(Role.AGENT, password=PASSWORD).email)
    desk.goes_to(f"/gestion/demandes/{claim.number}/")
    photographs(desk, "answer")
    desk.presses("Calculer")
    desk.reads("indiquez le montant que l’organisme de cet État a répondu")
    desk.page.get_by_label("Réponse de l’État de séjour (€)").fill("12,50")
    desk.presses("Calculer")
    desk.reads("réponse de cet État")
    photographs(desk, "answered")
    assert ClaimLine.objects.get().due == Decimal("12.50")


def test_what_is_to_judge_is_judged(enter: Enter, scanning: None) -> None:
    # Given a claim of a holiday in America, and an agent
    claim = factories.received(claim=factories.complete(factories.insured(), territory="US", stay=Stay.HOLIDAY))
    desk = arrives(enter, factories.account(Role.AGENT, password=PASSWORD).email)
    desk.goes_to(f"/gestion/demandes/{claim.number}/")
    photographs(desk, "judge")

    # When they say that the care was planned before leaving
    desk.page.get_by_label("Soins inopinés").select_option("Non")
    desk.presses("Calculer")

    # Then nothing is paid back, by its article
    desk.reads("Circonstances : soins prévus avant le séjour")
    photographs(desk, "judged")
    assert ClaimLine.objects.get(bill__claim=Claim.objects.get()).due == Decimal(0)


def arrives(enter: Enter, email: str, *, phone: bool = False) -> Visitor:
    visitor = enter(phone=phone)
    visitor.signs_in(email, PASSWORD)
    return visitor


def photographs(visitor: Visitor, name: str) -> None:
    """Keep the page at both widths, if somebody asked to look at it."""
    if folder := os.environ.get("SHOTS"):
        was = visitor.page.viewport_size
        for width in (320, 1280):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=Path(folder) / f"{name}_{width}.png", full_page=True)
        if was:
            visitor.page.set_viewport_size(was)
