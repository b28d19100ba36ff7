"""Whoever is invited to act for another: an account for that alone, or a new password."""

import re
from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Account, Role
from escale.domain.mandates import actions
from escale.domain.mandates.models import Mandate
from escale.domain.notices.models import Notice
from tests import factories, factors
from tests.domain.mandates import mandates
from tests.domain.mandates.mandates import oneself
from tests.web.insured.conftest import text
from tests.web.insured.test_mandates import PAGE, PASSWORD

INVITED = reverse("insured:invited")


def _sent(mandate: Mandate) -> Notice:
    about, by = f"mandates.mandate:{mandate.pk}", oneself(mandate.principal.account)
    return Notice.open(by=by, kind="mandate_offered", account=None, address=mandate.address, about=about, title="x")


def test_whoever_is_invited_opens_an_account_for_that_alone_then_accepts(person, client):
    mandate = mandates.offered(person)
    notice = _sent(mandate)
    link, address = reverse("insured:invitation", args=[notice.token]), INVITED
    assert client.get(link).url == address
    page = text(client.get(address))
    assert mandate.address in page
    assert not re.search("Alix Exemple|2027", page)  # who, and when somebody is away: once signed in
    assert "12 caractères" in text(client.post(address, {"name": "Lou Exemple", "password": "court"}))
    assert not Account.objects.filter(email=mandate.address).exists()
    client.post(address, {"name": "Lou Exemple", "password": PASSWORD})
    account = Account.objects.get(email=mandate.address)
    assert not account.hats.exists()
    page = text(client.get(PAGE))
    assert "Accepter" in page
    assert "Donner un mandat" not in page
    client.post(reverse("insured:accept_mandate", args=[mandate.pk]))
    assert "Agir au nom de Alix Exemple" in text(client.get(PAGE))
    assert Client().get(link, follow=True).redirect_chain[1][0] == PAGE


def _read(mandate: Mandate) -> Client:
    """The browser of somebody who has just opened the link of an invitation."""
    notice = _sent(mandate)
    client = Client()
    client.get(reverse("insured:invitation", args=[notice.token]))
    return client


def test_who_lost_their_password_chooses_another_when_they_are_invited_again(person):
    helper = factories.account(name="Lou Exemple", password="un mot de passe perdu")
    client, address = _read(mandates.offered(person, to=helper.email)), INVITED
    assert "Choisir un nouveau mot de passe" in text(client.get(address))
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    helper.refresh_from_db()
    assert helper.check_password(PASSWORD)
    assert "Accepter" in text(client.get(PAGE))


def test_an_invitation_changes_no_password_of_who_has_a_hat_a_second_proof_or_helps_others_too(person):
    trusted, insured = factories.account(password=PASSWORD), factories.insured(password=PASSWORD).account
    mandates.accepted(by=trusted)
    for account in (trusted, insured, factories.account(Role.AGENT, password=PASSWORD)):
        client = _read(mandates.offered(person, to=account.email))
        assert client.post(INVITED, {"password": "une autre phrase de passe"}).url == PAGE
        account.refresh_from_db()
        assert account.check_password(PASSWORD)
    protected = factories.account(password=PASSWORD)
    factors.protect(protected)
    client = _read(mandates.offered(person, to=protected.email))
    assert client.post(INVITED, {"password": "une autre phrase de passe"}).url.endswith("/preuve/")
    assert client.get(PAGE).status_code == 302


def test_an_invitation_that_was_read_serves_half_an_hour_and_its_link_a_week(person, frozen: time_machine.Traveller):
    client = _read(mandates.offered(person))
    frozen.shift(timedelta(minutes=31))
    assert client.get(INVITED).url == PAGE
    link = reverse("insured:invitation", args=[Notice.objects.get().token])
    frozen.shift(timedelta(days=7))
    client.get(link)
    assert client.get(INVITED).url == PAGE


def test_an_invitation_that_was_taken_back_or_altered_opens_nothing(person, client):
    mandate = mandates.offered(person)
    notice = _sent(mandate)
    link, address = reverse("insured:invitation", args=[notice.token]), INVITED
    client.get(link[:-2] + "/")
    assert client.get(address).url == PAGE
    client.get(link)
    assert client.get(address).status_code == 200
    actions.revoke(mandate=mandate, by=oneself(person.account))
    assert client.get(address).url == PAGE
