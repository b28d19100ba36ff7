"""A paper that never came: the agent asks for it, the soldier sends just that one, and the agent finds it."""

from pathlib import Path

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment
from escale.domain.documents import queries as documents
from escale.domain.notices.models import Notice
from tests import factories
from tests.journeys.conftest import Enter, waits
from tests.journeys.test_a_paper_replaced import PASSWORD, arrives, follows, scripts, sends

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

__all__ = ["scripts"]


def test_a_soldier_sends_just_the_paper_that_the_agent_asks_for(
    enter: Enter, night_shift: None, settings, scanner: str, tmp_path: Path
) -> None:
    # Given a claim that waits for its agent
    settings.CLAMD = scanner
    documents.antivirus.cache_clear()
    claim = factories.received(factories.insured(password=PASSWORD))

    # When the agent chooses a paper that is not there, and keeps the sentence that is proposed
    agent = arrives(enter, factories.account(Role.AGENT, password=PASSWORD).email)
    agent.goes_to(f"/gestion/demandes/{claim.number}/")
    follows(agent, "Demander une pièce à l’assuré")
    agent.page.locator("summary", has_text="Toute autre pièce").click()
    agent.page.locator("label", has_text="Ordre de mission").click()
    agent.presses("Continuer")
    agent.presses("Demander cette pièce")
    agent.reads("Une pièce est attendue de l’assuré")
    agent.reads("les lignes qui n’en dépendent pas peuvent être décidées")

    # Then the soldier is written to, sees on the phone which paper and why, and sends it
    waits(lambda: Notice.objects.filter(kind="papers_asked", status="sent").exists())
    alix = arrives(enter, claim.insured.account.email, phone=True)
    follows(alix, "voir la pièce à envoyer")
    for text in ("En cours de traitement", "Pièce demandée", "Ordre de mission", "Avec les dates de la mission."):
        alix.reads(text)
    follows(alix, "Envoyer cette pièce")
    sends(alix, claim, tmp_path, "ordre.pdf", factories.pdf())
    alix.reads("Vous avez envoyé une pièce demandée.")

    # Then the agent finds it in the queue and on the screen, as news
    waits(lambda: Attachment.objects.filter(document__name="ordre.pdf", document__status="clean").exists())
    agent.goes_to("/gestion/")
    agent.reads("Pièce reçue le")
    agent.presses(claim.number)
    agent.reads("Pièce demandée, reçue le")
