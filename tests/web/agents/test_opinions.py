"""The physicians' counter."""

from datetime import date, timedelta
from uuid import uuid4

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escale.domain.accounts.models import Role
from escale.domain.claims import queries, silence
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import AskedPaper, Claim, ClaimLine, MedicalNote, MedicalOpinion, Pause
from escale.rules.intake import Care
from escale.rules.scope import Stay
from tests import factories
from tests.web.agents.conftest import at_counter, text, waiting

ANSWER = {"outcome": "favourable", "code": "M01", "note": "Tableau clinique clair."}


def answer(client: Client, claim: Claim, **typed: object) -> object:
    asked = MedicalOpinion.objects.filter(claim=claim).latest("pk").pk
    return client.post(f"/gestion/medical/{claim.number}/", {**ANSWER, "asked": asked, **typed})


def test_the_queue_holds_the_claims_on_which_an_opinion_is_asked(surgery: Client, claim: Claim) -> None:
    quiet = factories.received()
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
    assert "attend depuis 5 heures, objectif : 48 heures" in read()
    frozen.shift(timedelta(hours=44))
    assert "attend depuis 49 heures, objectif de 48 heures dépassé" in read()


def test_the_oldest_question_comes_first_whatever_is_due(claim: Claim, frozen: time_machine.Traveller) -> None:
    younger = waiting()
    factories.asked(claim)
    frozen.shift(timedelta(hours=1))
    factories.asked(younger)
    Claim.objects.filter(pk=younger.pk).update(due_on=claim.due_on - timedelta(days=3))
    page = text(at_counter(factories.physician()).get("/gestion/medical/"))
    assert page.index(claim.number) < page.index(younger.number)


def test_what_comes_under_seal_waits_for_a_physician_without_a_question(surgery: Client, claim: Claim) -> None:
    page = text(surgery.get("/gestion/medical/"))
    assert "Reçues sous pli confidentiel, sans question" in page
    assert claim.number in page
    page = text(surgery.get(f"/gestion/medical/{claim.number}/"))
    assert "Le gestionnaire n’a posé aucune question" in page
    assert "secret.jpg" in page
    assert "facture.pdf" not in page
    address = f"/gestion/medical/{claim.number}/"
    said = {"outcome": "none", "code": "M07", "note": "Cliché sans particularité.", "asked": 0}
    assert surgery.post(address, said)["Location"] == "/gestion/medical/"
    assert claim.number not in text(surgery.get("/gestion/medical/"))
    assert "Aucun avis n’est attendu" in text(surgery.get(address))
    assert surgery.post(address, said).status_code == 200
    assert MedicalNote.objects.count() == 1
    page = text(at_counter(factories.agent()).get(f"/gestion/demandes/{claim.number}/"))
    assert "M07 Pièces lues, rien qui change la décision" in page
    assert "Cliché" not in page


def test_what_has_waited_too_long_is_told_to_the_physicians_and_to_the_supervisors(
    claim: Claim, frozen: time_machine.Traveller
) -> None:
    factories.asked(waiting())
    frozen.shift(timedelta(hours=49))
    told = "L’objectif de 48 heures est dépassé : 1 question, 1 demande reçue sous pli confidentiel."
    assert told in text(at_counter(factories.physician()).get("/gestion/medical/"))
    board = text(at_counter(factories.actor(Role.SUPERVISOR)).get("/gestion/supervision/"))
    assert "Questions au service médical depuis plus de 48 heures 1" in board
    assert "sans question ni avis, depuis plus de 48 heures 1" in board


def test_a_physician_asks_for_papers_that_only_physicians_read(surgery: Client, claim: Claim) -> None:
    factories.asked(claim)
    address = f"/gestion/medical/{claim.number}/demander/"
    page = text(surgery.get(address))
    assert "Compte rendu d’hospitalisation" in page
    assert "Ordre de mission" not in page
    wanted = {"paper": ["discharge_report"], "discharge_report": "Celui du séjour de mars."}
    assert surgery.post(address, wanted)["Location"] == f"/gestion/medical/{claim.number}/"
    assert "Une pièce est attendue" in text(at_counter(factories.agent()).get(f"/gestion/demandes/{claim.number}/"))
    assert "Aucune" not in text(surgery.post(address, {"paper": ["mission_order"], "mission_order": "Pour voir."}))
    assert AskedPaper.objects.get().paper == "discharge_report"


def planned_care() -> Claim:
    claim = factories.draft(territory="ES", stay=Stay.PLANNED_CARE, stay_until=date(2026, 10, 1))
    factories.line(factories.bill(claim, currency="EUR"), care=Care.HOSPITAL)
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    return factories.asked(factories.received(claim=claim)).claim


def test_silences_to_come_take_the_same_queries_however_many_they_are(
    surgery: Client, scanning, frozen: time_machine.Traveller, django_assert_num_queries
) -> None:
    planned_care()
    frozen.shift(timedelta(days=10))
    physician = factories.physician()
    with CaptureQueriesContext(connection) as once:
        assert len(silence.near(actor=physician)) == 1
    frozen.shift(timedelta(days=-10))
    planned_care()
    frozen.shift(timedelta(days=10))
    with django_assert_num_queries(len(once)):
        assert len(silence.near(actor=physician)) == 2


def test_what_silence_would_grant_is_shown_with_its_day_and_its_article(
    surgery: Client, scanning, frozen: time_machine.Traveller
) -> None:
    planned = planned_care()
    told = "sans réponse avant le 29/09/2026, dans 14 jours, notre silence vaut accord (CSS, art. R. 160-2, II)"
    assert told in text(at_counter(factories.agent()).get(f"/gestion/demandes/{planned.number}/"))
    assert told in text(surgery.get(f"/gestion/medical/{planned.number}/"))
    assert "Silences qui vaudront accord" not in text(surgery.get("/gestion/medical/"))
    frozen.shift(timedelta(days=10))
    counter = text(at_counter(factories.physician()).get("/gestion/medical/"))
    assert f"Silences qui vaudront accord {planned.number}" in counter
    frozen.shift(timedelta(days=4))
    page = text(at_counter(factories.physician()).get(f"/gestion/medical/{planned.number}/"))
    assert "notre silence vaut accord depuis le 29/09/2026" in page
    board = text(at_counter(factories.actor(Role.SUPERVISOR)).get("/gestion/supervision/"))
    assert "Demandes dont le silence vaut accord, ou le vaudra bientôt 1" in board


def test_the_lines_that_do_not_wait_for_the_opinion_are_decided_meanwhile(desk: Client, claim: Claim) -> None:
    asked = claim.bills.get().lines.get()
    other = ClaimLine.objects.create(
        bill=asked.bill, given_on=asked.given_on, care=Care.GENERALIST, amount=15_000, request_key=uuid4()
    )
    typed = {"question": "Est-ce justifié ?", "lines": [asked.pk]}
    assert desk.post(f"/gestion/demandes/{claim.number}/avis/", typed).status_code == 302
    for line in (asked, other):
        address = f"/gestion/demandes/{claim.number}/lignes/{line.pk}/"
        assert desk.post(address, {"quantity": "1", "act": "G"}).status_code == 302
    decide = f"/gestion/demandes/{claim.number}/decider/"
    other.refresh_from_db()
    assert f"line-{asked.pk}" not in desk.get(decide).content.decode()
    assert desk.post(decide, {"lines": f"{other.pk}:{other.due}"}).status_code == 302
    claim.refresh_from_db()
    assert claim.status == Status.MEDICAL_OPINION
    assert [one.final for one in claim.decisions.all()] == [False]
    asked.refresh_from_db()
    desk.post(decide, {"lines": f"{asked.pk}:{asked.due}"})
    assert "Cette ligne attend l’avis du service médical." in text(desk.get(f"/gestion/demandes/{claim.number}/"))
    assert claim.decisions.count() == 1
    factories.answered(MedicalOpinion.objects.get())
    desk.post(decide, {"lines": f"{asked.pk}:{asked.due}"})
    claim.refresh_from_db()
    assert claim.status == Status.PROCESSED


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
