"""A batch that did not leave, or that the bank refused whole: the accountants read why, and what is to be done."""

import pytest
from django.test import Client
from django.utils import timezone

from escale.domain.payments import actions as payments
from escale.domain.payments import reissues
from escale.domain.payments.lifecycle import BatchStatus
from escale.domain.payments.models import Batch, PaymentOrder
from tests import factories
from tests.domain.payments import bank
from tests.web.agents.conftest import text

LOTS = "/gestion/comptabilite/lots/"


@pytest.fixture
def batch() -> Batch:
    return factories.batch(bank.owed(factories.insured()), bank.owed(factories.insured()))


def test_a_batch_held_back_says_why_and_is_given_up(cash: Client, batch: Batch) -> None:
    page = f"{LOTS}{batch}/"
    assert "Abandonner" not in text(cash.get(page))
    Batch.objects.update(execution_on="2026-01-05")
    assert "Pas encore parti" in text(cash.get(LOTS))
    shown = text(cash.get(page))
    assert "Ce lot n’est pas parti" in shown
    assert "jour d’exécution demandé est passé" in shown
    cash.post(f"{page}signer/", {"abandonner": "1"})
    assert Batch.objects.get().status == BatchStatus.WITHDRAWN


def test_what_a_refused_batch_paid_is_seen_then_ordered_again(cash: Client, batch: Batch) -> None:
    page = f"{LOTS}{batch}/"
    assert "Rien de ce lot" in text(cash.get(f"{page}reemettre/"))
    payments.send_batch(batch=batch)
    bank.says(bank.refuses(bank.order_of(batch)))
    assert f"{page}reemettre/" in cash.get(page).content.decode()
    assert "84,20 €" in text(cash.get(f"{page}reemettre/"))
    assert "La liste a changé" in text(cash.post(f"{page}reemettre/", {"count": "1", "total": "42.10"}))
    done = cash.post(f"{page}reemettre/", {"count": "2", "total": "84.20"}, follow=True)
    assert "2 ordres à viser" in text(done)
    assert f"{page}reemettre/" not in done.content.decode()
    assert PaymentOrder.objects.to_approve().count() == 2


def test_what_cannot_be_ordered_again_hides_nothing_of_what_comes_after_it(cash: Client, batch: Batch, monkeypatch):
    monkeypatch.setattr(reissues, "MOST_AT_ONCE", 1)
    payments.send_batch(batch=batch)
    bank.says(bank.refuses(bank.order_of(batch)))
    stuck, other = batch.orders.order_by("pk")
    factories.pay_on(stuck.insured, "FR1420041010050500013M02606", since=timezone.localdate())
    page, seen = f"{LOTS}{batch}/reemettre/", {"count": "1", "total": "42.10"}
    after = cash.post(page, seen)["Location"]
    cash.post(after, seen)
    assert PaymentOrder.objects.to_approve().get().replaces == other
