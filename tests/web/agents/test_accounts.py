"""The bank accounts whose holder nobody knows, at the counter."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.registry import queries
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, Protection, Reading
from tests import factories
from tests.house.lives_of_accounts import declared
from tests.web.agents.conftest import at_counter, text

PAGE = reverse("agents:accounts")


def hall() -> Client:
    return at_counter(factories.actor(Role.COUNTER))


@pytest.mark.parametrize(("given", "read", "status", "said"), [
    ("accept", "fr14 2004 1010 0505 0001 3m02 606", AccountStatus.KNOWN, "Compte accepté"),
    ("accept", "", AccountStatus.TO_CHECK, "Recopiez le numéro du compte depuis le papier."),
    ("accept", factories.IBAN, AccountStatus.TO_CHECK, "Ce n’est pas le numéro qui nous a été donné"),
    ("refuse", "", AccountStatus.REFUSED, "Compte écarté"),
])  # fmt: skip
def test_an_account_is_known_once_its_number_is_read_on_paper_or_is_set_aside(given, read, status, said) -> None:
    account, counter = declared(), hall()
    page = text(counter.get(PAGE))
    assert "Sacha Ailleurs" in page
    assert "FR•• •••• 2606" in page
    assert account.iban not in page
    assert Reading.objects.filter(insured=account.insured).exists()
    typed = {"answer": given, "read": read}
    answered = counter.post(reverse("agents:answer_account", args=[account.pk]), typed, follow=True)
    assert said in text(answered)
    account.refresh_from_db()
    assert account.status == status


def test_that_of_a_protected_file_is_shown_to_nobody_there() -> None:
    account = declared()
    Protection.objects.create(insured=account.insured, reason="exposed", set_by=factories.account(Role.SUPERVISOR))
    counter = hall()
    assert "Aucun compte n’attend" in text(counter.get(PAGE))
    assert counter.post(reverse("agents:answer_account", args=[account.pk])).status_code == 404


TYPED = {
    "holder": "Alix Exemple", "iban": "0012 3456 7890 5", "branch": "021000000", "bic": "nwhrus33", "currency": "USD",
    "bank_name": "Bank of Nowhere",
}  # fmt: skip


def test_an_account_that_no_transfer_reaches_is_noted_by_one_and_read_by_another() -> None:
    person, first = factories.insured(), hall()
    said = text(first.post(reverse("agents:record_account"), TYPED | {"nir": person.nir}, follow=True))
    account = person.bank_accounts.get(by_hand=True)
    assert "donnez la feuille à un autre agent" in said
    assert "Vous l’avez noté" in said
    assert "Bank of Nowhere, NWHRUS33, 021000000, USD" in said
    assert account.iban not in said
    answer = {"answer": "accept", "read": account.iban}
    address = reverse("agents:answer_account", args=[account.pk])
    assert "Vous avez noté ce compte" in text(first.post(address, answer, follow=True))
    assert "Compte accepté" in text(hall().post(address, answer, follow=True))
    assert queries.bank_account(person, on=timezone.localdate()) == account


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("nir", "1 85 03 75 001 001 99", "Aucun assuré ne porte ce numéro"),
    ("iban", "12345", "de 6 à 34 lettres et chiffres"),
    ("iban", "FR76 3000 6000 0112 3456 7890 188", "erreur de saisie"),
    ("bic", "NOWHERE", "Un BIC a 8 ou 11 signes"),
    ("currency", "", "Choisissez la monnaie"),
    ("holder", "", "Écrivez le nom du titulaire"),
])  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(field, typed, said) -> None:
    whole = TYPED | {"nir": factories.insured().nir, field: typed}
    page = text(hall().post(reverse("agents:record_account"), whole))
    assert said in page
    assert "Erreur : Noter un compte" in page
    assert BankAccount.objects.filter(by_hand=True).count() == 0


def test_one_that_a_transfer_reaches_is_given_online_and_one_of_a_protected_file_elsewhere() -> None:
    person, counter = factories.insured(), hall()
    reached = TYPED | {"nir": person.nir, "iban": "DE89370400440532013000", "currency": "EUR"}
    assert "la personne le donne en ligne" in text(counter.post(reverse("agents:record_account"), reached))
    Protection.objects.create(insured=person, reason="exposed", set_by=factories.account(Role.SUPERVISOR))
    typed = TYPED | {"nir": person.nir}
    assert "Vous ne traitez pas ce dossier" in text(counter.post(reverse("agents:record_account"), typed))


def test_an_account_in_pacific_francs_is_noted_with_its_french_iban() -> None:
    person = factories.insured()
    typed = TYPED | {"nir": person.nir, "iban": "FR14 2004 1010 0505 0001 3M02 606", "currency": "XPF"}
    hall().post(reverse("agents:record_account"), typed)
    assert person.bank_accounts.get(by_hand=True).masked_iban == "FR•• •••• 2606"
