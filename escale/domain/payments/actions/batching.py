"""How orders leave together: a batch out of one budget, written once, signed by somebody else over a threshold."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.documents import queries as documents
from escale.domain.payments import accounts, queries
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.doubts import DAY_PAST, in_doubt
from escale.domain.payments.models import Batch, PaymentOrder
from escale.gateways import bank
from escale.gateways.vault import Stored
from escale.rules import parameters
from escale.rules.lifecycle import StepRefused

MOST_IN_A_BATCH = 100_000
_AT_ONCE = 2_000
_CHUNK = 1 << 20


class NothingToSend(Exception):
    """No order with a visa waits to be sent."""


@transaction.atomic
def prepare_batch(*, by: Actor, budget: str = "") -> Batch:
    """
    Write into one file the orders of a budget that have the visa; of the one that waits longest unless it is said.

    It leaves by itself, once a second person has signed it if its total wants so. What pays somebody close to the
    accountant is left for another to send; what the bank may have paid already waits, and an account just changed. What
    the bank would refuse stays, and stops nobody else's payment.

    :raises NothingToSend: if there is none.
    :raises bank.InvalidBatch: if the bank would refuse the file, or each of its transfers.
    """
    wait_for_others()  # what the bank tells of these orders is heard before, or after
    waiting = PaymentOrder.objects.to_send_by(by)
    waiting = accounts.payable(waiting.exclude(pk__in=in_doubt(waiting)), today=timezone.localdate())
    first = (waiting.out_of(budget) if budget else waiting.saying_budget()).first()
    if first is None:
        raise NothingToSend
    chosen = waiting.out_of(first.borne_by).select_for_update(of=("self",))
    held = list(chosen.values_list("pk", flat=True)[:MOST_IN_A_BATCH])
    kept = _still_borne_by(first.borne_by, held)
    if not kept:  # another batch took them, or another budget, while this one waited
        raise NothingToSend
    orders = PaymentOrder.objects.filter(pk__in=kept)
    now = timezone.now()
    reference, execution_on = Batch.new_reference(now), bank.execution_day(timezone.localdate(now))
    head: dict[str, Any] = {"batch_id": reference, "created_at": now, "execution_on": execution_on}
    try:
        stored = _written(orders, first.borne_by, **head)
    except bank.InvalidBatch:
        sound = _sound(orders)
        if len(sound) in {0, len(kept)}:
            raise
        orders = PaymentOrder.objects.filter(pk__in=sound)
        stored = _written(orders, first.borne_by, **head)
    return open_over(
        stored, orders, reference=reference, budget=first.borne_by, execution_on=execution_on, at=now, by=by
    )


def open_over(
    stored: Stored,
    orders: QuerySet[PaymentOrder],
    *,
    reference: str,
    budget: str,
    execution_on: date,
    at: datetime,
    by: Actor,
    by_hand: bool = False,
) -> Batch:
    """Open the batch of a file that is written, and put these orders in it: it is signed over a sum, or if by hand."""
    count, total = _summed(orders)
    threshold = parameters.value("batch_signature_euros", on=timezone.localdate(at))
    batch = Batch.open(
        by=by,
        reference=reference,
        budget=budget,
        execution_on=execution_on,
        count=count,
        total=total,
        key=stored.key,
        size=stored.size,
        sha256=stored.sha256,
        prepared_by=by.account,
        prepared_at=at,
        by_hand=by_hand,
        wants_signature=by_hand or total >= threshold,
    )
    orders.update(batch=batch)
    return batch


@transaction.atomic
def sign(*, batch: Batch, by: Actor) -> None:
    """
    Sign a batch whose total wants a second person: it then leaves for the bank by itself.

    :raises StepRefused: if it wants none, if its day is past, if one of its orders may be paid already, or if this
        person prepared it, proposed, ordered or approved what it pays, noted or accepted the account, or is close to
        somebody whom it pays.
    """
    wait_for_others()
    batch.lock()
    if not batch.wants_signature:
        raise StepRefused("Ce lot part sans seconde signature.")
    if batch.belongs_to(by.signatory):
        raise StepRefused(
            "Vous avez préparé ce lot, ou proposé, ordonné ou visé ce qu’il paie, ou vérifié un compte payé : une "
            "autre personne le signe."
        )
    if batch.execution_on <= timezone.localdate() and not batch.by_hand:
        raise StepRefused(DAY_PAST)
    if in_doubt(PaymentOrder.objects.filter(batch=batch)):
        raise StepRefused("La banque a peut-être déjà payé un de ces ordres : abandonnez ce lot.")
    if accounts.denied(PaymentOrder.objects.filter(batch=batch)).exists():
        raise StepRefused(accounts.DENIED_IN_BATCH)
    batch.signed_by, batch.signed_at = by.account, timezone.now()
    batch.save(update_fields=["signed_by", "signed_at"])
    batch.advance("sign", by=by)


def _still_borne_by(budget: str, held: list[int]) -> list[int]:
    """Keep, of orders that are held, those that no other budget took while one waited to hold them."""
    return list(PaymentOrder.objects.filter(pk__in=held).out_of(budget).values_list("pk", flat=True))


def _summed(orders: QuerySet[PaymentOrder]) -> tuple[int, Decimal]:
    summed = orders.aggregate(count=Count("pk"), total=Sum("amount"))
    return summed["count"], summed["total"]


def _sound(orders: QuerySet[PaymentOrder]) -> list[int]:
    """Return the keys of the orders that the bank would take."""
    return [pk for pk, transfer in _transfers(orders) if not bank.faults(transfer)]


def _transfers(orders: QuerySet[PaymentOrder]) -> Iterator[tuple[int, bank.Transfer]]:
    """Yield what each order asks of the bank, some in memory at a time; without the IBAN if it is not the one shown."""
    sealed = orders.order_by("pk").only("reference", "amount", "holder", "iban_digest", "iban_sealed", "masked_iban")
    for order in sealed.iterator(_AT_ONCE):
        yield (
            order.pk,
            bank.Transfer(order.reference, order.amount, order.holder, order.iban_as_shown, order.reference),
        )


def _written(orders: QuerySet[PaymentOrder], budget: str, *, execution_on: date, **head: Any) -> Stored:
    """Write the file of a batch into the vault."""
    count, total = _summed(orders)
    with tempfile.TemporaryFile() as file:
        bank.write_credit_transfers(
            file,
            execution_on=execution_on,
            debtor=queries.debtor(budget, on=execution_on),
            transfers=(transfer for _pk, transfer in _transfers(orders)),
            count=count,
            total=total,
            **head,
        )
        file.seek(0)
        return documents.vault().put(iter(partial(file.read, _CHUNK), b""))
