"""What waits for each accountant, on their first page."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.ledger import actions as ledger
from escale.domain.ledger.models import AccountingMonth
from escale.domain.payments import actions as payments
from escale.domain.payments import queries
from escale.domain.payments.models import Batch
from escale.rules import parameters
from escale.web.agents.accountants_day import SOON, tasks
from tests import factories
from tests.domain.payments import bank
from tests.web.agents.conftest import at_counter, text

HOME = "/gestion/comptabilite/"


@pytest.fixture
def first() -> Actor:
    return factories.accountant()


@pytest.fixture
def second() -> Actor:
    return factories.actor(Role.SECOND_ACCOUNTANT)


def said(actor: Actor) -> list[str]:
    return [task.said for task in tasks(actor, to_send=queries.to_send(actor=actor))]


def large() -> str:
    return str(parameters.value("batch_signature_euros", on=bank.A_DAY))


def test_where_nothing_waits_the_first_page_says_so(cash: Client) -> None:
    assert "Rien : tout est visé" in text(cash.get(HOME))


def test_the_first_page_says_how_many_orders_wait_and_for_how_much(cash: Client) -> None:
    bank.owed(factories.insured(), "40.00")
    bank.owed(factories.insured(), "2.10")
    assert "2 ordres à viser · 42,10 €" in text(cash.get(HOME))


def test_a_batch_to_sign_waits_for_somebody_else(first: Actor, second: Actor) -> None:
    factories.batch(bank.owed(factories.insured(), large()), by=first)
    assert (said(first), said(second)) == ([], ["1 lot à signer"])


def test_a_batch_that_has_not_left_by_itself_is_on_the_first_page(first: Actor) -> None:
    factories.batch(bank.owed(factories.insured()))
    assert said(first) == []
    Batch.objects.update(prepared_at=timezone.now() - SOON)
    assert said(first) == ["1 lot retenu"]


def test_who_approved_an_order_of_a_batch_does_not_sign_it(first: Actor, second: Actor) -> None:
    payments.visa(orders=[bank.owed(factories.insured(), large())], by=first)
    payments.prepare_batch(by=factories.accountant())
    assert (said(first), said(second)) == ([], ["1 lot à signer"])


def test_what_one_explained_waits_for_another(first: Actor, second: Actor) -> None:
    order = bank.owed(factories.insured())
    batch = bank.sent(order)
    bank.says(bank.rejects(batch))
    assert said(first) == ["1 virement revenu"]
    bank.says(bank.books(batch))
    assert "1 écart à rapprocher" in said(first)
    found = order.bank_events.latest("pk").discrepancy
    payments.explain(
        discrepancy=found, verdict="nothing", words="La banque s’est trompée.", on=None, order=None, by=first
    )
    assert (said(first), said(second)) == (["1 virement revenu"], ["1 virement revenu", "1 écart à rapprocher"])


def test_a_move_between_budgets_waits_for_another(first: Actor, second: Actor) -> None:
    payments.propose(order=bank.owed(factories.insured()), budget="APIAS", reason="Accident de service.", by=first)
    assert said(first) == ["1 ordre à viser"]
    assert said(second) == ["1 réimputation à confirmer"]


def test_a_month_that_is_over_waits_to_be_closed_by_two(first: Actor, second: Actor) -> None:
    bank.says(bank.books(bank.sent(bank.owed(factories.insured()))))
    assert said(second) == []
    with time_machine.travel(datetime.fromisoformat("2026-10-02T10:00+02:00")):
        assert said(first) == said(second) == ["1 mois à clore"]
        ledger.propose_closing(month=AccountingMonth.objects.get(), by=first)
        assert (said(first), said(second)) == ([], ["1 mois à clore"])


def test_the_second_accountant_reads_the_orders_and_is_offered_no_visa(second: Actor, db: None) -> None:
    order = bank.owed(factories.insured())
    page = text(at_counter(second).get(HOME))
    assert order.reference in page
    assert "l’agent comptable le vise" in page
    assert "Viser les ordres cochés" not in page
    assert "à viser par une autre personne" not in page
