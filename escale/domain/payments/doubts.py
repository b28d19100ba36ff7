"""What keeps an order from being paid: the bank may have paid it already, or what it replaces."""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from escale.domain.payments import accounts
from escale.domain.payments.bank_folder import file_of, unknown_batches
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.gateways import outbox

UNRECONCILED = (
    "Un écart sur ce virement, ou sur un virement qu’il remplace, attend d’être rapproché : "
    "la banque l’a peut-être payé."
)
PAID_BEFORE = "Le virement que cet ordre remplace est payé, ou en chemin : refusez le visa de celui-ci."
DAY_PAST = "Le jour d’exécution demandé est passé : abandonnez ce lot, puis préparez-en un autre."
GIVEN_UP = "L’abandon de ce lot a été interrompu, et il ne partira pas : abandonnez-le de nouveau."
UNKNOWN_BATCHES = (
    "La banque a des lots que cette base ne connaît pas : elle a été restaurée d’une sauvegarde. "
    "Rien ne part, et aucun visa n’est refusé, avant que ce qu’ils payaient soit retrouvé."
)
_NOT_BACK = {OrderStatus.SENT, OrderStatus.EXECUTED}


def doubts(orders: Collection[int]) -> dict[int, str]:
    """Return why some of these orders, by their keys, may not be paid now, for what each replaces or for its batch."""
    return _doubts(orders, *_unreconciled())


def in_doubt(orders: PaymentOrderQuerySet) -> dict[int, str]:
    """Return what `doubts` does of these orders, none of which has left yet, without reading them all."""
    told, whole = _unreconciled()
    suspects = orders.order_by().filter(Q(replaces__isnull=False) | Q(pk__in=told) | Q(batch__in=whole))
    return _doubts(suspects.values_list("pk", flat=True), told, whole)


def doubt(order: PaymentOrder) -> str:
    """Return why this order may not be paid now, in French; nothing if it may."""
    return doubts([order.pk]).get(order.pk, "")


def held_back(batch: Batch) -> str:
    """Return why a batch that waits for no signature does not leave, in French; nothing if it does, or has."""
    if not batch.is_leaving and not batch.is_to_make:
        return ""
    if batch.is_leaving and batch.execution_on < timezone.localdate():
        return DAY_PAST
    if batch.is_leaving and outbox.was_given_up(*file_of(batch)):
        return GIVEN_UP
    if unknown_batches():
        return UNKNOWN_BATCHES
    orders = PaymentOrder.objects.filter(batch=batch)
    if accounts.denied(orders).exists():
        return accounts.DENIED_IN_BATCH
    return next(iter(in_doubt(orders).values()), "")


def _doubts(orders: Collection[int], told: set[int], whole: set[int]) -> dict[int, str]:
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


def _unreconciled() -> tuple[set[int], set[int]]:
    """Return the keys of the orders, and of the whole batches, of which the bank told what nobody has reconciled."""
    waiting = Discrepancy.objects.open().values_list("order", "event__order", "event__batch")
    told = {found or named for found, named, _ in waiting if found or named}
    return told, {batch for found, named, batch in waiting if batch and not (found or named)}
