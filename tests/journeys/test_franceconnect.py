"""Somebody far away opens their account by FranceConnect, comes back by it, and leaves both."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import oidc
from tests.journeys.conftest import Enter, Visitor
from tests.oidc import people

ALIX = {
    "family_name": "HAUTERIVE", "given_name": "Alix Marie", "birthdate": "1985-03-12", "gender": "female",
    "birthplace": "83137", "birthcountry": "99100", "email": "alix@exemple.invalid",
}  # fmt: skip


@pytest.fixture
def franceconnect(live_server, tmp_path: Path, settings) -> Iterator[oidc.Provider]:
    """FranceConnect, that knows the house at the address of this story."""
    with oidc.running(tmp_path / "oidc", live_server.url) as provider:
        settings.OPENID = {"franceconnect": provider.registration()}
        settings.COUNTER_URL = live_server.url
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(provider.issuer)
        settings.CONTENT_SECURITY_POLICY = policy
        provider.knows(alix=ALIX, presumee=ALIX | {"birthdate": "1985-03-00"})
        yield provider


def comes(visitor: Visitor, login: str) -> None:
    visitor.goes_to("/connexion/")
    visitor.page.get_by_role("button", name="S’identifier avec FranceConnect").click()
    visitor.page.get_by_role("button", name=login).click()
    visitor.page.wait_for_url(f"{visitor.address}/**")
    visitor.looks_around()


def leaves(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Se déconnecter").click()
    visitor.page.get_by_role("button", name="Partir").click()
    visitor.page.wait_for_url(f"{visitor.address}/**")
    visitor.reads("Vous êtes déconnecté de Mon compte et de FranceConnect.")
    visitor.looks_around()


@pytest.mark.parametrize(("scripts", "phone"), [(True, False), (True, True), (False, False)])
def test_an_account_is_opened_by_franceconnect_then_entered_straight(
    enter: Enter, franceconnect: oidc.Provider, phone: bool
):
    person = people.known("2850383137001", ALIX)
    visitor = enter(phone=phone)
    comes(visitor, "alix")
    visitor.reads("Votre numéro de sécurité sociale")
    visitor.page.get_by_label("Numéro de sécurité sociale").fill("1 85 03 83 137 001 99")
    visitor.presses("Ouvrir mon compte")
    visitor.reads("Corrigez ce qui suit")
    visitor.page.get_by_label("Numéro de sécurité sociale").fill(person.nir)
    visitor.presses("Ouvrir mon compte")
    visitor.reads("ouvrez son lien pour confirmer votre adresse e-mail")
    leaves(visitor)

    comes(visitor, "alix")
    visitor.reads("Alix Hauterive")
    leaves(visitor)


@pytest.mark.parametrize("scripts", [True])
def test_who_is_in_doubt_is_led_to_the_letter(enter: Enter, franceconnect: oidc.Provider):
    people.known("2850383137001", ALIX)
    visitor = enter()
    comes(visitor, "presumee")
    visitor.reads("Nous ne vous avons pas reconnu avec certitude")
    visitor.presses("Créer mon compte par courrier")
    visitor.reads("Pas encore de compte CNMSS")
