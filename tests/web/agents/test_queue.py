"""The agents' queue."""

from datetime import date

import pytest
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Hat, Role
from escale.domain.claims.models import Claim
from escale.web.templatetags.agents import due_words
from tests import factories
from tests.web.agents.conftest import at_counter, text, waiting


def test_the_queue_shows_what_is_due_first_with_the_days_left(desk: Client, scanning) -> None:
    later, sooner = waiting(), waiting()
    Claim.objects.filter(pk=sooner.pk).update(due_on=date(2026, 9, 11))
    page = text(desk.get("/gestion/"))
    assert page.index(sooner.number) < page.index(later.number)
    assert "jour 0 sur 5 : à temps" in page
    assert "due le 11/09/2026" in page
    assert "Sénégal" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 9, 14), "en retard de 1 jour"),
        (date(2026, 9, 15), "aujourd’hui"),
        (date(2026, 9, 16), "dans 1 jour ouvré"),
        (date(2026, 9, 21), "dans 4 jours ouvrés"),
    ],
)
def test_a_date_due_is_told_in_days(day: date, words: str) -> None:
    assert due_words(day) == words


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "la file est vide" in text(desk.get("/gestion/"))


def test_the_queue_goes_on_after_fifty_claims(desk: Client, claim: Claim, monkeypatch) -> None:
    monkeypatch.setattr("escale.domain.desk.queries.PAGE", 1)
    second = waiting()
    first_page = desk.get("/gestion/")
    assert second.number not in text(first_page)
    after = f"?apres={claim.due_on}_{claim.pk}"
    assert after in first_page.content.decode()
    assert second.number in text(desk.get(f"/gestion/{after}"))


@pytest.mark.parametrize("after", ["", "demain", "2026-09-15_x", "_", "2026-99-99_1"])
def test_a_place_that_makes_no_sense_is_the_beginning_of_the_queue(desk: Client, claim: Claim, after: str) -> None:
    assert claim.number in text(desk.get("/gestion/", {"apres": after}))


def test_a_claim_opens_by_its_number_however_it_is_typed(desk: Client, claim: Claim) -> None:
    typed = claim.number.lower().replace("-", " ")
    assert desk.get("/gestion/", {"numero": typed})["Location"] == f"/gestion/demandes/{claim.number}/"


def test_an_unknown_number_is_said_at_the_field(desk: Client) -> None:
    response = desk.get("/gestion/", {"numero": "AAAAA-AAAAA"})
    assert "Aucune demande reçue ne porte ce numéro" in text(response)
    assert "<title>Erreur" in response.content.decode()


def test_the_queue_takes_few_queries_whatever_its_length(desk: Client, scanning, django_assert_max_num_queries) -> None:
    for _ in range(3):
        waiting()
    with django_assert_max_num_queries(12):
        desk.get("/gestion/")


def test_an_agent_never_meets_their_own_claim(agent: Actor, scanning) -> None:
    person = factories.insured()
    Hat.objects.create(account=person.account, role=Role.AGENT)
    own = waiting(person)
    client = at_counter(Actor(Role.AGENT, person.account))
    assert own.number not in text(client.get("/gestion/"))
    for address in ("", "decider/", "refuser/", "avis/"):
        assert client.get(f"/gestion/demandes/{own.number}/{address}").status_code == 404


def test_a_claim_that_nobody_sent_does_not_exist_for_an_agent(desk: Client) -> None:
    draft = factories.draft()
    assert desk.get(f"/gestion/demandes/{draft.number}/").status_code == 404


_COUNTERS = {
    "/gestion/": {Role.AGENT, Role.SUPERVISOR},
    "/gestion/medical/": {Role.PHYSICIAN},
    "/gestion/comptabilite/": {Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT},
    "/gestion/comptabilite/lots/": {Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT},
    "/gestion/supervision/": {Role.SUPERVISOR},
    "/gestion/agents/": {Role.SUPERVISOR},
    "/gestion/journal/": {Role.AUDITOR},
}


@pytest.mark.parametrize("address", _COUNTERS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_each_counter_opens_to_its_own_hat_only(address: str, role: Role) -> None:
    response = at_counter(factories.actor(role)).get(address)
    assert response.status_code == (200 if role in _COUNTERS[address] else 403)


@pytest.mark.parametrize("address", _COUNTERS)
def test_a_counter_asks_a_stranger_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/connexion/")
