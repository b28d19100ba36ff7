"""How each status of what the bank sends back is reached, and what its steps need besides."""

from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.case import Case
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BACK, BankFileStatus, DiscrepancyStatus, OrderStatus
from escale.domain.payments.models import BankFile, Discrepancy, PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.rules.reconciling import Verdict
from tests import factories
from tests.domain.payments import bank


def _discrepancy(person: InsuredPerson | None = None) -> Discrepancy:
    """A transfer that the bank executed, then rejected."""
    batch = bank.sent(_order(person))
    bank.says(bank.books(batch))
    bank.says(bank.rejects(batch))
    return Discrepancy.objects.latest("pk")


def _explained() -> Discrepancy:
    told = _discrepancy()
    payments.explain(
        discrepancy=told, verdict=Verdict.NOTHING, words="La banque s’est trompée.", by=factories.accountant()
    )
    return told


def _reconciled() -> Discrepancy:
    told = _explained()
    payments.reconcile(discrepancy=told, by=factories.accountant())
    return told


def _lifted() -> Discrepancy:
    told = _discrepancy()
    told.advance("lift", by=SYSTEM)
    return told


def _order(person: InsuredPerson | None) -> PaymentOrder:
    return factories.ordered(factories.approved(factories.received(person or factories.insured())))


def came_back(person: InsuredPerson | None = None) -> PaymentOrder:
    """An order that the bank rejected, because the account is closed."""
    order = _order(person)
    bank.says(bank.rejects(bank.sent(order)))
    order.refresh_from_db()
    return order


REACH_BANK = {
    (BankFile, BankFileStatus.RECEIVED): lambda: payments.receive(name="recu.xml", chunks=[b"<Document/>"]),
    (BankFile, BankFileStatus.READ): lambda: bank.says(bank.books(bank.sent())),
    (BankFile, BankFileStatus.UNREADABLE): lambda: bank.says(b"<Document/>"),
    (Discrepancy, DiscrepancyStatus.OPEN): _discrepancy,
    (Discrepancy, DiscrepancyStatus.PROPOSED): _explained,
    (Discrepancy, DiscrepancyStatus.RECONCILED): _reconciled,
    (Discrepancy, DiscrepancyStatus.LIFTED): _lifted,
}


def make_room_at_bank(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    if isinstance(case, PaymentOrder) and step == "execute":
        left = PaymentOrder.objects.filter(pk=case.pk, status__in=[OrderStatus.SENT, *BACK])
        left.update(paid_on=timezone.localdate())
    if isinstance(case, Discrepancy):
        explained = {"words": "Vu.", "reconciled_by": factories.account(), "reconciled_at": timezone.now()}
        Discrepancy.objects.filter(pk=case.pk).update(**explained)


def own_at_bank(person: InsuredPerson) -> tuple[Case, ...]:
    """Somebody's own payments that are on their way or came back, and what the bank said of another."""
    left = _order(person)
    bank.sent(left)
    left.refresh_from_db()
    return left, came_back(person), _discrepancy(person)


def held_at_bank(person: InsuredPerson) -> dict[str, dict[str, object]]:
    """A file, a payment that came back and a discrepancy, for the addresses."""
    told = _discrepancy(person)
    return {
        "bank_file": {"pk": told.event.file_id},
        "discrepancy": {"pk": told.pk},
        "came_back": {"reference": came_back(person).reference},
    }
