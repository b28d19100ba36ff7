"""What moved on the account of the Fund besides its orders: entered in the ledger, by two people."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum as Total

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.ledger import actions as ledger
from escale.domain.payments import queries
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Discrepancy, Fact
from escale.rules import budgets, reconciling
from escale.rules.accounting import Event, Sum
from escale.rules.settling import EURO


def check(discrepancy: Discrepancy) -> None:
    """Refuse to enter what an order accounts for, what moved nothing, a wrong nature; :raises Unacceptable: so."""
    event = discrepancy.event
    if not event.moved or event.currency not in {"", EURO}:
        raise Unacceptable({"verdict": "La banque ne dit pas combien d’euros ont bougé, ni quel jour."})
    natures = queries.natures_of(discrepancy)
    if not natures:
        raise Unacceptable({"verdict": "Ce fait concerne un ordre de la Caisse : dites ce qu’il est devenu."})
    if discrepancy.nature not in natures:
        raise Unacceptable({"nature": "Choisissez l’écriture à passer."})


def enter(discrepancy: Discrepancy, *, by: Actor) -> None:
    """Post what moved, on the day of the bank."""
    event = discrepancy.event
    assert event.booked_on, "what moved has its day"
    _post(Event(discrepancy.nature), abs(event.moved), discrepancy, on=event.booked_on, by=by)


def enter_difference(discrepancy: Discrepancy, *, on: date, by: Actor) -> None:
    """Post by how much the bank moved another sum than that of the order, or of the batch, which it is found to be."""
    event = discrepancy.event
    one_of_a_sum = discrepancy.order_id and event.batch_id and not event.end_to_end_id
    if not event.moved or event.currency not in {"", EURO} or one_of_a_sum:
        return
    paid = discrepancy.concerned.exclude(status=OrderStatus.UNPAID).aggregate(total=Total("amount"))["total"]
    whole = (paid or Decimal(0)).copy_sign(event.moved)
    if found := reconciling.difference(event.moved, whole, returned=event.what == Fact.RETURNED):
        _post(*found, discrepancy, on=on, by=by)


def _post(event: Event, amount: Decimal, discrepancy: Discrepancy, *, on: date, by: Actor) -> None:
    """Post a sum for the budget whose batch it is about, else for the first that its account pays for, else for any."""
    told = discrepancy.event
    order = discrepancy.order or told.order
    batch = (order and order.batch) or told.batch
    known = [batch.budget] if batch else [*queries.budgets_of(told.own_account, on=on), *budgets.codes()]
    ledger.post(event=event, piece=discrepancy.piece, sums=[Sum(amount, known[0])], on=on, by=by)
