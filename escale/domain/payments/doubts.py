"""What keeps an order from being paid: the bank may have paid it already, or what it replaces."""

from collections.abc import Collection

from django.db.models import Q

from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Discrepancy, Outcome, PaymentOrder
from escale.domain.payments.models.orders import PaymentOrderQuerySet

UNRECONCILED = (
    "Un écart sur ce virement, ou sur un virement qu’il remplace, attend d’être rapproché : "
    "la banque l’a peut-être payé."
)
PAID_BEFORE = "Le virement que cet ordre remplace est payé, ou en chemin : refusez le visa de celui-ci."
_NOT_BACK = {OrderStatus.SENT, OrderStatus.EXECUTED}


def doubts(orders: Collection[int]) -> dict[int, str]:
    """Return why some of these orders, by their keys, may not be paid now, for what each replaces or for its batch."""
    waiting = Discrepancy.objects.open().values_list("order", "event__order", "event__batch")
    told = {found or named for found, named, _ in waiting} - {None}
    whole = {batch for found, named, batch in waiting if not (found or named)} - {None}
    found: dict[int, str] = {}
    standing_for: dict[int, set[int]] = {key: {key} for key in orders}
    first = True
    while standing_for:
        rows = PaymentOrder.objects.filter(pk__in=standing_for).values_list("pk", "replaces", "batch", "status")
        above: dict[int, set[int]] = {}
        for pk, replaces, batch, status in rows:
            why = UNRECONCILED if pk in told or batch in whole else ""
            why = PAID_BEFORE if not first and status in _NOT_BACK else why
            found |= dict.fromkeys(standing_for[pk] - found.keys(), why) if why else {}
            if replaces:
                above.setdefault(replaces, set()).update(standing_for[pk])
        standing_for, first = above, False
    return found


def in_doubt(orders: PaymentOrderQuerySet) -> set[int]:
    """Return the keys of those of these orders, none of which has left yet, that may not be paid now."""
    suspects = orders.order_by().filter(Q(replaces__isnull=False) | Q(bank_events__outcome=Outcome.APART))
    return set(doubts(suspects.values_list("pk", flat=True)))


def doubt(order: PaymentOrder) -> str:
    """Return why this order may not be paid now, in French; nothing if it may."""
    return doubts([order.pk]).get(order.pk, "")
