"""A protected file: nobody opens it without saying why, the insured person sees it, a supervisor looks at it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.domain.registry import actions as registry
from escale.domain.registry.models import Opening, Protection, Reading
from tests import factories, supervised
from tests.web.agents.conftest import at_counter, text

WHY = {"reason": "asked", "words": "L’assurée a appelé le service ce matin à neuf heures."}


@pytest.fixture
def shut(claim: Claim) -> Claim:
    """A claim whose file is protected."""
    supervised.protected(claim.insured)
    return claim


def glass(claim: Claim) -> str:
    return reverse("agents:open_case", args=[claim.number])


def at_home(claim: Claim) -> Client:
    return at_counter(Actor(Role.INSURED, claim.insured.account))


def test_a_protected_file_waits_in_the_queue_without_a_word_of_what_it_is(desk: Client, shut: Claim) -> None:
    answer = desk.get("/gestion/")
    page = text(answer)
    assert shut.number in page
    assert "Dossier protégé" in page
    assert answer.content.decode().count("Sénégal") == 1, "the choice of a filter"


def test_every_way_to_a_protected_file_leads_to_the_question_why(desk: Client, shut: Claim) -> None:
    paper = shut.attachments.earliest("pk")
    for route in ("agents:case", "agents:decide", "agents:refuse", "agents:ask_papers", "agents:settle_stay"):
        response = desk.get(reverse(route, args=[shut.number]))
        assert (response.status_code, response.get("Location")) == (302, glass(shut)), route
    image = desk.get(reverse("agents:page", args=[shut.number, paper.pk, 1]))
    assert image.status_code == 404
    assert desk.get("/gestion/", {"numero": shut.number}, follow=True).redirect_chain[-1][0] == glass(shut)
    assert not Reading.objects.exists()


def test_few_words_do_not_open_it(desk: Client, shut: Claim) -> None:
    response = desk.post(glass(shut), WHY | {"words": "   urgent  " + " " * 40})
    assert "au moins 20 caractères" in text(response)
    assert "<title>Erreur" in response.text
    assert not Opening.objects.exists()


def test_it_opens_for_an_hour_for_who_said_why_and_for_nobody_else(desk: Client, shut: Claim, frozen) -> None:
    case = reverse("agents:case", args=[shut.number])
    assert desk.post(glass(shut), WHY)["Location"] == case
    assert desk.get(case).status_code == 200
    assert at_counter(factories.agent()).get(case).status_code == 302
    frozen.shift(timedelta(minutes=61))
    assert Claim.objects.visible_to(Actor(Role.AGENT, Opening.objects.get().by)).count() == 0


def test_the_insured_person_and_the_supervisor_see_it(desk: Client, shut: Claim) -> None:
    desk.post(glass(shut), WHY)
    desk.get(reverse("agents:case", args=[shut.number]))
    mine = text(at_home(shut).get("/mon-compte/consultations/"))
    assert "Ouverture exceptionnelle L’assuré le demande" in mine
    assert "Service des soins à l’étranger" in mine
    assert WHY["words"] not in mine

    board = at_counter(factories.actor(Role.SUPERVISOR))
    page = text(board.get("/gestion/dossiers-proteges/"))
    assert WHY["words"] in page
    opening = Opening.objects.get()
    board.post(reverse("agents:review_opening", args=[opening.pk]))
    assert "Aucune ouverture n’attend d’être revue" in text(board.get("/gestion/dossiers-proteges/"))
    assert Entry.objects.filter(event="glass.review").count() == 1


def test_nobody_reviews_what_they_opened(claim: Claim) -> None:
    worker = factories.account(Role.AGENT, Role.SUPERVISOR)
    opening = supervised.opened(claim.insured, by=Actor(Role.AGENT, worker))
    with pytest.raises(registry.ByAnother):
        registry.review(opening=opening, by=Actor(Role.SUPERVISOR, worker))


def test_who_decides_does_not_undo_alone(claim: Claim) -> None:
    supervisor = factories.actor(Role.SUPERVISOR)
    supervised.protected(claim.insured, by=supervisor)
    recusal = supervised.recused(factories.agent().signatory, claim.insured, by=supervisor)
    with pytest.raises(registry.ByAnother):
        registry.lift_protection(protection=Protection.objects.get(), by=supervisor)
    with pytest.raises(registry.ByAnother):
        registry.lift_recusal(recusal=recusal, by=supervisor)
    other = factories.actor(Role.SUPERVISOR)
    registry.lift_protection(protection=Protection.objects.get(), by=other)
    registry.lift_recusal(recusal=recusal, by=other)


def test_an_order_of_a_protected_file_is_visaed_without_its_name_and_opened_with_a_reason(
    cash: Client, claim: Claim
) -> None:
    order = factories.ordered(factories.approved(claim))
    supervised.protected(claim.insured)
    page = text(cash.get("/gestion/comptabilite/"))
    assert order.reference in page
    assert order.holder not in page
    address = reverse("agents:order", args=[order.reference])
    assert cash.get(address)["Location"] == reverse("agents:open_order", args=[order.reference])
    cash.post(reverse("agents:open_order", args=[order.reference]), WHY)
    assert order.holder in text(cash.get(address))
    assert cash.post("/gestion/comptabilite/", {"orders": order.pk}).status_code == 302


def test_what_is_opened_by_saying_why_is_told_although_it_was_looked_at_within_the_hour(
    desk: Client, claim: Claim
) -> None:
    case = reverse("agents:case", args=[claim.number])
    desk.get(case)
    supervised.protected(claim.insured)
    desk.post(glass(claim), WHY)
    desk.get(case)
    assert [one.opening for one in Reading.objects.order_by("pk")] == [None, Opening.objects.get()]
    assert "Ouverture exceptionnelle" in text(at_home(claim).get("/mon-compte/consultations/"))
