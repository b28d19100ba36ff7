"""Passkeys at the door: one challenge, one answer, one account."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.config.checks import production_is_real
from escale.domain.accounts.models import Account, Passkey, Role
from tests import factories
from tests.soft_key import SoftKey
from tests.web.access.test_attacks import PASSWORD, PROOF, SECURITY, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(settings) -> SoftKey:
    settings.PUBLIC_URL, settings.MEDICAL_URL = "https://localhost", ""
    return SoftKey("https://localhost")


@pytest.fixture
def alix(key: SoftKey) -> Account:
    """Somebody who has a passkey."""
    account = factories.insured(password=PASSWORD).account
    assert account
    client = enter(account)
    asked = client.post(reverse("access:passkey_challenge")).json()
    answer = client.post(f"{SECURITY}cles/", {"name": "Téléphone", "credential": key.create(asked)})
    assert answer.url == reverse("access:codes")
    return account


def signed(client: Client, key: SoftKey) -> dict[str, str]:
    return {"credential": key.sign(client.post(reverse("access:challenge")).json())}


def is_in(client: Client) -> bool:
    return client.get("/mon-compte/").status_code == 200


def test_a_passkey_alone_opens_the_account_and_is_a_second_proof(alix: Account, key: SoftKey):
    client = Client()
    assert client.post("/connexion/cle/", signed(client, key)).url == "/mon-espace/"
    assert is_in(client)
    assert client.get(f"{SECURITY}codes/").status_code == 200


def test_an_answer_serves_once(alix: Account, key: SoftKey):
    client, again = Client(), Client()
    answer = signed(client, key)
    client.post("/connexion/cle/", answer)
    client.post("/deconnexion/")
    for one in (client, again):
        assert "pas été reconnue" in one.post("/connexion/cle/", answer).content.decode()
        assert not is_in(one)


def test_the_key_of_somebody_else_is_not_the_second_proof_of_this_account(alix: Account, key: SoftKey):
    agent = factories.account(Role.AGENT, password=PASSWORD)
    client = enter(agent)
    answer = client.post(PROOF, signed(client, key))
    assert answer.status_code == 200
    assert "pas été reconnue" in answer.content.decode()
    assert client.get(SECURITY).status_code == 302


def test_an_unknown_key_and_the_key_of_a_closed_account_open_nothing(alix: Account, key: SoftKey):
    client = Client()
    assert client.post("/connexion/cle/", signed(client, SoftKey("https://localhost"))).status_code == 200
    Account.objects.filter(pk=alix.pk).update(is_active=False)
    assert client.post("/connexion/cle/", signed(client, key)).status_code == 200
    assert not is_in(client)


def test_the_same_key_sent_twice_is_kept_once(alix: Account, key: SoftKey):
    client = Client()
    client.post("/connexion/cle/", signed(client, key))
    for _ in range(2):
        asked = client.post(reverse("access:passkey_challenge")).json()
        assert len(asked["publicKey"]["excludeCredentials"]) == 1
        client.post(f"{SECURITY}cles/", {"name": "Encore", "credential": key.create(asked)})
    assert Passkey.objects.get().name == "Téléphone"


def test_the_only_proof_of_an_agent_is_not_taken_away(alix: Account, key: SoftKey):
    alix.hats.create(role=Role.AGENT)
    client = Client()
    client.post("/connexion/cle/", signed(client, key))
    client.post(reverse("access:remove_passkey", args=[Passkey.objects.get().pk]))
    assert Passkey.objects.exists()
    alix.hats.filter(role=Role.AGENT).delete()
    client.post(reverse("access:remove_passkey", args=[Passkey.objects.get().pk]))
    assert not Passkey.objects.exists()


def test_a_key_made_at_one_counter_opens_the_other(settings):
    settings.PUBLIC_URL, settings.MEDICAL_URL = "https://www.fonds.example", "https://medecins.fonds.example"
    settings.PASSKEY_DOMAIN = "fonds.example"
    key, account = SoftKey(settings.PUBLIC_URL, "fonds.example"), factories.insured(password=PASSWORD).account
    assert account
    client = enter(account)
    asked = client.post(reverse("access:passkey_challenge")).json()
    client.post(f"{SECURITY}cles/", {"name": "Clé", "credential": key.create(asked)})
    key.origin = settings.MEDICAL_URL
    client = Client()
    assert client.post("/connexion/cle/", signed(client, key)).status_code == 302
    assert client.session["hat"] == Role.INSURED


@pytest.mark.parametrize(
    ("domain", "medical", "is_refused"),
    [
        ("", "https://www.fonds.example", False),
        ("", "https://medecins.fonds.example", True),
        ("fonds.example", "https://medecins.fonds.example", False),
        ("fonds.example", "https://medecins-fonds.example", True),
    ],
)
def test_a_start_is_refused_where_keys_of_one_counter_would_not_open_the_other(
    settings, domain: str, medical: str, is_refused: bool
):
    settings.DEMO, settings.PUBLIC_URL, settings.MEDICAL_URL = False, "https://www.fonds.example", medical
    settings.PASSKEY_DOMAIN = domain
    assert any("ESCALE_PASSKEY_DOMAIN" in str(fault.msg) for fault in production_is_real(None)) is is_refused
