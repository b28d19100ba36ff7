"""Who gets in, who does not, and how slowly one may guess."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Attempt, Role
from escale.domain.journal.models import Entry
from tests import factories

HERE, ELSEWHERE = "192.0.2.1", "2001:db8::1"
PASSWORD = "un mot de passe d’essai"


@pytest.fixture
def quick_digests() -> None:
    """Here passwords cost what they cost."""


@pytest.fixture
def quick(settings) -> None:
    """Passwords that cost nothing to check, where many are tried."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(db: None) -> Account:
    return factories.account(Role.INSURED, password=PASSWORD)


def fail(email: str, *, times: int, ip: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(accounts.WrongCredentials):
            accounts.sign_in(email=email, password="faux", ip=ip)


def enter(account: Account, *, ip: str = HERE) -> Account:
    return accounts.sign_in(email=account.email, password=PASSWORD, ip=ip)


def test_the_right_password_lets_in_and_is_written_in_the_journal(account: Account):
    assert accounts.sign_in(email=f"  {account.email.upper()} ", password=PASSWORD, ip=HERE) == account
    assert not Entry.objects.exists()  # a second proof may be wanting
    accounts.arrive(account=account, factor=False, device="", label="Firefox sur Windows")
    assert list(Entry.objects.order_by("pk").values_list("event", "actor")) == [
        ("account.sign_in", account.pk),
        ("account.first_device", account.pk),
    ]


def test_passwords_are_kept_as_argon2(account: Account):
    assert account.password.startswith("argon2$argon2id$")


@pytest.mark.usefixtures("quick")
def test_after_five_failures_even_the_right_password_waits_a_minute(account: Account, frozen: time_machine.Traveller):
    fail(account.email, times=5)
    with pytest.raises(accounts.TooManyAttempts) as refusal:
        enter(account)
    assert refusal.value.retry_after == 60
    frozen.shift(timedelta(seconds=61))
    assert enter(account) == account


@pytest.mark.usefixtures("quick")
def test_a_stranger_locks_nobody_out(account: Account):
    fail(account.email, times=5)
    assert enter(account, ip=ELSEWHERE) == account


@pytest.mark.usefixtures("quick")
def test_twenty_failures_close_a_place_for_every_account(account: Account):
    for rank in range(4):
        fail(f"personne-{rank}@exemple.invalid", times=5)
    with pytest.raises(accounts.TooManyAttempts):
        enter(account)
    assert enter(account, ip=ELSEWHERE) == account


@pytest.mark.usefixtures("quick")
def test_those_who_enter_do_not_count_as_failures(account: Account):
    for _ in range(6):
        enter(account)
    fail(account.email, times=4)
    assert enter(account) == account


@pytest.mark.usefixtures("quick")
def test_who_insists_while_refused_does_not_wait_longer(account: Account, frozen: time_machine.Traveller):
    fail(account.email, times=5)
    frozen.shift(timedelta(seconds=50))
    for _ in range(5):
        with pytest.raises(accounts.TooManyAttempts):
            enter(account)
    frozen.shift(timedelta(seconds=11))
    assert enter(account) == account


@pytest.mark.django_db
def test_an_unknown_address_a_wrong_password_and_a_closed_account_look_alike(account: Account):
    closed = factories.account(Role.AGENT, password=PASSWORD)
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    without = factories.account(Role.AGENT)
    seconds = {}
    for email, password in [
        ("inconnu@exemple.invalid", PASSWORD),
        (account.email, "faux"),
        (closed.email, PASSWORD),
        (without.email, PASSWORD),
    ]:
        started = time.process_time()  # what else the machine does is not counted
        with pytest.raises(accounts.WrongCredentials) as refusal:
            accounts.sign_in(email=email, password=password, ip=HERE)
        seconds[email] = time.process_time() - started
        assert str(refusal.value) == ""
    assert min(seconds.values()) > max(seconds.values()) / 5, seconds
    assert not Entry.objects.exists()


def test_a_failure_keeps_neither_the_address_nor_the_place(account: Account):
    fail(account.email, times=1)
    kept = Attempt.objects.values_list("key_digest", flat=True)
    assert all(len(digest) == 64 and account.email not in digest and HERE not in digest for digest in kept)


@pytest.mark.usefixtures("quick")
def test_failures_are_forgotten_after_a_day(account: Account, frozen: time_machine.Traveller):
    fail(account.email, times=2)
    frozen.shift(timedelta(hours=25))
    fail(account.email, times=1)
    assert accounts.forget_attempts() == 2 * 3
    assert Attempt.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_guessing_from_many_connections_at_once_is_no_quicker(account: Account):
    together, guesses = Barrier(8), 8

    def guess() -> type[Exception]:
        together.wait()
        try:
            accounts.sign_in(email=account.email, password="faux", ip=HERE)
        except (accounts.WrongCredentials, accounts.TooManyAttempts) as refusal:
            return type(refusal)
        finally:
            connection.close()
        raise AssertionError("entered")

    with ThreadPoolExecutor(guesses) as threads:
        answers = [threads.submit(guess) for _ in range(guesses)]
        assert [answer.result() for answer in answers].count(accounts.WrongCredentials) <= 5


@pytest.mark.usefixtures("quick")
def test_a_neighbour_locks_nobody_out_of_their_own_device(account: Account, frozen: time_machine.Traveller):
    token = accounts.arrive(account=account, factor=False, device="", label="Firefox sur Windows")
    fail(account.email, times=5)
    frozen.shift(timedelta(minutes=2))
    fail(account.email, times=5)
    with pytest.raises(accounts.TooManyAttempts):
        enter(account)
    assert accounts.sign_in(email=account.email, password=PASSWORD, ip=HERE, device=token) == account


def test_who_forgot_every_device_is_told_of_the_next_one(account: Account):
    accounts.arrive(account=account, factor=False, device="", label="Firefox sur Windows")
    accounts.forget_device(device=account.devices.get())
    accounts.arrive(account=account, factor=False, device="", label="Chrome sur Android")
    assert Entry.objects.filter(event="account.new_device").count() == 1


def test_two_people_share_a_browser_without_being_taken_for_strangers(account: Account):
    other = factories.account(Role.INSURED)
    token = ""
    for whose in (account, other) * 3:
        token = accounts.arrive(account=whose, factor=False, device=token, label="Firefox sur Windows")
    assert not Entry.objects.filter(event="account.new_device").exists()
    assert (account.devices.count(), other.devices.count()) == (1, 1)


def test_a_token_that_we_never_gave_is_not_kept(account: Account):
    token = accounts.arrive(account=account, factor=False, device="chosen", label="Firefox sur Windows")
    assert token != "chosen"
