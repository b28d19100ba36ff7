"""At the doors of FranceConnect and ProConnect, what is stolen, forged, replayed or mixed up opens nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Account, Identity, Provider, Role
from escale.gateways import bounded
from tests import factories
from tests.gateways import hostile
from tests.gateways.hostile import Liar
from tests.oidc import people

pytestmark = pytest.mark.django_db

START, BACK = reverse("access:franceconnect"), reverse("access:franceconnect_back")
SIRET = "11111111100001"


@pytest.fixture
def liar(settings) -> Iterator[Liar]:
    """FranceConnect, in the hands of somebody else."""
    with hostile.lying() as provider:
        settings.OPENID = {"franceconnect": provider.registration()}
        yield provider


@pytest.fixture
def proconnect(settings, liar: Liar) -> Iterator[Liar]:
    """ProConnect, in other hands too."""
    with hostile.lying() as provider:
        settings.OPENID = settings.OPENID | {"proconnect": provider.registration()}
        settings.PROCONNECT_SIRET = SIRET
        yield provider


def begins(client: Client, liar: Liar, start: str = START) -> dict[str, str]:
    """Press the button; return what the service sends back."""
    asked = liar.hears(client.post(start)["Location"])
    return {"code": "code", "state": asked["state"], "iss": liar.issuer}


def known(client: Client) -> bool:
    return "_auth_user_id" in client.session or "joining" in client.session


def test_nobody_comes_back_who_did_not_leave(client: Client, liar: Liar):
    back = begins(Client(), liar)
    assert client.get(BACK, back).status_code == 400
    assert not known(client)


def test_a_state_serves_once(client: Client, liar: Liar):
    back = begins(client, liar)
    assert "pas reconnu" in client.get(BACK, back).content.decode()
    liar.codes = {"code"}
    assert client.get(BACK, back).status_code == 400


def test_a_wrong_state_ends_what_was_begun(client: Client, liar: Liar):
    back = begins(client, liar)
    assert client.get(BACK, back | {"state": "un autre"}).status_code == 400
    assert client.get(BACK, back).status_code == 400
    assert liar.codes == {"code"}


def test_what_proconnect_sends_opens_nothing_at_franceconnects_door(client: Client, liar: Liar, proconnect: Liar):
    back = begins(client, proconnect, reverse("access:proconnect"))
    assert client.get(BACK, back).status_code == 400
    begins(client, proconnect, reverse("access:proconnect"))
    back = begins(client, liar)
    assert client.get(BACK, back | {"iss": proconnect.issuer}).status_code == 400


def test_starting_needs_the_page_of_the_house(liar: Liar):
    forged = Client(enforce_csrf_checks=True)
    assert forged.post(START).status_code == 403
    assert forged.get(START).status_code == 405


def test_the_session_changes_its_name_at_each_proof(client: Client, liar: Liar):
    alix = {"family_name": "Hauterive", "given_name": "Alix", "birthdate": "1985-03-12", "gender": "female"}
    person = people.known("2850383137001", alix)
    liar.userinfo = alix | {"birthplace": "83137", "birthcountry": "99100"}
    back = begins(client, liar)
    first = client.session.session_key
    client.get(BACK, back)
    second = client.session.session_key
    client.post(reverse("access:join"), {"nir": person.nir, "email": ""})
    third = client.session.session_key
    assert len({first, second, third}) == 3


@pytest.mark.parametrize("lie", [{"nonce": "x" * 30}, {"aud": "autre"}, {"exp": 1}, {"sub": "autre"}, {"acr": "x"}])
def test_a_lie_is_refused_in_plain_words_and_noted(client: Client, liar: Liar, lie: dict[str, str], caplog):
    liar.id_token = lie
    answer = client.get(BACK, begins(client, liar))
    assert answer.status_code == 400
    assert "Cette connexion n’a pas abouti" in answer.content.decode()
    assert "refused at" in caplog.text
    assert not known(client)


def test_a_service_that_is_down_is_told_and_the_letter_offered(client: Client, liar: Liar, monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", 0.3)
    back = begins(client, liar)
    liar.answers["/token"] = lambda: (200, "slow", b" " * 100_000)
    answer = client.get(BACK, back)
    assert answer.status_code == 503
    assert "FranceConnect ne répond pas" in answer.content.decode()
    assert reverse("access:create") in answer.content.decode()
    assert not known(client)


def test_a_service_that_is_down_at_the_start_is_told(client: Client, settings, liar: Liar):
    settings.OPENID = {"franceconnect": liar.registration(issuer="http://localhost:9")}
    assert client.post(START).status_code == 503


@pytest.fixture
def agent() -> Account:
    return factories.account(Role.AGENT)


def comes(client: Client, proconnect: Liar, **told: str | None) -> int:
    proconnect.codes, proconnect.userinfo = {"code"}, told
    back = begins(client, proconnect, reverse("access:proconnect"))
    return client.get(reverse("access:proconnect_back"), back).status_code


def test_an_agent_is_found_by_the_address_of_their_service_then_by_their_identity(proconnect: Liar, agent: Account):
    assert agent.email
    client = Client()
    assert comes(client, proconnect, email=agent.email.upper(), siret=SIRET) == 302
    assert client.session["_auth_user_id"] == str(agent.pk)
    assert "hat" not in client.session  # a second proof comes first
    assert comes(Client(), proconnect, email="autre@exemple.invalid", siret="") == 302
    assert Identity.objects.get().provider == Provider.PROCONNECT


def test_a_hat_of_the_fund_is_put_on_after_a_second_proof_only(client: Client, proconnect: Liar, agent: Account):
    comes(client, proconnect, email=agent.email, siret=SIRET)
    assert client.get(reverse("agents:queue"))["Location"] == reverse("access:security")


@pytest.mark.parametrize(
    "told",
    [
        {"siret": "22222222200002"},
        {"siret": ""},
        {"siret": None},
        {"email": "inconnu@exemple.invalid"},
        {"email": None},
    ],
)
def test_who_is_not_of_the_fund_is_sent_to_a_supervisor(client: Client, proconnect: Liar, agent: Account, told: dict):
    assert comes(client, proconnect, **{"email": agent.email, "siret": SIRET} | told) == 403
    assert not known(client)


def test_proconnect_opens_no_account_of_an_insured_nor_one_that_is_closed_or_tied(proconnect: Liar, agent: Account):
    insured = factories.account(Role.INSURED)
    assert comes(Client(), proconnect, email=insured.email, siret=SIRET) == 403
    agent.identities.create(provider=Provider.PROCONNECT, subject="un autre")
    assert comes(Client(), proconnect, email=agent.email, siret=SIRET) == 403
    agent.identities.all().delete()
    Account.objects.filter(pk=agent.pk).update(is_active=False)
    assert comes(Client(), proconnect, email=agent.email, siret=SIRET) == 403


def test_the_pages_may_send_a_form_to_the_service_and_nowhere_else():
    registered = {f"ESCALE_FRANCECONNECT_{name}": "x" for name in ("ID", "SECRET")}
    registered["ESCALE_FRANCECONNECT_ISSUER"] = "https://fc.exemple.invalid/api/v2"
    asked = "from escale.config import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    done = subprocess.run(
        [sys.executable, "-c", asked], env=os.environ | registered, capture_output=True, text=True, check=True
    )
    assert "'https://fc.exemple.invalid'" in done.stdout
