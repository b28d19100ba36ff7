"""A second proof added, given, lost: with a virtual passkey that Chromium holds, then with an application."""

import re
import time

import pytest
from playwright.sync_api import CDPSession

from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, Passkey, Role, TotpKey
from escale.gateways import totp
from tests import factories, factors
from tests.journeys.conftest import Enter, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PASSWORD = "une phrase de passe bien longue"
SECURITY = "/mon-espace/securite/"


@pytest.fixture
def scripts() -> bool:
    return True


@pytest.fixture(autouse=True)
def public(settings, live_server) -> None:
    settings.PUBLIC_URL = live_server.url


def holds_a_key(visitor: Visitor) -> CDPSession:
    """Give a browser an authenticator which knows its owner by their finger."""
    tools = visitor.page.context.new_cdp_session(visitor.page)
    tools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "isUserVerified": True}})
    return tools


def adds_an_application(visitor: Visitor) -> str:
    """Add an application, and return its secret."""
    visitor.goes_to(f"{SECURITY}application/")
    secret = visitor.page.locator(".house-digest").inner_text().replace(" ", "")
    assert visitor.page.locator("main img").evaluate("image => image.naturalWidth > 100")
    code = totp.code(secret, totp.step_at(factors.timezone.now()))
    visitor.page.get_by_label("Code affiché par l’application").fill(code)
    visitor.presses("Ajouter cette application")
    return secret


def signs_out(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Se déconnecter").click()
    visitor.page.wait_for_load_state("load")


def types_the_password(visitor: Visitor, account: Account) -> None:
    visitor.goes_to("/connexion/")
    visitor.page.get_by_label("Adresse e-mail").fill(account.email or "")
    visitor.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    visitor.presses("Se connecter")


def test_an_insured_person_adds_a_passkey_and_enters_with_it_alone(enter: Enter) -> None:
    account = factories.insured(password=PASSWORD).account
    alix = enter()
    holds_a_key(alix)
    alix.signs_in(account.email, PASSWORD)
    alix.goes_to(SECURITY)
    alix.presses("Ajouter une clé d’accès")
    alix.page.get_by_label("Nom de la clé d’accès").fill("Ordinateur du bord")
    alix.page.get_by_role("button", name="Créer la clé d’accès").click()
    alix.page.wait_for_url("**/codes/")
    alix.looks_around()
    assert Passkey.objects.get().name == "Ordinateur du bord"

    signs_out(alix)
    alix.goes_to("/connexion/?suite=/mon-compte/demandes/")
    alix.page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    alix.page.wait_for_url(re.compile(r"//[^/]+/mon-compte/demandes/$"))
    alix.looks_around()

    signs_out(alix)  # the password alone no longer opens
    types_the_password(alix, account)
    alix.reads("Votre seconde preuve")
    alix.page.get_by_role("button", name="Donner ma clé d’accès").click()
    alix.page.wait_for_url(re.compile(r"//[^/]+/mon-compte/$"))
    alix.goes_to(SECURITY)
    alix.reads("Clé d’accès « Ordinateur du bord »")
    assert Passkey.objects.get().sign_count >= 2


def test_a_refused_passkey_says_so_and_leaves_the_password(enter: Enter) -> None:
    alix = enter()
    tools = alix.page.context.new_cdp_session(alix.page)
    tools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "isUserVerified": False}})
    alix.goes_to("/connexion/")
    alix.page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    alix.page.get_by_text("La clé d’accès n’a pas été donnée").wait_for()
    assert alix.page.get_by_label("Mot de passe", exact=True).is_visible()


def test_an_application_then_a_wrong_code_then_a_recovery_code(enter: Enter) -> None:
    account = factories.insured(password=PASSWORD).account
    alix = enter(phone=True)
    alix.signs_in(account.email, PASSWORD)
    adds_an_application(alix)
    alix.presses("Tirer dix codes de secours")
    codes = alix.page.locator(".own-codes li").all_inner_texts()
    assert len(codes) == 10
    alix.presses("J’ai gardé mes codes : continuer")

    signs_out(alix)
    types_the_password(alix, account)
    alix.page.get_by_label("Code").fill("000000")
    alix.presses("Continuer")
    alix.reads("Ce code n’est pas le bon")
    alix.page.get_by_label("Code").fill(factors.code(account))
    alix.presses("Continuer")
    assert "/mon-compte/" in alix.page.url

    signs_out(alix)
    types_the_password(alix, account)
    alix.page.get_by_label("Code").fill(codes[3].lower())
    alix.presses("Continuer")
    alix.goes_to(SECURITY)
    alix.reads("Il vous en reste 9")


def test_an_agent_without_a_second_proof_is_led_to_add_one(enter: Enter) -> None:
    account = factories.account(Role.AGENT, password=PASSWORD)
    TotpKey.objects.all().delete()
    agent = enter()
    agent.signs_in(account.email, PASSWORD)
    agent.reads("Ajoutez une seconde preuve pour commencer")
    agent.goes_to("/gestion/")
    assert agent.page.url.endswith(SECURITY)
    adds_an_application(agent)
    agent.goes_to("/gestion/")
    assert agent.page.url.endswith("/gestion/")
    assert queries.has_factor(account)


def test_who_puts_on_a_hat_of_the_fund_gives_a_second_proof_first(enter: Enter) -> None:
    account = factories.insured(Role.AGENT, password=PASSWORD).account
    TotpKey.objects.all().delete()
    andrea = enter()
    andrea.signs_in(account.email, PASSWORD)
    andrea.page.get_by_role("button", name="Passer : Gestionnaire").click()
    andrea.reads("ajoutez-en une à votre compte")
    adds_an_application(andrea)
    andrea.presses("Plus tard")
    andrea.goes_to("/gestion/")
    assert andrea.page.url.endswith("/gestion/")


def test_sessions_are_closed_from_elsewhere(enter: Enter) -> None:
    account = factories.insured(password=PASSWORD).account
    here, there = enter(), enter(phone=True)
    for one in (here, there):
        one.signs_in(account.email, PASSWORD)
    here.goes_to(SECURITY)
    here.presses("Fermer toutes les autres sessions")
    here.reads("C’est fermé")
    there.goes_to("/mon-compte/")
    assert "/connexion/" in there.page.url
    here.goes_to(SECURITY)
    assert here.page.get_by_role("button", name=re.compile("^Fermer")).count() == 0


def test_before_a_session_ends_one_is_warned_and_may_stay(enter: Enter) -> None:
    account = factories.insured(password=PASSWORD).account
    alix = enter()
    alix.signs_in(account.email, PASSWORD)
    alix.page.clock.install(time=time.time())
    alix.goes_to("/mon-compte/demandes/nouvelle/")
    typed = alix.page.locator("main input[type=text]").first
    typed.fill("Djibouti")
    dialog = alix.page.get_by_role("alertdialog")
    alix.page.clock.fast_forward("27:00")
    assert not dialog.is_visible()
    alix.page.clock.fast_forward("01:00")
    dialog.wait_for()
    stay = dialog.get_by_role("button", name="Rester connecté")
    assert stay.evaluate("button => button === document.activeElement")
    alix.looks_around()
    stay.press("Enter")
    dialog.wait_for(state="hidden")
    assert typed.input_value() == "Djibouti"
    alix.page.clock.fast_forward("28:00")
    dialog.wait_for()
    alix.page.clock.fast_forward("03:00")
    alix.reads("Votre session a pris fin")
    alix.looks_around()
