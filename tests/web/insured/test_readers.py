"""« Qui a ouvert mon dossier »: which service, when, for what; never who."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.journal.models import Entry
from escale.domain.registry import actions as registry
from escale.domain.registry import queries
from escale.domain.registry.models import Purpose, Reading
from tests import factories
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
