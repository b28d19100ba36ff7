"""The physicians' counter."""

from datetime import timedelta

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escale.domain.claims.models import Claim, MedicalNote, MedicalOpinion, Pause
from tests import factories
from tests.web.agents.conftest import at_counter, text, waiting

ANSWER = {"outcome": "favourable", "code": "M01", "note": "Tableau clinique clair."}


def answer(client: Client, claim: Claim, **typed: object) -> object:
    asked = MedicalOpinion.objects.filter(claim=claim).latest("pk").pk
    return client.post(f"/gestion/medical/{claim.number}/", {**ANSWER, "asked": asked, **typed})


def test_the_queue_holds_the_claims_on_which_an_opinion_is_asked(surgery: Client, claim: Claim) -> None:
    quiet = waiting()
    factories.asked(claim)
    page = text(surgery.get("/gestion/medical/"))
    assert claim.number in page
    assert quiet.number not in page
    assert surgery.get(f"/gestion/medical/{quiet.number}/").status_code == 404


def test_the_queue_says_since_when_an_opinion_is_asked_and_what_is_aimed_at(
    claim: Claim, frozen: time_machine.Traveller
) -> None:
    def read() -> str:  # nobody stays signed in that long
        return text(at_counter(physician).get("/gestion/medical/"))

    physician = factories.physician()
    factories.asked(claim)
    frozen.shift(timedelta(hours=5))
    assert "demandé depuis 5 heures, objectif : 48 heures" in read()
    frozen.shift(timedelta(hours=44))
    assert "demandé depuis 49 heures, objectif de 48 heures dépassé" in read()


def test_a_physician_reads_the_papers_chosen_and_those_under_seal(surgery: Client, claim: Claim) -> None:
    agent = factories.agent()
    chosen = claim.attachments.filter(paper="bill")
    opinion = factories.asked(claim, by=agent)
    opinion.attachments.set(chosen)
    page = text(surgery.get(f"/gestion/medical/{claim.number}/"))
    assert "Ces soins sont-ils justifiés ?" in page
    assert "facture.pdf" in page
    assert "secret.jpg" in page
    assert "non jointe à la question" in page


def test_an_answer_goes_back_to_the_agents_and_its_note_stays(surgery: Client, claim: Claim) -> None:
    factories.asked(claim)
    assert answer(surgery, claim)["Location"] == "/gestion/medical/"
    assert MedicalOpinion.objects.get(claim=claim).outcome == "favourable"
    colleague = at_counter(factories.physician())
    page = text(colleague.get(f"/gestion/medical/{claim.number}/"))
    assert "Tableau clinique clair." in page
    assert "Aucun avis n’est attendu" in page


def test_an_answer_without_a_code_keeps_what_was_typed(surgery: Client, claim: Claim) -> None:
    factories.asked(claim)
    response = answer(surgery, claim, code="")
    assert "<title>Erreur" in response.content.decode()
    assert "Tableau clinique clair." in text(response)


def test_an_answer_never_lands_on_another_question(surgery: Client, claim: Claim) -> None:
    first = factories.answered(factories.asked(claim))
    factories.asked(claim)
    assert "Une autre question a été posée" in text(answer(surgery, claim, asked=first.pk))
    assert MedicalNote.objects.count() == 1


def test_of_two_physicians_the_second_is_told_that_it_is_done(surgery: Client, claim: Claim) -> None:
    factories.answered(factories.asked(claim))
    assert "n’est plus possible" in text(answer(surgery, claim))
    assert MedicalNote.objects.count() == 1


def test_the_page_of_an_opinion_takes_few_queries(surgery: Client, claim: Claim, django_assert_max_num_queries) -> None:
    factories.asked(claim)
    surgery.get(f"/gestion/medical/{claim.number}/")  # the first time in an hour leaves a line
    with django_assert_max_num_queries(18):
        surgery.get(f"/gestion/medical/{claim.number}/")


def test_a_question_takes_the_same_queries_however_often_the_clock_stopped(
    surgery: Client, claim: Claim, django_assert_max_num_queries
) -> None:
    factories.asked(claim)
    address = f"/gestion/medical/{claim.number}/"
    surgery.get(address)
    with CaptureQueriesContext(connection) as once:
        surgery.get(address)
    for _ in range(3):
        Pause.objects.create(
            claim=claim, reason="papers", paused_from="2026-09-15", paused_until="2026-09-15",
            author=factories.agent().account,
        )  # fmt: skip
    with django_assert_max_num_queries(len(once)):
        surgery.get(address)
