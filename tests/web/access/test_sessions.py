"""Sessions: how long they last, what is told of a new device, and how a browser is named."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, Device, Role, Session
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.web.access import browser
from tests import factories, factors
from tests.conftest import Work
from tests.web.access.test_attacks import PASSWORD, PROOF, SECURITY, enter
from tests.web.agents.conftest import at_counter

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def alix(db: None) -> Account:
    account = factories.insured(password=PASSWORD).account
    assert account
    return account


@pytest.fixture
def agent(db: None) -> Account:
    return factories.account(Role.AGENT, password=PASSWORD)


def at_the_fund(account: Account) -> Client:
    client = enter(account)
    client.post(PROOF, {"code": factors.code(account)})
    return client


def is_open(client: Client) -> bool:
    return client.get(SECURITY).status_code == 200


def test_an_insured_person_may_pause_for_half_an_hour(alix: Account, frozen: time_machine.Traveller):
    client = enter(alix)
    frozen.shift(timedelta(minutes=29))
    assert is_open(client)
    frozen.shift(timedelta(minutes=31))
    assert not is_open(client)


def test_the_fund_may_pause_for_a_quarter_of_an_hour(agent: Account, frozen: time_machine.Traveller):
    client = at_the_fund(agent)
    frozen.shift(timedelta(minutes=14))
    assert is_open(client)
    frozen.shift(timedelta(minutes=16))
    assert not is_open(client)


def test_a_supervisor_closes_what_an_agent_left_open(agent: Account, alix: Account):
    left, other, own = at_the_fund(agent), at_the_fund(agent), enter(alix)
    supervisor = at_counter(factories.actor(Role.SUPERVISOR))
    address = reverse("agents:staff_sessions", args=[agent.pk])
    first = queries.sessions(agent).earliest("began_at")
    assert first.reference in supervisor.get(address).content.decode()
    supervisor.post(address, {"session": "0" * 16})
    assert is_open(left)
    supervisor.post(address, {"session": first.reference})
    assert (is_open(left), is_open(other)) == (False, True)
    supervisor.post(address)
    assert (is_open(other), is_open(own)) == (False, True)
    written = Entry.objects.filter(event="account.close_sessions", hat=Role.SUPERVISOR)
    assert [entry.facts["sessions"] for entry in written.order_by("pk")] == [1, 1]
    assert supervisor.get(reverse("agents:staff_sessions", args=[alix.pk])).status_code == 404


@pytest.mark.parametrize(("hours", "who"), [(12, "alix"), (10, "agent")])
def test_no_session_outlasts_a_day_of_work(
    hours: int, who: str, alix: Account, agent: Account, frozen: time_machine.Traveller
):
    client = enter(alix) if who == "alix" else at_the_fund(agent)
    for _ in range(hours * 6 - 1):
        frozen.shift(timedelta(minutes=10))
        assert client.post("/mon-espace/prolonger/").json()["left"] > 0
    frozen.shift(timedelta(minutes=11))
    assert client.post("/mon-espace/prolonger/").status_code == 401
    assert not is_open(client)


def test_who_is_warned_may_stay(alix: Account, frozen: time_machine.Traveller):
    client = enter(alix)
    page = client.get("/mon-compte/").content.decode()
    assert 'data-left="1800"' in page or 'data-left="1799"' in page
    frozen.shift(timedelta(minutes=28))
    assert client.post("/mon-espace/prolonger/").json() == {"left": 1800}
    frozen.shift(timedelta(minutes=28))
    assert is_open(client)


def test_a_session_knows_its_device_and_since_when(alix: Account, frozen: time_machine.Traveller):
    client = enter(alix, client=Client(headers={"user-agent": FIREFOX}))
    session = Session.objects.get(account=alix)
    began = session.began_at
    frozen.shift(timedelta(minutes=5))
    client.get(SECURITY)
    session.refresh_from_db()
    assert (session.device, session.began_at) == ("Firefox sur Windows", began)
    assert session.seen_at > began


@pytest.mark.django_db(transaction=True)
def test_a_new_device_is_told_by_e_mail_and_a_known_one_is_not(work: Work):
    alix = factories.insured(password=PASSWORD).account
    assert alix
    usual = enter(alix)
    usual.post("/deconnexion/")
    enter(alix, client=usual)
    work()
    assert not Notice.objects.exists()  # the first one opened the account
    enter(alix, client=Client(headers={"user-agent": FIREFOX}))
    work()
    notice = Notice.objects.get()
    assert (notice.kind, notice.address, notice.status) == ("new_device", alix.email, "sent")
    assert "Firefox sur Windows" in notice.body
    assert Device.objects.filter(account=alix).count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_changes_in_how_one_enters_is_told_by_e_mail(work: Work):
    alix = factories.insured(password=PASSWORD).account
    assert alix
    client = enter(alix)
    client.post(f"{SECURITY}mot-de-passe/", {"current": PASSWORD, "new": "une autre phrase de passe"})
    factors.protect(alix)
    client.post("/mon-espace/preuve/", {"code": factors.code(alix)})
    client.post(f"{SECURITY}application/retirer/")
    work()
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == ["password_changed", "factor_changed"]
    assert all(alix.name not in notice.body for notice in Notice.objects.all())


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_are_told_and_close_the_other_sessions(work: Work):
    alix = factories.insured(password=PASSWORD).account
    assert alix
    factors.protect(alix)
    client, other = at_the_fund(alix), at_the_fund(alix)
    client.post(f"{SECURITY}codes/")
    assert (is_open(client), is_open(other)) == (True, False)
    work()
    notice = Notice.objects.get(kind="factor_changed")
    assert "de nouveaux codes de secours ont été tirés" in notice.body


@pytest.mark.django_db(transaction=True)
def test_a_first_password_is_told_save_to_whoever_opens_an_account_by_it(work: Work):
    alix, camille = (factories.insured().account for _ in range(2))
    assert alix
    assert camille
    accounts.arrive(account=alix, factor=False, device="", label="Firefox sur Windows")
    for account in (alix, camille):
        accounts.set_password(account=account, password=PASSWORD)
    work()
    notice = Notice.objects.get()
    assert (notice.kind, notice.account) == ("password_changed", alix)
    assert "Un mot de passe a été choisi pour votre compte" in notice.body


def test_who_goes_from_their_own_file_to_the_fund_has_a_quarter_of_an_hour(frozen: time_machine.Traveller, db: None):
    client = at_the_fund(factories.insured(Role.AGENT, password=PASSWORD).account)
    client.get(SECURITY)
    frozen.shift(30)
    client.post("/mon-espace/casquette/", {"hat": Role.AGENT})
    assert client.session.get_expiry_age() <= 15 * 60
    frozen.shift(timedelta(minutes=16))
    assert not is_open(client)


@pytest.mark.parametrize(
    ("told", "label"),
    [
        (FIREFOX, "Firefox sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1",
         "Safari sur iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Mac"),
        ("<script>alert(1)</script>", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)  # fmt: skip
def test_browsers_are_named_in_plain_words(told: str, label: str):
    assert browser.label(RequestFactory(headers={"user-agent": told}).get("/")) == label
