"""What the accountant answers to an order: the visa, or a refusal with its reason."""

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from operator import attrgetter

from django.db import transaction

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.payments import accounts, queries
from escale.domain.payments.actions import posting
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.bank_folder import unknown_batches
from escale.domain.payments.doubts import UNKNOWN_BATCHES, UNRECONCILED, doubt, doubts
from escale.domain.payments.filters import Filters
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.rules.lifecycle import StepRefused

DENIED_SINCE = "La personne à payer dit que ce compte n’est pas d’elle."


@transaction.atomic
def visa(*, orders: Iterable[PaymentOrder], by: Actor) -> None:
    """
    Approve these orders, all or none.

    :raises StepRefused: if one is no longer to be approved, was given by the same person, or may be paid already.
    """
    wait_for_others()  # what the bank tells of these orders is heard before, or after
    orders = list(orders)
    if why := next(iter(doubts([order.pk for order in orders]).values()), ""):
        raise StepRefused(why)
    if accounts.denied(PaymentOrder.objects.filter(pk__in=[order.pk for order in orders])).exists():
        raise StepRefused(accounts.DENIED)
    for order in sorted(orders, key=attrgetter("pk")):  # two who approve the same wait in the same turn
        order.advance("visa", by=by)
        order.approved_by = by.account
        order.save(update_fields=["approved_by"])
        posting.approved(order, by=by)


@transaction.atomic
def visa_all(*, filters: Filters, count: int, total: Decimal, by: Actor) -> None:
    """
    Approve the orders that filters keep, all or none: those whose number and sum, in euros, were seen.

    :raises StepRefused: if they are no longer these.
    """
    wait_for_others()  # before any order is held, as whoever hears the bank does
    orders = queries.at_once(actor=by, filters=filters, hold=True)
    if (len(orders), sum((order.amount for order in orders), Decimal(0))) != (count, total):
        raise StepRefused("La liste a changé entre-temps : vérifiez le nombre et le total avant de viser.")
    visa(orders=orders, by=by)


@transaction.atomic
def reject(*, order: PaymentOrder, reason: str, by: Actor) -> None:
    """
    Refuse the visa, or take it back while the order is in no batch, with a reason that goes back to the agent.

    :raises StepRefused: if it is too late, if the bank may have paid it, or if it is not for this person to decide.
    """
    wait_for_others()  # the bank may be telling that it paid it
    order.lock()
    if order.batch_id:
        raise StepRefused("Cet ordre est déjà dans un lot : il ne peut plus être refusé.")
    if not order.replaces_id and doubt(order):
        raise StepRefused(f"{UNRECONCILED} Refusé, il serait décidé de nouveau.")
    if unknown_batches():
        raise StepRefused(UNKNOWN_BATCHES)
    given = order.status == OrderStatus.APPROVED
    order.advance("reject", by=by)
    order.rejection = reason
    order.save(update_fields=["rejection"])
    if given:
        posting.visa_cancelled(order, by=by)


def refuse_denied() -> None:
    """Refuse the visa of what would be paid on an account that was denied: what it paid is decided again."""
    for order in accounts.denied(PaymentOrder.objects.to_refuse()):
        with suppress(StepRefused):  # the bank may have paid it, or it left meanwhile
            reject(order=order, reason=DENIED_SINCE, by=SYSTEM)
