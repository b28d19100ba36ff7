"""What the accountant answers to an order: the visa, or a refusal with its reason."""

from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter

from django.db import transaction

from escale.domain.accounts.actor import Actor
from escale.domain.payments import accounts, queries
from escale.domain.payments.actions import posting
from escale.domain.payments.doubts import doubts
from escale.domain.payments.filters import Filters
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def visa(*, orders: Iterable[PaymentOrder], by: Actor) -> None:
    """
    Approve these orders, all or none.

    :raises StepRefused: if one is no longer to be approved, was given by the same person, or may be paid already.
    """
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
    found = queries.at_once(actor=by, filters=filters).select_for_update(of=("self",))
    orders = list(found)
    if (len(orders), sum((order.amount for order in orders), Decimal(0))) != (count, total):
        raise StepRefused("La liste a changé entre-temps : vérifiez le nombre et le total avant de viser.")
    visa(orders=orders, by=by)


@transaction.atomic
def reject(*, order: PaymentOrder, reason: str, by: Actor) -> None:
    """
    Refuse the visa, or take it back while the order is in no batch, with a reason that goes back to the agent.

    :raises StepRefused: if it is too late, or not for this person to decide.
    """
    order.lock()
    if order.batch_id:
        raise StepRefused("Cet ordre est déjà dans un lot : il ne peut plus être refusé.")
    given = order.status == OrderStatus.APPROVED
    order.advance("reject", by=by)
    order.rejection = reason
    order.save(update_fields=["rejection"])
    if given:
        posting.visa_cancelled(order, by=by)
