"""A spouse paid in dollars, where no SEPA transfer reaches: two agents read the paper, two accountants pay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch
from escale.domain.registry.models import BankAccount, InsuredPerson
from tests import factories
from tests.domain.payments import bank
from tests.house.lives_of_accounts import AMERICAN_NUMBER
from tests.journeys.conftest import PHONE, Enter, Night
from tests.journeys.keyboard import Keyboard, arrives

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300), pytest.mark.usefixtures("scanning")]


@pytest.fixture
def scripts() -> bool:
    return True


def test_two_agents_read_the_paper_and_two_accountants_make_the_transfer(enter: Enter, night: Night) -> None:
    person = factories.insured(paid_on_iban=None)
    first, second = (arrives(enter, Role.COUNTER) for _ in range(2))
    notes(first, person)
    reads_again(second)
    night()
    the_days_of_the_hold_pass()
    order = bank.owed(person, "318.75")
    order = factories.visaed(order)

    one, other = (arrives(enter, role) for role in (Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT))
    prepares(one, order.reference)
    signs(other)
    makes(one)
    bank.says(bank.books_by_hand(Batch.objects.get(by_hand=True), order))
    order.refresh_from_db()
    assert order.status == OrderStatus.EXECUTED


def notes(desk: Keyboard, person: InsuredPerson) -> None:
    desk.goes_to("/gestion/accueil/comptes/")
    desk.presses("Noter un compte à payer à la main")
    desk.writes("Numéro de sécurité sociale", person.nir)
    desk.writes("Titulaire du compte", "Alix Exemple")
    desk.writes("Numéro du compte", "0012 3456 7890 5")
    desk.writes("Code du guichet", "021000000")
    desk.writes("BIC de la banque", "NOWHERE")
    desk.writes("Nom de la banque", "Bank of Nowhere")
    desk.picks("Monnaie du compte", "dollar des États-Unis")
    desk.presses("Noter ce compte")
    desk.reads("Un BIC a 8 ou 11 signes")
    corrects(desk, "BIC de la banque", "NWHRUS33")
    desk.presses("Noter ce compte")
    desk.reads("donnez la feuille à un autre agent", "Vous l’avez noté")


def corrects(desk: Keyboard, name: str, text: str) -> None:
    """Follow the link of what is wrong, which leads to its field."""
    desk.opens(name)
    desk.types("Control+a")
    desk.page.keyboard.type(text)


def reads_again(desk: Keyboard) -> None:
    desk.goes_to("/gestion/accueil/comptes/")
    desk.writes("Numéro lu sur le RIB", "0012345678950")
    desk.presses("Accepter")
    desk.reads("Ce n’est pas le numéro qui nous a été donné")
    corrects(desk, "Numéro lu sur le RIB", AMERICAN_NUMBER)
    desk.presses("Accepter")
    desk.reads("Compte accepté")


def the_days_of_the_hold_pass() -> None:
    BankAccount.objects.filter(by_hand=True).update(valid_from=timezone.localdate() - timedelta(days=4))


def prepares(desk: Keyboard, reference: str) -> None:
    desk.goes_to("/gestion/comptabilite/")
    desk.presses("1 virement à faire à la main")
    desk.reads("Bank of Nowhere, USD")
    desk.presses(reference)
    desk.presses("Préparer le virement à la main")
    desk.reads("une seconde personne doit le signer", "Seule la personne qui fait ce virement le lit.")


def signs(desk: Keyboard) -> None:
    desk.goes_to("/gestion/comptabilite/lots/")
    desk.presses(Batch.objects.get(by_hand=True).reference)
    desk.presses("Signer ce lot")
    desk.reads("Lot signé")


def makes(desk: Keyboard) -> None:
    desk.goes_to(f"/gestion/comptabilite/lots/{Batch.objects.get(by_hand=True).reference}/")
    desk.presses("Faire ce virement maintenant")
    desk.reads(AMERICAN_NUMBER, "318,75 EUR", "021000000")
    desk.page.set_viewport_size(PHONE)
    assert desk.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    desk.writes("Référence donnée par la banque", "VIR-778")
    desk.presses("Noter la référence")
    desk.reads("le relevé de la banque dira la suite", "VIR-778")
