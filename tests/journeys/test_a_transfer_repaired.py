"""A transfer that the bank rejects, repaired from a telephone: another account, some days of patience, then paid."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.jobs import banking
from escale.rules import parameters
from tests import factories, factors
from tests.domain.payments import bank
from tests.journeys.conftest import Enter, Night, Visitor
from tests.journeys.keyboard import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600), pytest.mark.usefixtures("scanning")]

TELEPHONE = {"width": 390, "height": 844}
FAR = {"offline": False, "latency": 200, "downloadThroughput": 400_000, "uploadThroughput": 50_000}
"""A link of some hundred kilobytes a second, from another ocean."""
ANOTHER_IBAN = "FR14 2004 1010 0505 0001 3M02 606"
OF_HEALTH = ("soin", "santé", "médic", "consult", "maladie", "clinique", "facture")


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


def test_a_rejected_transfer_is_paid_again_to_the_account_given_from_a_telephone(
    enter: Enter, night: Night, home: Path, scripts: bool
) -> None:
    # Given a soldier whose account was closed: the bank rejects what the Fund pays there
    person = factories.insured(password=PASSWORD)
    factors.protect(person.account)
    order = factories.ordered(factories.approved(factories.received(person)))
    batch = bank.sent(order)
    the_bank_says(bank.rejects(batch, order), night)
    says_nothing_of_health(home, person)

    # When they open their account on a telephone, near or far away, and give another
    alix = with_a_telephone(enter, far=not scripts)
    alix.signs_in(person.account.email, PASSWORD)
    alix.reads("Un versement n’a pas pu vous parvenir")
    alix.presses("19,00 € : savoir pourquoi, et quoi faire")
    alix.reads("Ce compte est fermé")
    gives_another_account(alix)
    hold = timedelta(days=int(parameters.value("bank_account_hold_days", on=timezone.localdate())))
    alix.reads("nous n’y versons rien avant le")
    alix.goes_to(f"/mon-compte/versements/{order.reference}/")
    alix.reads("nous y ferons le versement à partir du")
    banking.reissue_to_new_accounts()
    assert not PaymentOrder.objects.exclude(replaces=None).exists()

    # Then once the days of patience are over it is ordered again, once, and paid there
    with time_machine.travel(timezone.now() + hold, tick=True):
        again = is_ordered_again(order)
        the_bank_says(bank.books(bank.sent(again)), night)
        alix.signs_in(person.account.email, PASSWORD)
        alix.goes_to(f"/mon-compte/versements/{order.reference}/")
        alix.reads("Ce versement a été fait de nouveau")
        alix.presses("Suivre le nouveau versement")
        alix.reads("Ce versement est fait")
        alix.reads("FR•• •••• 2606")
    assert Batch.objects.count() == 2


def the_bank_says(content: bytes, night: Night) -> None:
    payments.receive(name="reponse.xml", chunks=[content])
    night()


def says_nothing_of_health(home: Path, person: InsuredPerson) -> None:
    """The message says that a transfer came back, and nothing else."""
    messages = [path.read_text() for path in (home / "mail").glob("*.eml")]
    (message,) = [one for one in messages if "versement" in one]
    assert person.account.email in message
    words = message.lower()
    assert not [word for word in (*OF_HEALTH, "19,00", factories.IBAN.lower()) if word in words]


def with_a_telephone(enter: Enter, *, far: bool) -> Visitor:
    """Somebody who holds a telephone; far away, its link is slow."""
    visitor = enter(phone=True)
    visitor.page.set_viewport_size(TELEPHONE)
    if far:
        visitor.page.context.new_cdp_session(visitor.page).send("Network.emulateNetworkConditions", FAR)
    return visitor


def gives_another_account(alix: Visitor) -> None:
    """A slip of the finger is said at the field, the bank is named, and only then is it confirmed."""
    alix.presses("Changer mon compte bancaire")
    alix.presses("Changer de compte")
    page = alix.page
    page.get_by_label("IBAN").fill(ANOTHER_IBAN.replace("606", "607"))
    page.get_by_label("Titulaire du compte").fill("Alix Exemple")
    alix.presses("Vérifier ce compte")
    alix.reads("erreur de saisie")
    assert page.get_by_label("Titulaire du compte").input_value() == "Alix Exemple"
    page.get_by_label("IBAN").fill(ANOTHER_IBAN)
    alix.presses("Vérifier ce compte")
    alix.reads("La Banque Postale")
    alix.presses("Confirmer ce compte")


def is_ordered_again(order: PaymentOrder) -> PaymentOrder:
    """What the clock of the house does each day, done twice: one order, to the account that is known now."""
    banking.reissue_to_new_accounts()
    banking.reissue_to_new_accounts()
    again = PaymentOrder.objects.get(replaces=order)
    assert (again.status, again.masked_iban) == (OrderStatus.ORDERED, "FR•• •••• 2606")
    return again
