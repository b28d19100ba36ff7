"""A soldier reads what a bill may bring before sending it; the sum is another, and each euro of it is explained."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import ClaimLine
from escale.rules.intake import Care
from tests import factories
from tests.journeys.conftest import Enter, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PASSWORD = "une phrase de passe bien longue"


@pytest.fixture
def scripts() -> bool:
    return True


def test_what_was_estimated_is_compared_with_what_is_paid_back(enter: Enter, scanning: None) -> None:
    # Given a draft with a consultation, and medicines that nobody can estimate
    claim = factories.complete(factories.insured(password=PASSWORD))
    bill = claim.bills.get()
    factories.line(bill, care=Care.PHARMACY)
    factories.attachment(claim, paper="prescription")
    alix = arrives(enter, claim.insured.account.email, phone=True)

    # When Alix looks at it before sending, the estimate says what it supposes and what it does not know
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/envoi/")
    for text in ("Remboursement estimé :", "si c’est une consultation ordinaire", "Ce n’est pas une promesse",
                 "Nous ne pouvons pas l’estimer : le remboursement dépend de chaque médicament"):  # fmt: skip
        alix.reads(text)
    photographs(alix, "review")

    # And when an agent waits for the physicians, then retains another act
    factories.received(claim=claim)
    agent = factories.agent()
    opinion = factories.asked(claim, by=agent)
    factories.answered(opinion)
    consultation, medicines = ClaimLine.objects.order_by("pk")
    claims.assess(line=consultation, retained=claims.Assessment(act="CS_PSY"), by=agent)
    price = claims.Assessment(act="PH7", stated_tariff=Decimal(20), reason="Prix français des médicaments")
    claims.assess(line=medicines, retained=price, by=agent)
    desk = arrives(enter, factories.account(Role.AGENT, password=PASSWORD).email)
    desk.goes_to(f"/gestion/demandes/{claim.number}/")
    for text in ("Du montant payé au montant remboursé", "Estimation donnée à l’assuré", "Cette date ne bouge pas"):
        desk.reads(text)
    photographs(desk, "case")
    desk.goes_to("/gestion/")
    photographs(desk, "queue")

    # Then the statement tells Alix why
    claims.decide(claim=claim, by=agent)
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/decompte/")
    for text in ("Pourquoi le montant diffère de l’estimation", "De l’estimation au montant remboursé"):
        alix.reads(text)
    photographs(alix, "statement")


def arrives(enter: Enter, email: str, *, phone: bool = False) -> Visitor:
    visitor = enter(phone=phone)
    visitor.signs_in(email, PASSWORD)
    return visitor


def photographs(visitor: Visitor, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        for width in (320, 1280):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.screenshot(path=Path(folder) / f"{name}_{width}.png", full_page=True)
