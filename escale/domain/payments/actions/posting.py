"""What the ledger is told of the orders: each event once, with the reference that proves it."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.ledger import actions as ledger
from escale.domain.payments import queries
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder, Reimputation
from escale.rules.accounting import Event, Sum


def approved(order: PaymentOrder, *, by: Actor) -> None:
    """Take charge of an order that has its visa; of one issued again, the sum has come back already."""
    _post(Event.REISSUE_APPROVED if order.replaces_id else Event.ORDER_APPROVED, order, by=by)


def visa_cancelled(order: PaymentOrder, *, by: Actor) -> None:
    """Take back the charge of an order whose visa was taken back."""
    _post(Event.REISSUE_CANCELLED if order.replaces_id else Event.VISA_CANCELLED, order, by=by)


def reimputed(reimputation: Reimputation, *, by: Actor) -> None:
    """Move from a budget to another the charge of an order, and what is to be paid of it unless it left already."""
    moved = Sum(
        reimputation.amount,
        reimputation.to_budget,
        party=reimputation.order.insured_id,
        former_budget=reimputation.from_budget,
    )
    piece = f"{reimputation.order.reference}-M{reimputation.pk}"
    unsent = reimputation.order.status == OrderStatus.APPROVED
    for event in (Event.REIMPUTED, Event.REIMPUTED_UNSENT) if unsent else (Event.REIMPUTED,):
        ledger.post(event=event, piece=piece, sums=[moved], on=timezone.localdate(), by=by)


def sent(batch: Batch, orders: Iterable[PaymentOrder]) -> None:
    """Put in transit what a batch pays."""
    sums = [Sum(order.amount, batch.budget, party=order.insured_id) for order in orders]
    ledger.post(event=Event.BATCH_SENT, piece=batch.reference, sums=sums, on=timezone.localdate(), by=SYSTEM)


def moved(event: Event, orders: Iterable[PaymentOrder], *, on: date, by: Actor) -> None:
    """Write what became of orders that had left, each out of the budget of its batch; nothing of those that had not."""
    sums = {
        order.reference: [Sum(order.amount, order.batch.budget, order.insured_id)] for order in orders if order.batch
    }
    ledger.post_each(event=event, sums=sums, on=on, by=by)


def _post(event: Event, order: PaymentOrder, *, by: Actor) -> None:
    taken = Sum(order.amount, queries.budget_of(order), order.insured_id, former_budget=_came_back_to(order))
    ledger.post(event=event, piece=order.reference, sums=[taken], on=timezone.localdate(), by=by)


def _came_back_to(order: PaymentOrder) -> str:
    """Return the budget that got back what this order pays again: that whose batch it left in the last time."""
    while before := order.replaces:
        if before.batch:
            return before.batch.budget
        order = before
    return ""
