"""Somebody comes by FranceConnect: recognised once by their number, let in ever after, and led out of both."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Account, Identity, PendingAddress, Role
from escale.domain.journal.models import Entry
from escale.domain.registry.models import InsuredPerson
from tests import factories, oidc
from tests.oidc import people

pytestmark = pytest.mark.django_db

START, JOIN = reverse("access:franceconnect"), reverse("access:join")
BACK = reverse("access:franceconnect_back")
ALIX: dict[str, Any] = {
    "family_name": "HAUTERIVE", "given_name": "Alix Marie", "birthdate": "1985-03-12", "gender": "female",
    "birthplace": "83137", "birthcountry": "99100", "email": "alix@exemple.invalid",
}  # fmt: skip


def person(**traits: Any) -> InsuredPerson:
    """Alix in the registry, without an account unless told otherwise."""
    return people.known("2850383137001", ALIX, **traits)


@pytest.fixture
def alix(franceconnect: oidc.Provider) -> oidc.Provider:
    franceconnect.knows(alix=ALIX)
    return franceconnect


def comes(client: Client, provider: oidc.Provider, login: str = "alix", **more: Any) -> HttpResponse:
    """Press the button, sign in there, and come back."""
    address = client.post(START, **more)["Location"]
    return client.get(provider.sign_in(address, login))


def types(client: Client, number: str, email: str = "") -> HttpResponse:
    return client.post(JOIN, {"nir": number, "email": email})


def test_who_is_recognised_gives_their_number_once_and_has_an_account(client: Client, alix: oidc.Provider):
    known = person()
    assert comes(client, alix)["Location"] == JOIN
    assert "alix@exemple.invalid" in client.get(JOIN).content.decode()
    answer = types(client, known.nir, "alix@exemple.invalid")
    assert answer["Location"] == reverse("access:start")
    known.refresh_from_db()
    assert known.account
    assert known.account.email is None
    assert not known.account.has_usable_password()
    assert [hat.role for hat in known.account.hats.all()] == [Role.INSURED]
    assert PendingAddress.objects.get(account=known.account).address == "alix@exemple.invalid"
    assert client.get(reverse("insured:home")).status_code == 200
    assert Entry.objects.filter(event="account.bind_identity").count() == 1


def test_the_same_identity_enters_straight_ever_after(client: Client, alix: oidc.Provider):
    known = person()
    comes(client, alix)
    types(client, known.nir)
    later = Client()
    assert comes(later, alix)["Location"] == reverse("access:start")
    assert later.get(reverse("insured:home")).status_code == 200
    assert Identity.objects.count() == Account.objects.count() == 1


def test_who_has_an_account_already_comes_into_it_and_is_told(client: Client, alix: oidc.Provider, work):
    known = person(account=factories.account(Role.INSURED))
    comes(client, alix)
    types(client, known.nir, "autre@exemple.invalid")
    assert client.session["_auth_user_id"] == str(known.account.pk)
    assert not PendingAddress.objects.exists()
    work()
    assert known.account.notices.get(kind="identity_bound").title.startswith("Une connexion FranceConnect")


def test_the_page_that_was_asked_opens_at_the_end(client: Client, alix: oidc.Provider):
    known, wanted = person(), reverse("insured:claims")
    comes(client, alix, query_params={"suite": wanted})
    assert types(client, known.nir)["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://ailleurs.invalid/", "//ailleurs.invalid", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_at_the_end(client: Client, alix: oidc.Provider, elsewhere: str):
    known = person()
    comes(client, alix, query_params={"suite": elsewhere})
    assert types(client, known.nir)["Location"] == reverse("access:start")


def test_another_persons_number_opens_nothing_and_three_are_enough(client: Client, alix: oidc.Provider):
    known, other = person(), factories.insured()
    comes(client, alix)
    for _ in range(3):
        answer = types(client, other.nir)
        assert answer.status_code == 200
        assert "Ce numéro n’est pas celui de la personne" in answer.content.decode()
    assert types(client, known.nir).status_code == 429
    comes(client, alix)  # another session, the same day
    assert types(client, known.nir).status_code == 429
    assert not Identity.objects.exists()
    assert "_auth_user_id" not in client.session


def test_a_number_mistyped_is_no_try(client: Client, alix: oidc.Provider):
    known = person()
    comes(client, alix)
    for _ in range(4):
        assert "La clé" in types(client, known.nir[:-1] + "0").content.decode()
    assert types(client, known.nir).status_code == 302


def test_an_identity_is_never_moved_nor_replaced(client: Client, alix: oidc.Provider):
    known = person()
    comes(client, alix)
    types(client, known.nir)
    alix.knows(double=ALIX)
    stranger = Client()
    comes(stranger, alix, "double")
    assert types(stranger, known.nir).status_code == 403
    assert Identity.objects.count() == 1


def test_a_closed_account_is_not_entered(client: Client, alix: oidc.Provider):
    known = person()
    comes(client, alix)
    types(client, known.nir)
    Account.objects.update(is_active=False)
    assert comes(Client(), alix).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"birthdate": "1985-03-00"}, "pas reconnu avec certitude"),
        ({"birthdate": "2015-03-12"}, "celui d’un parent"),
        ({"given_name": None}, "pas reconnu avec certitude"),
        ({"family_name": ["X", 7, {}]}, "pas reconnu avec certitude"),
        ({"birthplace": "75107"}, "pas reconnu avec certitude"),
        ({"family_name": "d\u0000\ud83d"}, "pas reconnu avec certitude"),
    ],
)
def test_a_doubt_leads_to_the_letter(client: Client, franceconnect: oidc.Provider, changes: dict[str, Any], words: str):
    franceconnect.knows(alix=ALIX | changes)
    person()
    answer = comes(client, franceconnect)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert client.get(JOIN).status_code == 400
    assert "fail_to_recognise" in Entry.objects.latest("pk").event


@pytest.mark.parametrize("email", [None, "", 7, "pas une adresse", "x" * 400 + "@exemple.invalid", "\ud800@a.b"])
def test_an_address_that_is_none_is_asked_and_may_be_left_empty(client: Client, franceconnect: oidc.Provider, email):
    franceconnect.knows(alix=ALIX | {"email": email})
    known = person()
    comes(client, franceconnect)
    assert 'value="' not in client.get(JOIN).content.decode().partition('name="email"')[2][:60]
    assert types(client, known.nir).status_code == 302
    assert not PendingAddress.objects.exists()


def test_a_second_proof_is_asked_of_who_has_one(client: Client, alix: oidc.Provider):
    known = person(account=factories.account(Role.INSURED))
    known.account.passkeys.create(credential_id=b"1", public_key=b"1", name="Clé")
    comes(client, alix, query_params={"suite": reverse("insured:claims")})
    assert types(client, known.nir)["Location"] == reverse("access:second_factor")
    assert "_auth_user_id" not in client.session


def test_leaving_leads_out_of_franceconnect_too(client: Client, alix: oidc.Provider, settings):
    settings.COUNTER_URL = "http://testserver"
    known = person()
    comes(client, alix)
    types(client, known.nir)
    answer = client.post(reverse("access:sign_out"))
    assert "_auth_user_id" not in client.session
    assert answer["Location"].startswith(f"{alix.issuer}/api/v2/session/end?id_token_hint=")
    back = client.get(alix.sign_out(answer["Location"]), follow=True)
    assert "Vous êtes déconnecté de Mon compte et de FranceConnect." in back.content.decode()
    assert "déconnecté" not in Client().get(oidc.LEFT, {"state": "?"}, follow=True).content.decode()


def test_giving_up_there_comes_back_without_harm(client: Client, alix: oidc.Provider):
    assert "Vous avez renoncé" in comes(client, alix, "").content.decode()


def test_what_was_typed_before_the_session_ended_is_given_back(client: Client, alix: oidc.Provider):
    known = person()
    comes(client, alix)
    types(client, known.nir)
    client.post(reverse("access:sign_out"))
    page = client.post(reverse("insured:claims"), {"note": "Ce que j’avais tapé"}).content.decode()
    sealed = page.partition('name="typed" value="')[2].partition('"')[0]
    assert sealed
    address = client.post(START, {"typed": sealed})["Location"]
    assert "Ce que j’avais tapé" in client.get(alix.sign_in(address, "alix")).content.decode()


def test_without_a_registration_there_is_no_door(client: Client):
    assert client.post(START).status_code == client.get(BACK).status_code == 404
    assert "FranceConnect</span>" not in client.get(reverse("access:sign_in")).content.decode()
