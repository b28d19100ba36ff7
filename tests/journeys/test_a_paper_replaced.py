"""A blurred photograph: the agent says so, the soldier sends another, and nothing else has to be done again."""

from pathlib import Path

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment, Claim
from escale.domain.documents import queries as documents
from escale.domain.notices.models import Notice
from tests import factories
from tests.journeys.conftest import Enter, Visitor, waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PASSWORD = "une phrase de passe bien longue"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


def test_a_soldier_replaces_just_the_paper_that_cannot_be_read(
    enter: Enter, night_shift: None, settings, scanner: str, tmp_path: Path
) -> None:
    # Given a claim that waits for its agent
    settings.CLAMD = scanner
    documents.antivirus.cache_clear()
    claim = factories.received(factories.insured(password=PASSWORD))
    refused = claim.attachments.earliest("pk")
    screen = f"/gestion/demandes/{claim.number}/"

    # When the agent finds a photograph unreadable, and sends the sentence that is proposed
    agent = arrives(enter, factories.account(Role.AGENT, password=PASSWORD).email)
    agent.goes_to(screen)
    follows(agent, "Illisible")
    agent.presses("Demander une autre pièce")
    assert agent.page.url.endswith(f"#piece-{refused.pk}")
    agent.reads("Une pièce est attendue de l’assuré")
    agent.reads("les lignes qui n’en dépendent pas peuvent être décidées")

    # Then the soldier is written to, and sees on the phone which paper and why
    waits(lambda: Notice.objects.filter(kind="paper_to_replace", status="sent").exists())
    alix = arrives(enter, claim.insured.account.email, phone=True)
    follows(alix, "voir la pièce à envoyer")
    for text in ("En cours de traitement", "Pièce à remplacer", refused.document.name, "n’est pas assez lisible"):
        alix.reads(text)

    # When the first file sent in its place holds a virus, another is asked for, and the claim goes on
    follows(alix, "Remplacer cette pièce")
    sends(alix, claim, tmp_path, "recu.pdf", factories.pdf() + b"\n%" + factories.EICAR + b"\n%%EOF\n")
    waits(lambda: Attachment.objects.to_replace().filter(replaces=refused).exists())
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/")
    alix.reads("Ce fichier contient un virus.")
    follows(alix, "Remplacer cette pièce")
    sends(alix, claim, tmp_path, "nette.pdf", factories.pdf())
    alix.reads("Vous avez remplacé une pièce.")

    # Then the agent finds the new one in the queue and on the screen, the old one folded away, and accepts it
    waits(lambda: Attachment.objects.current().filter(document__name="nette.pdf", document__status="clean").exists())
    agent.goes_to("/gestion/")
    agent.reads("Pièce reçue le")
    agent.presses(claim.number)
    agent.reads("1 pièce remplacée, gardée comme preuve")
    new = Attachment.objects.get(document__name="nette.pdf")
    agent.page.locator(f"#piece-{new.pk}").get_by_role("button", name="Acceptée").click()
    agent.page.wait_for_load_state("load")
    agent.looks_around()
    claim.refresh_from_db()
    new.refresh_from_db()
    assert (claim.status, new.verdict) == ("in_progress", "accepted")
    assert Claim.objects.count() == 1


def arrives(enter: Enter, email: str, *, phone: bool = False) -> Visitor:
    visitor = enter(phone=phone)
    visitor.signs_in(email, PASSWORD)
    return visitor


def follows(visitor: Visitor, name: str) -> None:
    """Follow the first link whose name holds this, whatever is added for those who only hear it."""
    visitor.page.get_by_role("link", name=name).first.click()
    visitor.page.wait_for_load_state("load")
    visitor.looks_around()


def sends(visitor: Visitor, claim: Claim, folder: Path, name: str, content: bytes) -> None:
    """Send the one file that is asked for, and come back to the claim."""
    (folder / name).write_bytes(content)
    visitor.page.locator("input[type=file]").set_input_files(folder / name)
    visitor.page.get_by_role("button", name="Envoyer ce fichier").click()
    visitor.page.wait_for_url(f"**/demandes/{claim.number}/")
    visitor.looks_around()
