"""Who stole a password adds a second proof in a minute: it moves no address before its owner was told."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from escale.domain.accounts.models import Account
from escale.gateways import totp
from tests import enrolling, factories, factors
from tests.web.access.test_attacks import PASSWORD, PROOF, SECURITY, enter

pytestmark = pytest.mark.django_db

ADDRESS = reverse("insured:change_address")


@pytest.fixture
def alix() -> Account:
    account = factories.insured(password=PASSWORD).account
    assert account
    return account


def protect(client: Client) -> None:
    """Add an application to the account that is open here."""
    secret = client.get(f"{SECURITY}application/").context["secret"].replace(" ", "")
    client.post(f"{SECURITY}application/", {"code": totp.code(secret, totp.step_at(timezone.now()))})


def test_a_second_proof_of_today_moves_no_address_and_says_from_when(alix: Account, frozen: time_machine.Traveller):
    client = enter(alix)
    protect(client)
    answer = client.post(ADDRESS, {"address": "voleur@exemple.invalid"})
    assert answer.status_code == 403
    assert "Vous pourrez changer d’adresse e-mail à partir du" in answer.content.decode()
    assert not hasattr(Account.objects.get(pk=alix.pk), "pending_address")
    client.post(f"{SECURITY}application/retirer/")
    assert client.get(ADDRESS).status_code == 403
    protect(client)
    frozen.shift(timedelta(hours=73))
    enter(alix, client=client)
    client.post(PROOF, {"code": factors.code(alix)})
    assert client.get(ADDRESS).status_code == 200


def test_a_second_proof_that_was_there_before_moves_it(alix: Account):
    factors.protect(alix)
    client = enter(alix)
    client.post(PROOF, {"code": factors.code(alix)})
    assert client.post(ADDRESS, {"address": "nouvelle@exemple.invalid"}).status_code == 302


def test_who_came_by_a_letter_need_not_wait():
    enrolment, code = enrolling.coded()
    client = Client()
    client.post(reverse("access:redeem"), {"email": enrolment.email, "code": code, "password": PASSWORD})
    protect(client)
    assert client.get(ADDRESS).status_code == 200


def test_who_came_by_franceconnect_need_not_wait_and_nobody_else_has_it_from_them(alix: Account):
    other = factories.insured().account
    assert other
    for whose, status in ((alix, 200), (other, 403)):
        client = enter(alix)
        session = client.session
        came = {"provider": "franceconnect", "id_token": "x", "account": whose.pk, "at": int(time.time())}
        session.update({"came_by": came, "second_factor_at": int(time.time())})
        session.save()
        assert client.get(ADDRESS).status_code == status
