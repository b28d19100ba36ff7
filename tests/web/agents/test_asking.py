"""What an agent asks of the insured person: chosen by name, explained, and waited for or no more."""

import pytest
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims import actions as claims
from escale.domain.claims import waiting
from escale.domain.claims.models import Claim
from escale.rules.intake import Care
from tests import factories, requested
from tests.web.agents import conftest
from tests.web.agents.conftest import text

WHY = "Avec les dates de la mission."


def screen(claim: Claim) -> str:
    return f"/gestion/demandes/{claim.number}/"


def address(claim: Claim) -> str:
    return f"{screen(claim)}pieces/demander/"


def test_papers_are_chosen_by_name_then_explained_as_the_law_does_then_asked_for(desk: Client, claim: Claim) -> None:
    offered = text(desk.get(address(claim)))
    for words in ("Pièces de cette demande", "Déjà jointe.", "Toute autre pièce", "Ordre de mission"):
        assert words in offered
    proposed = desk.post(address(claim), {"paper": ["mission_order", "schooling"], "proposed": ""})
    assert "Demander ces 2 pièces" in text(proposed)
    assert WHY in text(proposed)
    typed = {"paper": ["mission_order", "schooling"], "mission_order": "Avec ses dates.", "schooling": "De l’année."}
    assert "2 pièces demandées : l’assuré est prévenu." in text(desk.post(address(claim), typed, follow=True))
    assert [one.words for one in waiting.asked(claim)] == ["Avec ses dates.", "De l’année."]
    told = text(desk.get(screen(claim)))
    for words in ("2 pièces sont attendues de l’assuré", "Ordre de mission", "« De l’année. »", "15/09/2026"):
        assert words in told
    assert "2 pièces demandées à l’assuré" in told
    assert "Attend une pièce de l’assuré" in text(desk.get("/gestion/"))


@pytest.mark.usefixtures("scanning")
def test_what_the_claim_misses_is_asked_for_from_its_screen_in_two_presses(desk: Client, agent: Actor) -> None:
    claim = conftest.draft()
    factories.line(claim.bills.get(), care=Care.PHYSIOTHERAPY)
    factories.attachment(claim, paper="prescription")
    factories.sent(claim=claim)
    claim.attachments.filter(paper="prescription").update(paper="other")
    factories.scanned(claim)
    page = desk.get(screen(claim)).content.decode()
    assert '<input type="hidden" name="paper" value="prescription">' in page
    assert "La demander à l’assuré" in page
    requested.paper(claim, code="prescription", by=agent)
    assert "La demander à l’assuré" not in desk.get(screen(claim)).content.decode()


def test_a_paper_is_not_asked_for_without_its_sentence_nor_none_at_all(desk: Client, claim: Claim) -> None:
    page = desk.post(address(claim), {"paper": "schooling", "schooling": " "})
    assert text(page).startswith("Erreur :")
    assert "ce que cette pièce doit montrer" in text(page)
    assert "Cochez au moins une pièce." in text(desk.post(address(claim), {"proposed": ""}))
    assert waiting.asked(claim) == []


def test_asked_for_twice_it_is_said(desk: Client, claim: Claim) -> None:
    typed = {"paper": "mission_order", "mission_order": WHY}
    desk.post(address(claim), typed)
    assert "déjà demandées" in text(desk.post(address(claim), typed, follow=True))
    assert len(waiting.asked(claim)) == 1


def test_nothing_is_accepted_while_a_paper_is_asked_for_unless_the_agent_waits_no_more(
    desk: Client, agent: Actor, claim: Claim
) -> None:
    factories.assessed(claim, by=agent)
    asked = requested.paper(claim, by=agent)
    decide, line = f"{screen(claim)}decider/", claim.bills.get().lines.get()
    assert "Une pièce est attendue de l’assuré" in text(desk.get(decide))
    ticked = {"lines": f"{line.pk}:{line.due}"}
    assert "pièce est attendue de l’assuré : attendez-la" in text(desk.post(decide, ticked))
    forgone = desk.post(f"{screen(claim)}pieces/demandees/{asked.pk}/renoncer/", follow=True)
    assert "Pièce plus attendue : « Ordre de mission »." in text(forgone)
    assert "est attendue de l’assuré" not in text(forgone)
    assert desk.post(decide, ticked).status_code == 302


def test_the_paper_that_came_stands_out_under_the_name_by_which_it_was_asked_for(
    desk: Client, agent: Actor, claim: Claim, django_assert_max_num_queries
) -> None:
    requested.paper(claim, code="schooling", by=agent)
    asked = requested.paper(claim, by=agent)
    new = requested.sent(asked)
    factories.scanned(claim)
    assert "Pièce reçue le 15/09/2026" in text(desk.get("/gestion/"))
    desk.get(screen(claim))  # the first look of an hour leaves its line
    with django_assert_max_num_queries(19):
        page = desk.get(screen(claim))
    assert "house-paper--news" in page.content.decode()
    assert "Pièce demandée, reçue le 15/09/2026" in text(page)
    assert "Ordre de mission ordre.pdf" in text(page)
    came = desk.post(f"{screen(claim)}pieces/demandees/{asked.pk}/renoncer/", follow=True)
    assert "arrivée entre-temps" in text(came)
    desk.post(f"{screen(claim)}pieces/{new.pk}/constat/", {"verdict": "accepted"})
    assert "house-paper--news" not in desk.get(screen(claim)).content.decode()


def test_once_all_is_decided_nothing_is_asked_for(desk: Client, agent: Actor, claim: Claim) -> None:
    claims.refuse(claim=claim, reason_code="R14", explanation="Voir la notice.", by=agent)
    assert "n’est plus possible" in text(desk.get(address(claim)))
    answer = desk.post(address(claim), {"paper": "schooling", "schooling": "De l’année."}, follow=True)
    assert "a déjà décidé" in text(answer)
