"""« Mon compte bancaire »: another account, seen before it is confirmed, and stopped by whoever did not give it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from escale.domain.accounts.models import TotpKey
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson, Source
from tests import factories, factors
from tests.domain.payments import bank
from tests.web.insured.conftest import proved, signed_in, text, title

PAGE, CHANGE = reverse("insured:bank_account"), reverse("insured:change_bank_account")
ANOTHER_IBAN = "FR1420041010050500013M02606"
TYPED = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "holder": "Alix Exemple"}


@pytest.fixture
def trusted(visitor: Client, person: InsuredPerson) -> Client:
    """Their browser, where a second proof that is there for long was just given."""
    factors.protect(person.account)
    return proved(visitor, "second_factor_at")


def declared(person: InsuredPerson) -> BankAccount:
    return person.bank_accounts.get(source=Source.INSURED)


def test_the_page_shows_the_account_that_is_known_and_never_its_number(visitor: Client, person: InsuredPerson) -> None:
    said = text(visitor.get(PAGE))
    assert "FR•• •••• 0189" in said
    assert factories.IBAN not in said
    person.bank_accounts.all().delete()
    assert "nous ne pouvons pas vous payer" in text(visitor.get(PAGE))


def test_nothing_changes_without_a_second_proof_that_is_there_for_days(visitor: Client, person: InsuredPerson) -> None:
    assert visitor.post(CHANGE, TYPED | {"confirm": "1"}).status_code == 302
    factors.protect(person.account)
    TotpKey.objects.update(added_at=timezone.now())
    proved(visitor, "second_factor_at")
    assert visitor.post(CHANGE, TYPED | {"confirm": "1"}).status_code == 403
    assert not person.bank_accounts.filter(source=Source.INSURED).exists()


def test_an_account_is_seen_with_its_bank_then_confirmed_and_held(trusted: Client, person: InsuredPerson) -> None:
    said = text(trusted.post(CHANGE, TYPED))
    for words in ("LA BANQUE POSTALE", "France", "FR14 2004 1010 0505 0001 3M02 606", "18 septembre 2026"):
        assert words in said, words
    assert not person.bank_accounts.filter(source=Source.INSURED).exists()
    assert 'value="FR14' in text(trusted.post(CHANGE, TYPED | {"again": "1"}))
    said = text(trusted.post(CHANGE, TYPED | {"confirm": "1"}, follow=True))
    assert "nous n’y versons rien avant le 18 septembre 2026" in said
    assert (declared(person).status, declared(person).iban) == (AccountStatus.KNOWN, ANOTHER_IBAN)


def test_the_account_of_nobody_known_waits_for_somebody_to_look(trusted: Client, person: InsuredPerson) -> None:
    typed = TYPED | {"holder": "Sacha Ailleurs"}
    assert "n’est ni le vôtre" in text(trusted.post(CHANGE, typed))
    said = text(trusted.post(CHANGE, typed | {"confirm": "1"}, follow=True))
    assert "attend d’être vérifié" in said
    assert "FR•• •••• 0189" in said
    assert declared(person).status == AccountStatus.TO_CHECK


@pytest.mark.parametrize(("iban", "words"), [
    ("FR14 2004", "erreur de saisie"),
    ("FR1420041010050500013M02607", "erreur de saisie"),
    ("", "Écrivez l’IBAN"),
    (factories.IBAN, "C’est déjà le compte"),
    ("TN5910006035183598478831", "hors de la zone SEPA"),
])  # fmt: skip
def test_what_cannot_be_is_said_at_the_field_and_kept(trusted: Client, iban: str, words: str) -> None:
    page = trusted.post(CHANGE, {"iban": iban, "holder": "Alix Exemple"})
    assert title(page).startswith("Erreur")
    assert words in text(page)
    assert f'value="{iban}"' in text(page) or not iban
    assert 'value="Alix Exemple"' in text(page)


def test_a_second_one_on_the_same_day_waits_for_tomorrow(trusted: Client, person: InsuredPerson) -> None:
    trusted.post(CHANGE, TYPED | {"confirm": "1"})
    assert "revenez demain" in text(trusted.post(CHANGE, {"iban": "DE89370400440532013000", "holder": "Alix Exemple"}))


def test_once_it_is_paid_to_stop_it_wants_a_second_proof_and_says_what_left(
    trusted: Client, person: InsuredPerson, frozen: time_machine.Traveller
) -> None:
    trusted.post(CHANGE, TYPED | {"confirm": "1"})
    stop = reverse("insured:deny_bank_account", args=[declared(person).pk])
    frozen.shift(timedelta(days=3))
    bank.sent(bank.owed(person))
    later = signed_in(person)
    said = text(later.post(stop, follow=True))
    assert "C’est arrêté" not in said
    assert declared(person).status == AccountStatus.KNOWN
    said = text(proved(later, "second_factor_at").post(stop, follow=True))
    assert "C’est arrêté" in said
    assert "Des versements y sont déjà partis" in said


def test_whoever_did_not_give_it_stops_it_and_is_paid_where_they_were(trusted: Client, person: InsuredPerson) -> None:
    trusted.post(CHANGE, TYPED | {"confirm": "1"})
    stop = reverse("insured:deny_bank_account", args=[declared(person).pk])
    for _twice in range(2):
        said = text(trusted.post(stop, follow=True))
        assert "C’est arrêté" in said
    assert "FR•• •••• 0189" in said
    assert declared(person).status == AccountStatus.DENIED
    assert "nous n’y versons rien avant le 19 septembre 2026" in said
    assert "Ce n’est pas moi" not in said
    of_the_administration = person.bank_accounts.get(source=Source.REGISTRY)
    refused = trusted.post(reverse("insured:deny_bank_account", args=[of_the_administration.pk]), follow=True)
    assert "appelez la Caisse" in text(refused)
    other = factories.insured().bank_accounts.get()
    assert trusted.post(reverse("insured:deny_bank_account", args=[other.pk])).status_code == 404
