"""A password that is long enough for one's own file is not for the files of others."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Account, Role
from tests import factories, factors
from tests.web.access.test_attacks import DOOR, PROOF

pytestmark = pytest.mark.django_db

SHORT, LONG = "onze et une !", "une phrase de passe bien longue"
HAT, NEW = reverse("access:change_hat"), reverse("access:password")


def entered(account: Account, password: str = SHORT) -> Client:
    client = Client()
    client.post(DOOR, {"email": account.email, "password": password})
    client.post(PROOF, {"code": factors.code(account)})
    return client


@pytest.fixture
def alix() -> Account:
    """Somebody who chose a password when they were insured, and works at the Fund since."""
    account = factories.insured(Role.AGENT, password=SHORT).account
    assert account
    return account


def test_a_hat_of_the_fund_waits_for_a_longer_password_and_is_put_on_after_it(alix: Account):
    client = entered(alix)
    assert client.session["hat"] == Role.INSURED
    assert client.post(HAT, {"hat": Role.AGENT}).url == NEW
    assert "un mot de passe de 16 signes" in client.get(NEW).content.decode()
    client.post(NEW, {"current": SHORT, "new": "encore courte"})
    assert client.session["hat"] == Role.INSURED
    client.post(NEW, {"current": SHORT, "new": "une autre phrase de passe"})
    assert client.session["hat"] == Role.AGENT


def test_who_has_no_other_hat_is_led_to_it_at_once():
    agent = factories.account(Role.AGENT, password=SHORT)
    client = Client()
    client.post(DOOR, {"email": agent.email, "password": SHORT})
    assert client.post(PROOF, {"code": factors.code(agent)}).url == NEW
    assert "hat" not in client.session
    client.post(NEW, {"current": SHORT, "new": LONG})
    assert client.session["hat"] == Role.AGENT


def test_a_long_password_is_asked_for_nothing():
    account = factories.insured(Role.AGENT, password=LONG).account
    assert account
    client = entered(account, LONG)
    client.post(HAT, {"hat": Role.AGENT})
    assert client.session["hat"] == Role.AGENT


def test_the_length_of_one_is_not_counted_against_another(alix: Account):
    client = entered(alix)
    other = factories.account(Role.AGENT, password=LONG)
    client.post(DOOR, {"email": other.email, "password": LONG})
    client.post(PROOF, {"code": factors.code(other)})
    assert client.session["hat"] == Role.AGENT
