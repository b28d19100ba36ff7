"""Attacks on the door, each with what stops it."""

from http.cookies import Morsel

import pytest
from django.conf import settings as house
from django.core.exceptions import DisallowedHost
from django.test import Client, RequestFactory
from django.urls import reverse

from escale.domain.accounts.models import Account, Role, Session
from escale.web.access import browser
from tests import factories, factors
from tests.house.access_table import GET, TABLE
from tests.house.test_access import ROUTES

pytestmark = pytest.mark.django_db

PASSWORD = "une phrase de passe bien longue"
DOOR, PROOF, SECURITY = "/connexion/", "/connexion/preuve/", "/mon-espace/securite/"


@pytest.fixture
def alix() -> Account:
    account = factories.insured(password=PASSWORD).account
    assert account
    return account


def enter(account: Account, *, client: Client | None = None, at: str = DOOR) -> Client:
    client = client or Client()
    client.post(at, {"email": account.email, "password": PASSWORD})
    return client


def cookie(client: Client, name: str) -> Morsel:
    return client.cookies[name]


def test_a_form_that_another_site_made_signs_nobody_in_nor_out(alix: Account):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(DOOR, {"email": alix.email, "password": PASSWORD}).status_code == 403
    here = enter(alix, client=Client(enforce_csrf_checks=False))
    here.handler.enforce_csrf_checks = True
    for route in ("access:sign_out", "access:close_sessions", "access:password", "access:prolong", "access:challenge"):
        assert here.post(reverse(route)).status_code == 403, route
    assert Session.objects.filter(account=alix).exists()


@pytest.mark.parametrize(
    "going",
    [
        "https://voleur.example/",
        "//voleur.example/",
        "/\\voleur.example",
        "javascript:alert(1)",
        "http:///voleur",
        "\t//x",
    ],
)
def test_the_door_leads_nowhere_but_to_our_pages(alix: Account, going: str):
    for account in (alix, factories.account(Role.AGENT, password=PASSWORD)):
        client = Client()
        answer = client.post(f"{DOOR}?suite={going}", {"email": account.email, "password": PASSWORD})
        if answer.url == PROOF:
            answer = client.post(PROOF, {"code": factors.code(account)})
        assert answer.url == "/mon-espace/"


def test_a_session_that_somebody_prepared_is_never_taken_up(alix: Account):
    client = Client()
    client.post(reverse("access:challenge"))
    prepared = cookie(client, house.SESSION_COOKIE_NAME).value
    enter(alix, client=client)
    assert cookie(client, house.SESSION_COOKIE_NAME).value != prepared
    assert not Session.objects.filter(session_key=prepared).exists()


def test_the_key_of_a_session_changes_at_each_proof_and_at_each_hat():
    account = factories.insured(Role.AGENT, password=PASSWORD).account
    client, keys = Client(), []
    enter(account, client=client)
    keys.append(cookie(client, house.SESSION_COOKIE_NAME).value)
    client.post(PROOF, {"code": factors.code(account)})
    keys.append(cookie(client, house.SESSION_COOKIE_NAME).value)
    client.post(reverse("access:change_hat"), {"hat": Role.AGENT})
    keys.append(cookie(client, house.SESSION_COOKIE_NAME).value)
    assert len(set(keys)) == 3
    assert list(Session.objects.values_list("session_key", flat=True)) == keys[2:]


def test_half_a_sign_in_opens_nothing(settings, tmp_path):
    settings.DEMO, settings.STATIC_ROOT = True, tmp_path
    account = factories.account(*[role for role in Role if role != Role.SYSTEM], password=PASSWORD)
    half, nobody = enter(account), Client()
    assert half.get(PROOF).status_code == 200
    key = cookie(half, house.SESSION_COOKIE_NAME).value
    for row in TABLE:
        if not row.hats:
            continue
        address = reverse(row.route, kwargs=dict.fromkeys(ROUTES[row.route], "1")) if _fits(row.route) else None
        if address:
            half.cookies[house.SESSION_COOKIE_NAME] = key
            answers = [client.generic(row.method, address) for client in (half, nobody)]
            assert answers[0].status_code == answers[1].status_code, row
            assert answers[0].status_code in (302, 200, 401), row
            if row.method == GET and answers[0].status_code == 302:
                assert answers[0].url.startswith(DOOR), row


def _fits(route: str) -> bool:
    try:
        reverse(route, kwargs=dict.fromkeys(ROUTES[route], "1"))
    except Exception:
        return False
    return True


def test_half_a_sign_in_lasts_ten_minutes(frozen):
    account = factories.account(Role.AGENT, password=PASSWORD)
    half = enter(account)
    frozen.shift(601)
    answer = half.post(PROOF, {"code": factors.code(account)})
    assert (answer.status_code, answer.url) == (302, DOOR)


def test_no_password_alone_puts_on_a_hat_of_the_fund():
    account = factories.insured(Role.AGENT, password=PASSWORD).account
    factors.TotpKey.objects.all().delete()
    client = enter(account)
    client.post(reverse("access:change_hat"), {"hat": Role.AGENT})
    client.post(reverse("access:prove"), {"password": PASSWORD})
    assert client.get("/gestion/").status_code == 403
    assert client.session["hat"] == Role.INSURED


def test_the_answer_to_a_wrong_password_tells_nothing_of_the_account(alix: Account):
    closed = factories.insured(password=PASSWORD).account
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    protected = factories.account(Role.AGENT, password=PASSWORD)
    texts = set()
    for email in (alix.email, closed.email, protected.email, "inconnu@exemple.invalid"):
        answer = Client().post(DOOR, {"email": email, "password": "un faux mot de passe"})
        assert answer.status_code == 200
        page = answer.content.decode().replace(email, "X")
        texts.add(page.partition("<main")[2].partition("csrfmiddlewaretoken")[0])
    assert len(texts) == 1


def test_too_many_tries_are_told_when_to_come_back(alix: Account):
    client = Client()
    for _ in range(5):
        client.post(DOOR, {"email": alix.email, "password": "faux"})
    answer = client.post(DOOR, {"email": alix.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "attendez une minute" in answer.content.decode()
    assert enter(alix, client=Client(REMOTE_ADDR="192.0.2.7")).session["hat"] == Role.INSURED


def test_the_same_holds_for_the_codes_of_a_second_proof():
    account = factories.account(Role.AGENT, password=PASSWORD)
    client = enter(account)
    for _ in range(5):
        assert client.post(PROOF, {"code": "000000"}).status_code == 200
    answer = client.post(PROOF, {"code": factors.code(account)})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]


def test_a_name_of_host_that_is_not_ours_is_refused(alix: Account):
    assert Client(headers={"host": "voleur.example"}).get(DOOR).status_code == 400
    with pytest.raises(DisallowedHost):
        RequestFactory(headers={"host": "voleur.example"}).get(DOOR).get_host()


def test_cookies_are_for_us_alone(alix: Account):
    client = enter(alix)
    client.get(DOOR)
    for name in (house.SESSION_COOKIE_NAME, house.CSRF_COOKIE_NAME, house.DEVICE_COOKIE_NAME):
        kept = cookie(client, name)
        assert kept["httponly"]
        assert kept["samesite"] == "Lax"
        assert not kept["domain"]
        assert kept["path"] == "/"
        assert bool(kept["secure"]) is not house.DEMO
        assert name.startswith("__Host-") is not house.DEMO


def test_no_page_of_an_account_is_kept_by_a_cache_nor_shown_in_a_frame(alix: Account):
    client = enter(alix)
    for path in ("/mon-compte/", SECURITY, "/mon-espace/preuve/", f"{SECURITY}application/"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    half = enter(factories.account(Role.AGENT, password=PASSWORD))
    assert "no-store" in half.get(PROOF).headers["Cache-Control"]


def test_a_new_password_closes_every_other_session_at_once(alix: Account):
    here, there = enter(alix), enter(alix)
    new = "une autre phrase de passe"
    assert here.post(f"{SECURITY}mot-de-passe/", {"current": PASSWORD, "new": new}).status_code == 302
    assert here.get(SECURITY).status_code == 200
    assert there.get(SECURITY).status_code == 302


def test_a_stranger_at_an_open_session_changes_nothing_that_matters(alix: Account, frozen):
    client = enter(alix)
    frozen.shift(11 * 60)
    for path in ("mot-de-passe/", "application/", "cles/"):
        answer = client.get(f"{SECURITY}{path}")
        assert (answer.status_code, answer.url) == (302, reverse("access:prove")), path
    client.post(reverse("access:prove"), {"password": "une autre phrase"})
    assert client.get(f"{SECURITY}application/").status_code == 302
    client.post(reverse("access:prove"), {"password": PASSWORD})
    assert client.get(f"{SECURITY}application/").status_code == 200


def test_one_session_or_device_of_somebody_else_is_not_there(alix: Account):
    other = factories.insured(password=PASSWORD).account
    theirs = enter(other)
    client = enter(alix)
    client.post(reverse("access:close_sessions"), {"session": "0" * 16})
    client.post(reverse("access:close_sessions"))
    assert theirs.get(SECURITY).status_code == 200
    assert client.post(reverse("access:forget_device", args=[other.devices.get().pk])).status_code == 404


@pytest.mark.parametrize(
    ("address", "place"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("inconnu", "inconnu")],
)
def test_a_home_counts_as_one_place(address: str, place: str):
    assert browser.place(RequestFactory(REMOTE_ADDR=address).get("/")) == place
