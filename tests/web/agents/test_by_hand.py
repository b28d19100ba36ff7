"""A transfer made by hand, from the accountants' pages: prepared, signed by another, typed at the bank, noted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.payments.lifecycle import BatchStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry.models import Protection, Reading
from tests import factories
from tests.domain.payments import bank
from tests.house.lives_of_accounts import AMERICAN_NUMBER, accept, noted
from tests.web.agents.conftest import at_counter, text

WHY = {"reason": "asked", "words": "Le virement qui lui est dû est à faire à la main."}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


@pytest.fixture
def order(frozen) -> PaymentOrder:
    known = noted()
    accept(known)
    frozen.shift(timedelta(days=3))
    return factories.visaed(bank.owed(known.insured))


@pytest.fixture
def accountant() -> Client:
    return at_counter(factories.accountant())


@pytest.fixture
def second() -> Client:
    return at_counter(factories.actor(Role.SECOND_ACCOUNTANT))


def signed(order: PaymentOrder, accountant: Client, second: Client) -> Batch:
    accountant.post(reverse("agents:prepare_by_hand", args=[order.reference]))
    batch = Batch.objects.get(by_hand=True)
    second.post(reverse("agents:sign_batch", args=[batch.reference]))
    return batch


def test_one_prepares_another_signs_and_what_the_bank_gave_is_noted(order, accountant, second) -> None:
    day = text(accountant.get(reverse("agents:payments")))
    assert "1 virement à faire à la main" in day
    assert "Bank of Nowhere, USD" in text(accountant.get(reverse("agents:batches")))
    page = text(accountant.get(reverse("agents:order", args=[order.reference])))
    assert "Préparer le virement à la main" in page
    assert AMERICAN_NUMBER not in page
    accountant.post(reverse("agents:prepare_by_hand", args=[order.reference]))
    batch = Batch.objects.get(by_hand=True)
    address, sheet = (reverse(f"agents:{name}", args=[batch.reference]) for name in ("batch", "make_by_hand"))
    kept = reverse("agents:batch_file", args=[batch.reference])
    assert "Un virement à la main veut deux personnes" in text(second.get(address))
    signed = second.post(reverse("agents:sign_batch", args=[batch.reference]), follow=True)
    assert "Lot signé : le virement est à faire à la main." in text(signed)
    assert "1 virement à faire à la main" in text(second.get(reverse("agents:payments")))
    assert (accountant.get(sheet).status_code, accountant.get(kept).status_code) == (302, 404)
    assert "Faire ce virement maintenant" in text(accountant.get(address))
    assert AMERICAN_NUMBER in text(accountant.post(sheet, follow=True))
    assert Reading.objects.filter(insured=order.insured, number=order.reference).exists()
    assert (second.get(sheet).status_code, second.get(kept).status_code) == (302, 404)
    assert "Écrivez la référence" in text(accountant.post(sheet, {"bank_reference": ""}))
    done = text(accountant.post(sheet, {"bank_reference": "VIR-778"}, follow=True))
    assert "le relevé de la banque dira la suite" in done
    assert "VIR-778" in done
    assert "La banque ne l’a pas pris" not in done
    batch.refresh_from_db()
    assert batch.status == BatchStatus.SENT
    sheet_file = accountant.get(kept)
    assert sheet_file["Content-Disposition"].endswith('.txt"')
    assert AMERICAN_NUMBER in b"".join(sheet_file.streaming_content).decode()
    assert "virement à faire à la main" not in text(accountant.get(reverse("agents:payments")))


def test_what_the_bank_did_not_take_is_said_once_it_was_checked(order, accountant, second) -> None:
    batch = signed(order, accountant, second)
    accountant.post(reverse("agents:make_by_hand", args=[batch.reference]))
    page, address = (reverse(f"agents:{name}", args=[batch.reference]) for name in ("batch", "give_up_by_hand"))
    assert "La banque ne l’a pas pris" in text(second.get(page))
    assert "Vérifiez d’abord" in text(second.post(address, follow=True))
    assert "la somme reste due" in text(accountant.post(address, {"checked": "1"}, follow=True))
    again = text(accountant.get(reverse("agents:order", args=[order.reference])))
    assert "Ordonner de nouveau" in again


def test_the_number_is_shown_to_nobody_once_the_account_is_denied(order, accountant, second) -> None:
    batch = signed(order, accountant, second)
    registry.deny(account=order.account, by=SYSTEM)
    taken = text(accountant.post(reverse("agents:make_by_hand", args=[batch.reference]), follow=True))
    assert "Ce virement n’est pas à faire" in taken
    assert "1 virement à faire à la main" in text(accountant.get(reverse("agents:payments")))
    assert accountant.get(reverse("agents:batch_file", args=[batch.reference])).status_code == 404
    given_up = accountant.post(reverse("agents:sign_batch", args=[batch.reference]), {"abandonner": "1"}, follow=True)
    assert "Lot abandonné" in text(given_up)


def test_the_number_of_a_protected_file_is_shown_once_it_is_said_why(order, accountant, second) -> None:
    batch = signed(order, accountant, second)
    Protection.objects.create(insured=order.insured, reason="exposed", set_by=factories.account(Role.SUPERVISOR))
    sheet = reverse("agents:make_by_hand", args=[batch.reference])
    assert "ouvrez d’abord l’ordre" in text(accountant.post(sheet, follow=True))
    accountant.post(reverse("agents:open_order", args=[order.reference]), WHY)
    assert AMERICAN_NUMBER in text(accountant.get(sheet))
