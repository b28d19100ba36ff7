"""« Ce n’est pas moi »: the link of the message that announces another bank account."""

import html
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from escale.domain.notices import actions as notices
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount
from tests.house.lives_of_accounts import declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(frozen: time_machine.Traveller) -> BankAccount:
    return declared(holder="Alix Exemple")


@pytest.fixture
def link(changed: BankAccount) -> str:
    announced = notices.write(
        kind="bank_account_changed", to=changed.insured.account, about=changed, last="2606", is_known=True, phone=""
    )
    assert announced
    return reverse("access:deny_account_follow", args=[announced.token])


def read(browser: Client, link: str) -> str:
    return html.unescape(browser.get(link, follow=True).content.decode())


def status(account: BankAccount) -> str:
    account.refresh_from_db()
    return account.status


def test_whoever_reads_the_message_stops_the_change_by_a_button(client: Client, changed: BankAccount, link: str):
    assert "n’est pas de vous" in read(client, link)
    assert status(changed) == AccountStatus.KNOWN
    client.post(reverse("access:deny_account"))
    assert status(changed) == AccountStatus.DENIED


def test_the_link_serves_no_longer_once_the_account_is_paid(
    client: Client, changed: BankAccount, link: str, frozen: time_machine.Traveller
):
    frozen.shift(timedelta(days=3, minutes=1))
    assert "Ce lien ne sert plus" in read(client, link)
    client.post(reverse("access:deny_account"))
    assert status(changed) == AccountStatus.KNOWN
