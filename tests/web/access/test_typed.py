"""What was typed when a session ended: unreadable in the page that keeps it, and given back to nobody else."""

import json
from base64 import urlsafe_b64decode

import pytest
from django.test import Client

from escale.domain.accounts.models import Account
from tests import factories, factors
from tests.web.access.test_attacks import DOOR, PASSWORD, PROOF, enter

pytestmark = pytest.mark.django_db

NEW, ILLNESS = "/mon-compte/demandes/nouvelle/", "une maladie que je ne dis qu’à vous"


@pytest.fixture
def alix() -> Account:
    account = factories.insured(password=PASSWORD).account
    assert account
    return account


def ended(account: Account) -> Client:
    """Return a browser on which somebody's session has ended."""
    client = enter(account)
    client.post("/deconnexion/")
    return client


def kept(client: Client, typed: dict[str, str], *, at: str = NEW) -> str:
    answer = client.post(at, typed)
    return str(answer.context["form"].initial["typed"]) if answer.status_code == 200 else ""


def taken_up(client: Client, account: Account, typed: str) -> str:
    answer = client.post(DOOR, {"email": account.email, "password": PASSWORD, "typed": typed})
    return str(answer.content.decode()) if answer.status_code == 200 else ""


def test_whoever_typed_it_has_it_back_and_nobody_else(alix: Account):
    camille = factories.insured(password=PASSWORD).account
    client = ended(alix)
    typed = kept(client, {"why": ILLNESS})
    assert taken_up(client, camille, typed) == ""
    client.post("/deconnexion/")
    assert ILLNESS in taken_up(client, alix, typed)


def test_nothing_is_kept_of_a_visitor_who_was_nobody():
    assert kept(Client(), {"why": ILLNESS}) == ""


def test_the_page_that_keeps_it_tells_nothing(alix: Account):
    sealed = urlsafe_b64decode(kept(ended(alix), {"why": ILLNESS}))
    assert b"maladie" not in sealed
    assert json.dumps(ILLNESS).encode() not in sealed


def test_passwords_codes_and_numbers_are_not_kept(alix: Account):
    client = ended(alix)
    secret = "tout à fait secret"
    names = ["password", "password_2", "current", "new", "code", "iban", "nir", "beneficiary-nir", "credential"]
    page = taken_up(client, alix, kept(client, dict.fromkeys(names, secret) | {"why": ILLNESS}))
    assert ILLNESS in page
    assert secret not in page


@pytest.mark.parametrize("forged", ["", "é", "gAAAAA", "x" * 200, "gAAAAABo" + "A" * 100])
def test_what_we_did_not_seal_is_not_taken_up(alix: Account, forged: str):
    assert taken_up(Client(), alix, forged) == ""


def test_what_was_typed_yesterday_is_gone(alix: Account, frozen):
    client = ended(alix)
    typed = kept(client, {"why": ILLNESS})
    frozen.shift(12 * 3600 + 1)
    assert taken_up(client, alix, typed) == ""


def test_what_was_typed_follows_through_the_second_proof(alix: Account):
    client = ended(alix)
    typed = kept(client, {"why": ILLNESS})
    factors.protect(alix)
    assert taken_up(client, alix, typed) == ""
    assert ILLNESS in client.post(PROOF, {"code": factors.code(alix)}).content.decode()
