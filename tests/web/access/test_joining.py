"""An identity and an account are tied by all the proofs of both, seen by their owner, and untied by them."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Identity, PendingAddress, Provider, Role
from escale.domain.journal.models import Entry
from escale.domain.registry.models import InsuredPerson
from escale.web.access import openid
from tests import factories, factors, oidc
from tests.web.access.test_franceconnect import ALIX, JOIN, START, comes, person, types

pytestmark = pytest.mark.django_db

ADOPT, PROOF = reverse("access:adopt"), reverse("access:second_factor")
PASSWORD, SECURITY = reverse("access:password"), reverse("access:security")
UNBIND = reverse("access:unbind", args=["franceconnect"])
SECRET = "quatre mots sans histoire"


@pytest.fixture
def alix(franceconnect: oidc.Provider) -> oidc.Provider:
    franceconnect.knows(alix=ALIX)
    return franceconnect


def says_existing(client: Client, provider: oidc.Provider, known: InsuredPerson) -> Any:
    """Come, say one's number, and say that one has an account already."""
    comes(client, provider)
    return client.post(JOIN, {"nir": known.nir, "email": "", "existing": "1"}, follow=True)


def signs_in(client: Client, account: Account | None, suite: str) -> HttpResponse:
    assert account
    typed = {"email": account.email, "password": SECRET}
    return client.post(reverse("access:sign_in", query={"suite": suite}), typed)


def sit_for_long(client: Client) -> None:
    """Let eleven minutes pass since anything was proven in this session."""
    session = client.session
    for name in ("began", "second_factor_at", "password_at"):
        session[name] = session.get(name, 0) - 660
    session["came_by"] = session["came_by"] | {"at": session["came_by"]["at"] - 660}
    session.save()


@pytest.fixture
def inside(client: Client, alix: oidc.Provider) -> Account:
    """Alix, in their account by FranceConnect only: no password, no address, no second proof."""
    known = person()
    comes(client, alix)
    types(client, known.nir)
    return Account.objects.get()


def test_an_account_that_has_a_second_proof_is_tied_once_it_is_given(client: Client, alix: oidc.Provider):
    account = factories.account(Role.INSURED)
    known = person(account=account)
    Account.objects.update(email=None)
    factors.protect(account)
    comes(client, alix)
    assert types(client, known.nir, "alix@exemple.invalid")["Location"] == PROOF
    assert not Identity.objects.exists()
    assert not PendingAddress.objects.exists()
    client.post(PROOF, {"code": "000000"})
    assert not Identity.objects.exists()
    assert client.post(PROOF, {"code": factors.code(account)}).status_code == 302
    assert Identity.objects.get().account == account
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_second_proof_of_somebody_else_ties_nothing(client: Client, alix: oidc.Provider):
    account, other = factories.account(Role.INSURED), factories.insured(password=SECRET)
    known = person(account=account)
    factors.protect(account)
    comes(client, alix)
    types(client, known.nir)
    signs_in(client, other.account, "/")
    assert client.session["_auth_user_id"] == str(other.account_id)
    assert not Identity.objects.exists()


def test_a_second_identity_is_told_the_truth_and_spends_no_try(client: Client, alix: oidc.Provider):
    known = person()
    comes(client, alix)
    types(client, known.nir)
    alix.knows(double=ALIX)
    for _ in range(4):
        stranger = Client()
        comes(stranger, alix, "double")
        page = types(stranger, known.nir)
        assert page.status_code == 403
        assert "déjà lié à une autre identité" in page.content.decode()
        assert "_auth_user_id" not in stranger.session
    assert Identity.objects.count() == 1


def test_an_agent_who_is_insured_keeps_one_account(client: Client, alix: oidc.Provider):
    known, agent = person(), factories.account(Role.AGENT, password=SECRET)
    page = says_existing(client, alix, known)
    assert page.redirect_chain[-1][0].startswith(reverse("access:sign_in"))
    signs_in(client, agent, ADOPT)
    assert client.post(PROOF, {"code": factors.code(agent)})["Location"] == ADOPT
    asked = client.get(ADOPT).content.decode()
    assert str(known) in asked
    assert str(agent.email) in asked
    client.post(ADOPT)
    known.refresh_from_db()
    assert known.account == agent
    assert known.is_close_to(agent)
    assert {hat.role for hat in agent.hats.all()} == {Role.AGENT, Role.INSURED}
    assert client.get(reverse("insured:home")).status_code == 200
    assert Identity.objects.get().account == agent
    assert Entry.objects.filter(event="account.become_insured").count() == 1
    assert Account.objects.count() == 1


def test_who_acts_for_a_relative_keeps_one_account(client: Client, alix: oidc.Provider):
    known = person()
    delegate = Account.objects.create_account(email="proche@exemple.invalid", password=SECRET, name="Alix")
    says_existing(client, alix, known)
    assert signs_in(client, delegate, ADOPT)["Location"] == ADOPT
    assert client.post(ADOPT, follow=True).redirect_chain[-1][0] == reverse("insured:home")
    known.refresh_from_db()
    assert known.account == delegate


def test_the_account_of_another_insured_person_is_not_taken(client: Client, alix: oidc.Provider):
    known, other = person(), factories.insured(password=SECRET)
    says_existing(client, alix, known)
    signs_in(client, other.account, ADOPT)
    assert client.post(ADOPT).status_code == 403
    known.refresh_from_db()
    assert known.account is None
    assert not Identity.objects.exists()


def test_nothing_is_tied_to_an_account_before_the_number_is_said(client: Client, alix: oidc.Provider):
    person()
    comes(client, alix)
    signs_in(client, factories.insured(password=SECRET).account, ADOPT)
    assert client.get(ADOPT).status_code == client.post(ADOPT).status_code == 400
    assert not Identity.objects.exists()


def test_who_forgot_their_password_chooses_another_after_franceconnect(client: Client, alix: oidc.Provider, inside):
    accounts.set_password(account=inside, password=SECRET)
    client = Client()
    comes(client, alix)
    assert "current" not in client.get(PASSWORD).context["form"].fields
    client.post(PASSWORD, {"new": "trois autres mots longs"})
    inside.refresh_from_db()
    assert inside.check_password("trois autres mots longs")


def test_what_franceconnect_said_of_another_account_dispenses_of_nothing(client: Client, inside: Account):
    other = factories.insured(password=SECRET).account
    came = client.session["came_by"]
    client.logout()
    signs_in(client, other, "/")
    session = client.session
    session["came_by"] = came
    session.save()
    assert "current" in client.get(PASSWORD).context["form"].fields


def test_who_has_franceconnect_only_proves_again_by_it(client: Client, alix: oidc.Provider, inside: Account):
    sit_for_long(client)
    page = client.get(reverse("access:passkey"), follow=True).content.decode()
    assert "S’identifier avec" in page
    assert "Déconnectez-vous" not in page
    assert comes(client, alix, data={"again": "1"})["Location"] == reverse("access:passkey")
    assert client.get(reverse("access:passkey")).status_code == 200


def test_another_identity_proves_nothing_again(client: Client, alix: oidc.Provider, inside: Account):
    alix.knows(double=ALIX)
    sit_for_long(client)
    assert comes(client, alix, "double", data={"again": "1"}).status_code == 403
    assert client.get(reverse("access:passkey")).status_code == 302
    assert client.session["_auth_user_id"] == str(inside.pk)


def test_one_takes_an_identity_away_and_is_told(client: Client, alix: oidc.Provider, inside: Account, work):
    assert "FranceConnect" in client.get(SECURITY).content.decode()
    Account.objects.update(email="alix@exemple.invalid")
    client.post(PASSWORD, {"new": SECRET})
    assert client.post(UNBIND, follow=True).status_code == 200
    assert not Identity.objects.exists()
    work()
    assert (
        inside.notices.get(kind="identity_unbound").title == "Une connexion FranceConnect a été retirée de votre compte"
    )
    assert client.post(UNBIND).status_code == 404


def test_the_only_way_in_is_not_taken_away(client: Client, inside: Account):
    client.post(PASSWORD, {"new": SECRET})
    page = client.post(UNBIND, follow=True).content.decode()
    assert "seul moyen d’entrer" in page  # there is a password, and no address to give with it
    assert Identity.objects.exists()


def test_what_we_did_not_seal_is_not_kept(client: Client, alix: oidc.Provider):
    client.post(START, {"typed": "x" * 90_000})
    assert client.session["openid"]["kept"] == ""


def test_one_place_leaves_so_many_times_an_hour(client: Client, alix: oidc.Provider):
    for _ in range(openid.STARTS):
        accounts.spend("openid", "127.0.0.1", most=openid.STARTS, within=timedelta(hours=1))
    answer = client.post(START)
    assert answer.status_code == 429
    assert "Trop de connexions" in answer.content.decode()
    assert client.post(START, REMOTE_ADDR="192.0.2.5").status_code == 302


def test_a_service_that_names_nobody_is_not_there_to_take_away(client: Client, inside: Account):
    assert client.post(reverse("access:unbind", args=[Provider.PROCONNECT])).status_code == 404
