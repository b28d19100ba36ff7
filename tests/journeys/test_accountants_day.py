"""The day of two accountants, hands on the keyboard: from the first order to the books of the month."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.ledger.models import AccountingMonth
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.jobs.demo import bank as played
from escale.rules import parameters
from tests import factories
from tests.domain.payments import bank
from tests.journeys.conftest import Enter, Night, waits
from tests.journeys.keyboard import Keyboard, arrives

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600), pytest.mark.usefixtures("scanning")]

COUNTER = "/gestion/comptabilite/"
STATES = {
    "supported": OrderStatus.EXECUTED,
    "large": OrderStatus.EXECUTED,
    "rejected": OrderStatus.UNPAID,
    "returned": OrderStatus.RETURNED,
    "strange": OrderStatus.RETURNED,
    "moved": OrderStatus.EXECUTED,
    "refused": OrderStatus.REJECTED,
}
"""Where each order is at the end of the day."""


@pytest.fixture
def scripts() -> bool:
    return True


def test_two_accountants_pay_hear_the_bank_and_close_the_month(enter: Enter, night: Night) -> None:
    a_month_that_is_over()
    orders = orders_of_the_day()
    first, second = (arrives(enter, role) for role in (Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT))
    second.kinds = first.kinds  # a kind of page is looked around once, whoever opens it

    reads_what_supports(first, orders["supported"])
    moves_to_another_budget(first, second, orders["moved"])
    refuses(first, orders["refused"])
    gives_the_visa(first)
    send_by_two(first, second)
    night()
    the_bank_answers(orders, night)
    settle_what_is_strange(first, second, orders["strange"])
    close_the_month(first, second)
    follows_the_money_back(first, orders["supported"])

    assert {name: PaymentOrder.objects.get(pk=order.pk).status for name, order in orders.items()} == STATES


def a_month_that_is_over() -> None:
    """Something was paid in the last month, which nobody has closed yet."""
    last_day = timezone.localdate().replace(day=1) - timedelta(days=1)
    with time_machine.travel(timezone.make_aware(datetime.combine(last_day, time(10))), tick=True):
        bank.says(bank.books(bank.sent(bank.owed(factories.insured(), "61.20"))))


def orders_of_the_day() -> dict[str, PaymentOrder]:
    """What the agents ordered: one of a whole claim, one that wants a second signature, and some that go ill."""
    large = str(parameters.value("batch_signature_euros", on=timezone.localdate()))
    sums = {"large": large, "rejected": "96.00", "returned": "318.75", "strange": "75.00", "moved": "230.10",
            "refused": "12.05"}  # fmt: skip
    made = {
        name: bank.owed(factories.insured(paid_on_iban=factories.own_iban()), amount) for name, amount in sums.items()
    }
    return {"supported": factories.ordered(), **made}


def reads_what_supports(first: Keyboard, order: PaymentOrder) -> None:
    """The decision line by line, its articles, and the image of the bill."""
    first.reads("7 ordres à viser", "1 mois à clore")
    first.presses(f"Voir {order.reference}")
    first.reads("Consultation d’un médecin généraliste", "CSS, art. R. 761-16", "Total de la décision : 19,00 €")
    sees_the_bill(first)


def sees_the_bill(desk: Keyboard) -> None:
    desk.presses("Voir la facture")
    desk.reads("Clinique de l’Escale", "19,00 €")
    image = desk.page.locator("main img").first
    image.scroll_into_view_if_needed()
    waits(lambda: image.evaluate("image => image.naturalWidth") > 0)


def moves_to_another_budget(first: Keyboard, second: Keyboard, order: PaymentOrder) -> None:
    """One proposes, the other agrees; the order stays as it was given."""
    first.goes_to(f"{COUNTER}ordres/{order.reference}/")
    first.presses("Réimputer cet ordre")
    first.picks("Budget qui doit porter", "Accidents et maladies imputables")
    first.writes("Motif", "Accident de service du 3 mars.")
    first.presses("Proposer la réimputation")
    first.reads("Accident de service du 3 mars.", "À confirmer")
    assert not first.page.get_by_role("button", name="Confirmer").count()

    second.goes_to(COUNTER)
    second.presses("1 réimputation à confirmer")
    second.presses(order.reference)
    second.presses("Confirmer")
    second.reads("Faite", "Accidents et maladies imputables")


def refuses(first: Keyboard, order: PaymentOrder) -> None:
    first.goes_to(COUNTER)
    first.presses(f"Refuser {order.reference}")
    first.presses("Refuser le visa")
    first.reads("Dites au gestionnaire pourquoi")
    first.opens("Motif du refus de visa")  # in what is to be corrected: it leads to the field
    first.page.keyboard.type("Le titulaire du compte est à vérifier.")
    first.presses("Refuser le visa")
    first.reads("Visa refusé", "6 ordres à viser")


def gives_the_visa(first: Keyboard) -> None:
    """By a filter whose number and sum are seen before, then one by one."""
    first.opens("Filtrer")
    first.writes("Montant, au moins", "50")
    first.presses("Appliquer")
    first.presses("Viser tous les ordres de ce filtre")
    first.reads("5 ordres", "230,10 €")
    first.presses("Viser ces 5 ordres")
    first.reads("5 ordres visés", "1 ordre à viser · 19,00 €", "COMPTE PARTAGÉ")
    (left,) = PaymentOrder.objects.filter(status=OrderStatus.ORDERED)
    first.ticks(left.reference)
    first.presses("Viser les ordres cochés")
    first.reads("1 ordre visé")


def send_by_two(first: Keyboard, second: Keyboard) -> None:
    """A lot for each budget; the large one leaves once the other has signed it."""
    first.goes_to(f"{COUNTER}lots/")
    first.presses("Préparer le lot : Assurance maladie")
    first.reads("une seconde personne doit le signer", "À signer")
    first.presses("Préparer le lot : Accidents et maladies imputables")
    first.reads("il part vers la banque")

    large = Batch.objects.get(wants_signature=True, status=BatchStatus.PREPARED)
    second.goes_to(COUNTER)
    second.presses("1 lot à signer")
    second.presses(large.reference)
    second.presses("Signer ce lot")
    second.reads("Lot signé")


def the_bank_answers(orders: dict[str, PaymentOrder], night: Night) -> None:
    """It accepts and executes, rejects one, gives one back, and gives back another without saying which."""
    today = timezone.localdate()
    large, other = (PaymentOrder.objects.get(pk=orders[name].pk).batch for name in ("large", "moved"))
    assert large
    assert other
    assert large.status == other.status == BatchStatus.SENT
    executed = [orders[name] for name in ("supported", "large", "returned", "strange")]
    unnamed = played.Paid("SANS-REFERENCE", Decimal("75.00"), factories.IBAN)
    nowhere = played.Order("INCONNU", bank.order_of(large).debtor_iban, timezone.now(), (unnamed,))
    answers = {
        "statut.xml": bank.rejects(large, orders["rejected"]),
        "avis.xml": bank.books(large, *executed),
        "avis-2.xml": bank.books(other),
        "retour.xml": bank.returns(large, orders["returned"]),
        "inconnu.xml": played.booked(nowhere, [unnamed], on=today, returned="NARR"),
    }
    for name, content in answers.items():
        payments.receive(name=name, chunks=[content])
    night()


def settle_what_is_strange(first: Keyboard, second: Keyboard, order: PaymentOrder) -> None:
    """What no order explains: one finds which it was, the other confirms."""
    first.goes_to(COUNTER)
    first.reads("2 virements revenus")
    first.presses("1 écart à rapprocher")
    first.presses(Discrepancy.objects.get().told)
    first.reads("75,00 €", "SANS-REFERENCE")
    first.picks("Ce que c’était", "La banque avait payé, et l’argent est revenu")
    first.dates("Jour où la banque a payé", timezone.localdate())
    first.writes("Référence de l’ordre", order.reference)
    first.writes("Ce que vous avez trouvé", "La banque confirme par courriel : retour de ce virement.")
    first.presses("Rapprocher")
    first.reads("un autre comptable doit la confirmer")

    second.goes_to(COUNTER)
    second.presses("1 écart à rapprocher")
    second.presses(Discrepancy.objects.get().told)
    second.reads(order.reference, "Rien n’est changé tant qu’un autre comptable n’a pas confirmé.")
    second.presses("Confirmer")
    second.reads("Écart rapproché")


def close_the_month(first: Keyboard, second: Keyboard) -> None:
    for desk, button in ((first, "Proposer de clore ce mois"), (second, "Clore ce mois pour de bon")):
        desk.goes_to(COUNTER)
        desk.presses("1 mois à clore")
        desk.reads("La balance est équilibrée.", "61,20 €")
        desk.presses(button)
    second.reads("Mois clos")
    assert AccountingMonth.objects.earliest("first_on").status == "closed"


def follows_the_money_back(first: Keyboard, order: PaymentOrder) -> None:
    """From the line of the bank to the image of the bill that it paid."""
    first.goes_to(f"{COUNTER}retours/")
    first.presses("avis.xml")
    first.presses(order.reference)
    first.reads("Payé", "Virement exécuté")
    sees_the_bill(first)
