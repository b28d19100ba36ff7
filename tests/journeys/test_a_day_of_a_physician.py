"""A day of a physician, hands on the keyboard: the clock, papers under seal, coded answers, notes for them alone."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import AskedPaper, Claim, MedicalNote, MedicalOpinion, Outcome
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document
from escale.rules.intake import Care
from tests import factories, requested
from tests.journeys.conftest import Enter
from tests.journeys.keyboard import Keyboard, arrives
from tests.journeys.twenty_claims import claim

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

NOTE = "Cliché concordant avec la dent soignée."


@pytest.fixture
def scripts() -> bool:
    return True


def hours_ago(hours: int) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def gives(surgery: Keyboard, outcome: Outcome, code: str, note: str) -> None:
    surgery.reaches("Favorable")
    surgery.types("Space", *["ArrowDown"] * list(Outcome).index(outcome))
    surgery.picks("Sur quoi porte l’avis", code)
    surgery.writes("Note", note)
    surgery.presses("Rendre l’avis")


def sees_the_sealed_paper(surgery: Keyboard, of: Claim) -> None:
    paper = of.attachments.filter(medical=True).latest("pk")
    image = surgery.page.locator(f"img[src*='/pieces/{paper.pk}/']")
    surgery.types("j", "+", "r")
    surgery.reaches("", within=f"#piece-{paper.pk}")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth")


@pytest.mark.usefixtures("scanning")
def test_a_physician_answers_by_the_clock_without_a_mouse(enter: Enter) -> None:
    # Given a panoramic that the insured person sent straight to the physicians, two questions, one of them old
    straight = claim(care=Care.DENTAL, papers=("panoramic",))
    Document.objects.filter(attachments__claim=straight, name="panoramic.pdf").update(received_at=hours_ago(50))
    recent, late = claim(care=Care.DENTAL, papers=("panoramic",)), claim()
    for one, hours in {recent: 3, late: 51}.items():
        factories.asked(one)
        MedicalOpinion.objects.filter(claim=one).update(asked_at=hours_ago(hours))
    surgery = arrives(enter, Role.PHYSICIAN)

    # What has waited for more than 48 hours is told, and comes first
    surgery.reads(
        "L’objectif de 48 heures est dépassé : 1 question, 1 demande reçue sous pli confidentiel.",
        "attend depuis 51 heures, objectif de 48 heures dépassé", "attend depuis 3 heures, objectif : 48 heures",
    )  # fmt: skip
    page = surgery.page.locator("main").inner_text()
    assert page.index(late.number) < page.index(recent.number) < page.index(straight.number)
    surgery.presses(late.number)
    surgery.reads("Ces soins sont-ils justifiés ?")
    gives(surgery, Outcome.UNFAVOURABLE, "Caractère inopiné non", "Séjour prévu de longue date.")

    # Of the next, a report misses: it is asked for, and comes under seal
    surgery.presses(recent.number)
    sees_the_sealed_paper(surgery, recent)
    surgery.presses("Demander une pièce à l’assuré")
    surgery.opens("Toute autre pièce")
    surgery.ticks("Compte rendu d’hospitalisation")
    surgery.presses("Continuer")
    surgery.writes("Compte rendu d’hospitalisation", "Celui du mois de septembre.")
    surgery.presses("Demander cette pièce")
    surgery.reads("Avis médical demandé")
    sent = requested.sent(AskedPaper.objects.get(), medical=True)
    documents.scan(document=sent.document)
    claims.settle(claim=recent)
    surgery.goes_to("/gestion/medical/")
    surgery.reads("Pièce reçue le")
    surgery.presses(recent.number)
    sees_the_sealed_paper(surgery, recent)
    gives(surgery, Outcome.FAVOURABLE, "Soins médicalement", NOTE)

    # And what came straight is read without a question
    surgery.presses(straight.number)
    surgery.reads("Pièces reçues sous pli confidentiel")
    sees_the_sealed_paper(surgery, straight)
    gives(surgery, Outcome.NONE, "Pièces lues", "Rien à ajouter.")
    surgery.reads("Aucun avis n’est demandé.")

    # Then the agents read the answers, and only physicians the notes
    assert {one.status for one in Claim.objects.all()} == {Status.IN_PROGRESS}
    answers = dict(MedicalOpinion.objects.values_list("claim__number", "code"))
    assert answers == {late.number: "M03", recent.number: "M01", straight.number: "M07"}
    assert MedicalNote.objects.count() == 3
    desk = arrives(enter, Role.AGENT)
    desk.goes_to(f"/gestion/demandes/{recent.number}/")
    desk.reads("Favorable, M01 Soins médicalement justifiés", "sous pli confidentiel médical")
    assert NOTE not in desk.page.content()
    surgery.goes_to(f"/gestion/medical/{recent.number}/")
    surgery.reads(NOTE)
