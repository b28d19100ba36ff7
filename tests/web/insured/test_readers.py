"""« Qui a ouvert mon dossier »: which service, when, for what; never who."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import portability
from escale.domain.journal.models import Entry
from escale.domain.registry import actions as registry
from escale.domain.registry import queries
from escale.domain.registry.models import Purpose, Reading
from tests import factories, supervised
from tests.web.agents.conftest import at_counter, text, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

PAGE = "/mon-compte/consultations/"


def at_home(person) -> Client:
    return at_counter(Actor(Role.INSURED, person.account))


def test_each_service_is_named_by_what_it_does_and_no_agent_by_their_name():
    claim = waiting()
    agent, physician, accountant = factories.agent(), factories.physician(), factories.accountant()
    bill = claim.attachments.get(paper="bill")
    at_counter(agent).get(reverse("agents:page", args=[claim.number, bill.pk, 1]))
    at_counter(agent).get(reverse("agents:case", args=[claim.number]))
    medical = claim.attachments.get(medical=True)
    factories.asked(claim, by=agent)
    at_counter(physician).get(reverse("agents:medical_page", args=[claim.number, medical.pk, 1]))
    order = factories.ordered(factories.approved(factories.received(claim.insured)))
    at_counter(accountant).get(reverse("agents:order", args=[order.reference]))
    page = text(at_home(claim.insured).get(PAGE))
    for words in (
        f"La demande {claim.number} Pour : instruction de la demande",
        f"Une pièce sous pli médical de la demande {claim.number} Pour : avis médical",
        f"L’ordre de paiement {order.reference} Pour : visa du paiement",
        "Facture", "Service des soins à l’étranger", "Service médical", "Agence comptable", "15 septembre 2026",
    ):  # fmt: skip
        assert words in page, words
    for actor in (agent, physician, accountant):
        assert actor.signatory.name not in page
    assert "ompte rendu" not in page


def test_looking_again_within_the_hour_is_one_line_and_one_entry(frozen):
    claim = waiting()
    agent = factories.agent()
    desk = at_counter(agent)
    for _ in range(3):
        desk.get(reverse("agents:case", args=[claim.number]))
    assert Reading.objects.count() == Entry.objects.filter(event="reading.note").count() == 1
    frozen.shift(3600)
    at_counter(agent).get(reverse("agents:case", args=[claim.number]))
    assert Reading.objects.count() == 2


def test_nobody_sees_who_opened_the_file_of_another():
    person, other = factories.insured(), factories.insured()
    look(other, times=1)
    assert "Personne n’a encore ouvert votre dossier" in text(at_home(person).get(PAGE))


def look(person, *, times: int) -> None:
    for _ in range(times):
        registry.note_reading(insured=person, subject=person, purpose=Purpose.COUNTER, by=factories.actor(Role.COUNTER))


def test_the_list_goes_on_where_it_stopped_in_few_queries(django_assert_max_num_queries):
    person = factories.insured()
    look(person, times=queries.PAGE + 2)
    home = at_home(person)
    with django_assert_max_num_queries(10):
        first = home.get(PAGE)
    assert first.text.count("<strong>Accueil</strong>") == queries.PAGE
    second = home.get(first.text.partition('href="?avant=')[2].partition('"')[0].join([f"{PAGE}?avant=", ""]))
    assert second.text.count("<strong>Accueil</strong>") == 2
    assert home.get(PAGE, {"avant": "hier_soir"}).status_code == 200


def test_the_readings_of_a_night_stand_under_the_day_of_paris(frozen):
    person = factories.insured()
    frozen.move_to("2026-09-15T21:30:00Z")
    look(person, times=1)
    frozen.move_to("2026-09-15T22:30:00Z")
    look(person, times=1)
    page = text(at_home(person).get(PAGE))
    assert "mardi 15 septembre 2026" in page
    assert "mercredi 16 septembre 2026" in page


def test_what_a_control_opened_is_noted_without_saying_that_there_is_one():
    claim = waiting()
    supervised.protected(claim.insured)
    agent = factories.agent()
    words = "Réquisition du parquet reçue ce matin."
    desk = at_counter(agent)
    desk.post(reverse("agents:open_case", args=[claim.number]), {"reason": "ordered", "words": words})
    desk.get(reverse("agents:case", args=[claim.number]))
    page, copy = text(at_home(claim.insured).get(PAGE)), portability.as_json(claim.insured.account)
    assert f"La demande {claim.number}" in page
    for said in (page, copy):
        assert "Ouverture exceptionnelle" not in said
        assert "ontrôle Pour" not in said
        assert words not in said
        assert "Réquisition" not in said
