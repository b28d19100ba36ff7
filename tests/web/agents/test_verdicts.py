"""What an agent says of one paper, and what is asked in its place."""

import pytest
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Attachment, Claim, PaperVerdict
from escale.web.agents.forms import PROPOSED
from tests import factories
from tests.house.test_letters import HEALTH
from tests.web.agents.conftest import text, waiting

INFECTED = factories.EICAR + b"\n%%EOF\n"


def screen(claim: Claim) -> str:
    return f"/gestion/demandes/{claim.number}/"


def address(paper: Attachment) -> str:
    return f"{screen(paper.claim)}pieces/{paper.pk}/constat/"


@pytest.fixture
def paper(claim: Claim) -> Attachment:
    return claim.attachments.get(paper="bill")


def test_a_paper_is_accepted_in_one_press_and_the_agent_comes_back_to_it(desk: Client, paper: Attachment) -> None:
    answer = desk.post(address(paper), {"verdict": "accepted"})
    assert answer["Location"] == f"{screen(paper.claim)}#piece-{paper.pk}"
    paper.refresh_from_db()
    assert paper.verdict == PaperVerdict.ACCEPTED
    assert "Acceptée" in text(desk.get(screen(paper.claim)))


@pytest.mark.parametrize("verdict", list(PROPOSED))
def test_each_refusal_proposes_its_sentence_without_a_health_word(
    desk: Client, paper: Attachment, verdict: PaperVerdict
) -> None:
    page = desk.get(address(paper), {"constat": verdict.value})
    proposed = str(PROPOSED[verdict])
    assert proposed in text(page)
    assert HEALTH.findall(proposed) == []
    desk.post(address(paper), {"verdict": verdict.value, "words": proposed})
    paper.refresh_from_db()
    assert (paper.verdict, paper.verdict_words) == (verdict, proposed)
    told = text(desk.get(screen(paper.claim)))
    assert "Une pièce est attendue de l’assuré" in told
    assert f"{verdict.label.lower()}, attendue depuis le 15/09/2026" in told


def test_a_refusal_without_a_sentence_is_asked_again_at_its_field(desk: Client, paper: Attachment) -> None:
    page = desk.post(address(paper), {"verdict": "incomplete", "words": " "})
    assert page.status_code == 200
    assert text(page).startswith("Erreur :")
    assert "Dites à l’assuré pourquoi" in text(page)
    paper.refresh_from_db()
    assert paper.verdict == ""


def test_the_sentence_already_told_is_proposed_again(desk: Client, paper: Attachment) -> None:
    desk.post(address(paper), {"verdict": "incomplete", "words": "Il manque le verso."})
    assert "Il manque le verso." in text(desk.get(address(paper), {"constat": "incomplete"}))


@pytest.mark.parametrize("asked", ["", "accepted", "lost"])
def test_an_address_without_a_refusal_leads_back_to_the_claim(desk: Client, paper: Attachment, asked: str) -> None:
    assert desk.get(address(paper), {"constat": asked}).status_code == 302


def test_a_paper_under_medical_seal_is_not_judged(desk: Client, claim: Claim) -> None:
    sealed = claim.attachments.get(medical=True)
    assert desk.post(address(sealed), {"verdict": "accepted"}).status_code == 404


def test_nothing_is_accepted_while_a_paper_is_awaited_unless_the_agent_waits_no_more(
    desk: Client, agent: Actor, paper: Attachment
) -> None:
    claim = factories.assessed(paper.claim, by=agent)
    factories.to_replace(claim, by=agent)
    decide, line = f"{screen(claim)}decider/", claim.bills.get().lines.get()
    assert "Une pièce est attendue de l’assuré" in text(desk.get(decide))
    ticked = {"lines": f"{line.pk}:{line.due}"}
    assert "pièce est attendue de l’assuré : attendez-la" in text(desk.post(decide, ticked))
    desk.post(address(paper), {"verdict": "accepted"})
    assert desk.post(decide, ticked).status_code == 302
    claim.refresh_from_db()
    assert claim.status == "processed"


def test_a_replaced_paper_is_folded_away_and_the_new_one_stands_out(
    desk: Client, agent: Actor, claim: Claim, django_assert_max_num_queries
) -> None:
    refused = factories.to_replace(claim, by=agent)
    assert "Attend une pièce de l’assuré" in text(desk.get("/gestion/"))
    new = factories.replacement(refused)
    factories.scanned(claim)
    assert "Pièce reçue le 15/09/2026" in text(desk.get("/gestion/"))
    desk.get(screen(claim))  # the first look of an hour leaves its line
    with django_assert_max_num_queries(19):
        page = desk.get(screen(claim))
    assert "1 pièce remplacée, gardée comme preuve" in text(page)
    assert "house-paper--news" in page.content.decode()
    assert desk.get(f"{screen(claim)}pieces/{refused.pk}/pages/1.jpg").status_code == 200
    assert "remplacée entre-temps" in text(desk.post(address(refused), {"verdict": "accepted"}, follow=True))
    desk.post(address(new), {"verdict": "accepted"})
    assert "house-paper--news" not in desk.get(screen(claim)).content.decode()


def test_a_file_that_came_to_nothing_is_awaited_again_or_no_more(desk: Client, agent: Actor, claim: Claim) -> None:
    bad = factories.replacement(factories.to_replace(claim, by=agent), content=factories.pdf() + INFECTED)
    factories.scanned(claim)
    assert "contient un virus, une autre est attendue depuis le 15/09/2026" in text(desk.get(screen(claim)))
    desk.post(address(bad), {"verdict": "accepted"})
    assert "est attendue de l’assuré" not in text(desk.get(screen(claim)))


def test_a_paper_opens_to_a_verdict_only_under_the_number_of_its_claim(desk: Client, paper: Attachment) -> None:
    elsewhere = address(paper).replace(paper.claim.number, waiting().number)
    assert desk.post(elsewhere, {"verdict": "accepted"}).status_code == 404
