"""The physicians' counter, held apart: each process serves its own pages, and sends to the other for the rest."""

from contextlib import suppress

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from escale.config.checks import production_is_real
from escale.domain.accounts.models import Account, Role
from escale.web.counters import EVERYWHERE, PHYSICIANS
from tests import factories, factors
from tests.house.access_table import HATS, TABLE
from tests.house.test_access import ROUTES

ORDINARY, MEDICAL = "http://localhost:8000", "http://localhost:8001"
OF_ALL = ["/", "/mon-compte/", "/gestion/", "/gestion/demandes/ABCDE-FGHIJ/?page=2", "/accessibilite/", "/nulle-part/"]
OF_PHYSICIANS = [PHYSICIANS, f"{PHYSICIANS}ABCDE-FGHIJ/", f"{PHYSICIANS}ABCDE-FGHIJ/pieces/1/pages/1.jpg"]


@pytest.fixture
def ordinary(settings) -> Client:
    settings.PUBLIC_URL, settings.MEDICAL_URL, settings.VAULT_MEDICAL_KEYS = ORDINARY, MEDICAL, ""
    return Client(headers={"host": "localhost:8000"})


@pytest.fixture
def medical(settings) -> Client:
    settings.PUBLIC_URL, settings.MEDICAL_URL = ORDINARY, MEDICAL
    return Client(headers={"host": "localhost:8001"})


@pytest.mark.parametrize("path", OF_PHYSICIANS)
def test_the_ordinary_counter_sends_physicians_to_theirs(ordinary: Client, path: str):
    assert ordinary.get(path).url == f"{MEDICAL}{path}"
    assert ordinary.post(path).url == f"{MEDICAL}{path}"


@pytest.mark.parametrize("path", OF_ALL)
def test_the_physicians_counter_serves_nobody_else(medical: Client, path: str):
    assert medical.get(path).url == f"{ORDINARY}{path}"
    assert medical.post(path).url == f"{ORDINARY}{path}"


@pytest.mark.django_db
def test_who_puts_the_hat_of_a_physician_on_or_off_changes_counters(ordinary: Client, settings):
    account = factories.account(Role.PHYSICIAN, Role.AGENT)
    ordinary.force_login(account)
    session = ordinary.session
    session["second_factor_at"] = 1
    session.save()
    last = _followed(ordinary, Role.PHYSICIAN)
    assert last == f"{MEDICAL}{PHYSICIANS}"
    settings.VAULT_MEDICAL_KEYS = "held"
    ordinary.defaults["HTTP_HOST"] = "localhost:8001"
    assert ordinary.get(PHYSICIANS).status_code == 200
    assert _followed(ordinary, Role.AGENT) == f"{ORDINARY}/gestion/"


def _followed(client: Client, hat: Role) -> str:
    """Return where the change of hat leads away from this counter."""
    url = client.post(reverse("access:change_hat"), {"hat": hat}).url
    while url.startswith("/"):
        url = client.get(url).url
    return url


@pytest.mark.django_db
def test_one_signs_in_and_out_at_both_counters(medical: Client):
    account: Account = factories.account(Role.PHYSICIAN, password="mot de passe de test")
    assert medical.get(PHYSICIANS).url == "/connexion/?suite=%2Fgestion%2Fmedical%2F"
    typed = {"email": account.email, "password": "mot de passe de test"}
    assert medical.post("/connexion/?suite=/gestion/medical/", typed).url == "/connexion/preuve/"
    assert medical.post("/connexion/preuve/", {"code": factors.code(account)}).url == PHYSICIANS
    assert medical.get(PHYSICIANS).status_code == 200
    assert medical.get("/etat/").status_code == 200
    assert medical.post("/deconnexion/").url == "/"


def test_a_proxy_that_mistakes_the_process_is_not_sent_round_in_circles(medical: Client, settings):
    settings.MEDICAL_URL = settings.PUBLIC_URL
    medical.defaults["HTTP_HOST"] = "localhost:8000"
    assert medical.get("/mon-compte/").status_code == 404
    settings.VAULT_MEDICAL_KEYS = ""
    assert medical.get(PHYSICIANS).status_code == 404


def test_in_a_demonstration_both_counters_are_asked_for_by_the_same_name(ordinary: Client, settings):
    settings.DEMO = True
    assert ordinary.get(PHYSICIANS, headers={"host": "127.0.0.1:8000"}).url == f"http://127.0.0.1:8001{PHYSICIANS}"
    settings.DEMO = False
    assert ordinary.get(PHYSICIANS, headers={"host": "127.0.0.1:8000"}).url == f"{MEDICAL}{PHYSICIANS}"


@pytest.mark.django_db
def test_without_a_counter_apart_one_process_serves_everybody():
    assert Client().get(PHYSICIANS).url.startswith("/connexion/")
    assert Client().get("/").status_code == 200


def test_the_pages_of_physicians_are_those_of_their_counter_and_no_others():
    hats = {route: {hat for row in TABLE if row.route == route for hat in row.hats} for route in ROUTES}
    for route, who in hats.items():
        path = _address(route)
        if who == set(HATS):
            continue  # one's own pages, whatever one's work
        if path.startswith(EVERYWHERE):
            assert route.startswith("access:") or route == "public:health", route
            continue
        assert path.startswith(PHYSICIANS) == (Role.PHYSICIAN in who), route
        assert not path.startswith(PHYSICIANS) or who == {Role.PHYSICIAN}, route


def _address(route: str) -> str:
    for value in ("1", "00000000-0000-0000-0000-000000000000"):
        with suppress(NoReverseMatch):
            return reverse(route, kwargs=dict.fromkeys(ROUTES[route], value))
    raise AssertionError(route)


def test_production_asks_where_the_physicians_counter_is(settings):
    settings.DEMO = False
    for address, is_refused in (("", True), ("http://medecins.example", True), ("https://medecins.example", False)):
        settings.MEDICAL_URL = address
        assert any("ESCALE_MEDICAL_URL" in str(fault.msg) for fault in production_is_real(None)) is is_refused
