"""What moved on the account of the Fund and comes of no order: entered in the ledger, by two people."""

from collections.abc import Sequence
from datetime import date

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.ledger import actions as ledger
from escale.domain.payments import queries
from escale.domain.payments.models import Discrepancy, Fact, PaymentOrder
from escale.rules import budgets, reconciling
from escale.rules.accounting import Event, Sum
from escale.rules.settling import EURO


def check(discrepancy: Discrepancy) -> None:
    """Refuse to enter what concerns an order, what moved nothing, or as what it cannot be; :raises Unacceptable: so."""
    event = discrepancy.event
    if event.order_id or discrepancy.order_id or event.batch_id:
        raise Unacceptable({"verdict": "Ce fait concerne un ordre de la Caisse : dites ce qu’il est devenu."})
    if not event.moved or event.currency not in {"", EURO}:
        raise Unacceptable({"verdict": "La banque ne dit pas combien d’euros ont bougé, ni quel jour."})
    if discrepancy.nature not in reconciling.natures(event.moved):
        raise Unacceptable({"nature": "Choisissez l’écriture à passer."})


def enter(discrepancy: Discrepancy, *, by: Actor) -> None:
    """Post what moved, on the day of the bank, for the first of the budgets that its account pays for, else of all."""
    event = discrepancy.event
    assert event.booked_on, "what moved has its day"
    known = [*queries.budgets_of(event.own_account, on=event.booked_on), *budgets.codes()]
    moved = Sum(abs(event.moved), known[0])
    nature = Event(discrepancy.nature)
    ledger.post(event=nature, piece=discrepancy.piece, sums=[moved], on=event.booked_on, by=by)


def enter_charges(discrepancy: Discrepancy, returned: Sequence[PaymentOrder], *, on: date, by: Actor) -> None:
    """Post what the bank kept for itself of the one sum that it gave back."""
    event, order = discrepancy.event, returned[0]
    if len(returned) > 1 or event.what != Fact.RETURNED or event.amount is None or event.amount >= order.amount:
        return
    assert order.batch, "what came back had left"
    kept = Sum(order.amount - event.amount, order.batch.budget)
    piece = f"{order.reference}-E{discrepancy.pk}"
    ledger.post(event=Event.BANK_CHARGES, piece=piece, sums=[kept], on=on, by=by)
