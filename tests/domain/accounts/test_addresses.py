"""An account is written to where a message was read, and nobody learns from it who else has an account."""

import re
from datetime import timedelta

import pytest
import time_machine

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, PendingAddress, Role
from escale.domain.journal.actions import name_of
from escale.domain.notices import queries as notices
from escale.domain.notices.models import Notice
from tests import factories
from tests.conftest import Work
from tests.domain.claims.test_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]

NEW = "nouvelle@exemple.invalid"


@pytest.fixture
def account() -> Account:
    return factories.account(Role.INSURED)


def written(kind: str) -> list[str]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("address", flat=True))


def confirm(account: Account, message: Notice) -> None:
    accounts.addresses.confirm(account=account, address=message.address, about=message.about)


def test_the_address_changes_once_the_message_sent_there_is_read(account, work: Work, home):
    old = account.email
    accounts.addresses.ask(account=account, address=f"  {NEW.upper()} ")
    work()
    account.refresh_from_db()
    assert (account.email, written("address_to_confirm"), written("address_asked")) == (old, [NEW], [old])

    mail = "".join(file.read_text() for file in (home / "mail").iterdir() if NEW in file.read_text())
    token = re.search(r"adresse/([^/\s]+)/", mail.replace("=\n", ""))
    assert token
    message = notices.proven(token[1].replace("=3A", ":"), kind="address_to_confirm", within=timedelta(hours=1))
    assert message
    confirm(account, message)
    work()
    account.refresh_from_db()
    assert account.email == NEW
    assert written("address_changed") == [old, NEW]


def test_confirmed_twice_it_is_once(account, work: Work):
    accounts.addresses.ask(account=account, address=NEW)
    work()
    message = Notice.objects.get(kind="address_to_confirm")
    assert at_once(*[lambda: confirm(account, message) for _ in range(4)]) == [None] * 4
    work()
    assert len(written("address_changed")) == 2


def test_asked_by_a_double_click_it_is_asked_once_and_again_after_five_minutes(account, work: Work, frozen):
    at_once(*[lambda: accounts.addresses.ask(account=account, address=NEW) for _ in range(4)])
    work()
    assert written("address_to_confirm") == [NEW]
    frozen.shift(timedelta(minutes=6))
    accounts.addresses.ask(account=account, address=NEW)
    work()
    assert written("address_to_confirm") == [NEW, NEW]
    stale, latest = Notice.objects.filter(kind="address_to_confirm").order_by("pk")
    with pytest.raises(accounts.addresses.Stale):
        confirm(account, stale)
    confirm(account, latest)


def test_the_address_of_another_account_is_told_to_its_owner_only(account, work: Work):
    other = factories.account(Role.INSURED)
    accounts.addresses.ask(account=account, address=other.email)
    work()
    assert (written("address_taken"), written("address_to_confirm")) == ([other.email], [])
    about = name_of(PendingAddress.objects.get())
    with pytest.raises(accounts.addresses.Stale):
        accounts.addresses.confirm(account=account, address=other.email, about=about)


def test_of_two_accounts_that_want_one_address_one_gets_it(account, work: Work):
    other = factories.account(Role.INSURED)
    for one in (account, other):
        accounts.addresses.ask(account=one, address=NEW)
    work()
    mine, theirs = Notice.objects.filter(kind="address_to_confirm").order_by("pk")
    answers = at_once(lambda: confirm(account, mine), lambda: confirm(other, theirs))
    assert sorted(str(type(answer)) for answer in answers) == sorted([str(type(None)), str(accounts.addresses.Stale)])
    assert Account.objects.filter(email=NEW).count() == 1


def test_a_link_confirms_for_the_account_that_asked_only(account, work: Work):
    accounts.addresses.ask(account=account, address=NEW)
    work()
    with pytest.raises(accounts.addresses.Stale):
        confirm(factories.account(Role.INSURED), Notice.objects.get(kind="address_to_confirm"))


def test_what_was_given_up_or_is_an_hour_old_confirms_nothing(account, work: Work, frozen: time_machine.Traveller):
    accounts.addresses.ask(account=account, address=NEW)
    work()
    message = Notice.objects.get(kind="address_to_confirm")
    frozen.shift(timedelta(minutes=61))
    assert notices.proven(message.token, kind="address_to_confirm", within=timedelta(hours=1))  # drawn now
    accounts.addresses.forget(account=account)
    with pytest.raises(accounts.addresses.Stale):
        confirm(account, message)


def test_nobody_writes_to_strangers_through_us(account):
    for rank in range(5):
        accounts.addresses.ask(account=account, address=f"inconnu-{rank}@exemple.invalid")
    with pytest.raises(accounts.TooManyAttempts):
        accounts.addresses.ask(account=account, address="inconnu@exemple.invalid")
    with pytest.raises(accounts.addresses.AlreadyYours):
        accounts.addresses.ask(account=account, address=account.email.upper())


def test_an_account_without_an_address_gets_its_first(work: Work):
    account = Account.objects.create_account(email=None, password=None, name="Compte", roles=(Role.INSURED,))
    accounts.addresses.ask(account=account, address=NEW)
    work()
    confirm(account, Notice.objects.get(kind="address_to_confirm"))
    work()
    account.refresh_from_db()
    assert (account.email, written("address_changed")) == (NEW, [NEW])
