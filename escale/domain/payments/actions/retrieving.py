"""How a batch that the bank has, and that a database put back in time forgot, is known again: from its own file."""

from functools import partial
from typing import BinaryIO

from django.db import transaction

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries as documents
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.actions.sending import send_batch
from escale.domain.payments.bank_folder import unknown_batches
from escale.domain.payments.models import Batch, PaymentOrder
from escale.gateways import bank

_CHUNK = 1 << 20


class NotRetrieved(Exception):
    """This batch cannot be known again from this file; the message says why, in French."""


@transaction.atomic
def retrieve_batch(*, file: BinaryIO) -> Batch:
    """
    Know again a batch that left: its orders are transmitted, and what the bank tells of them is heard as ever.

    Nothing is shown to the bank a second time: the proof of what was laid before it has to be that of this file.

    :raises NotRetrieved: if it did not leave, is known, or if one of its orders is not here as it left, with its visa.
    """
    wait_for_others()
    try:
        written = bank.written(file)
    except ValueError as fault:
        raise NotRetrieved("Ce n’est pas un fichier de virements.") from fault
    if written.batch_id not in unknown_batches():
        raise NotRetrieved("Ce lot est connu ici, ou rien ne prouve que la banque l’a.")
    orders = _as_they_left(written)
    budgets = {order.borne_by for order in orders}
    if len(budgets) != 1:
        raise NotRetrieved("Les ordres de ce lot ne sont plus d’un même budget.")
    file.seek(0)
    stored = documents.vault().put(iter(partial(file.read, _CHUNK), b""))
    batch = Batch.open(
        by=SYSTEM,
        reference=written.batch_id,
        budget=budgets.pop(),
        execution_on=written.execution_on,
        count=len(orders),
        total=sum(order.amount for order in orders),
        key=stored.key,
        size=stored.size,
        sha256=stored.sha256,
        prepared_at=written.created_at,
        sent_at=written.created_at,
    )
    PaymentOrder.objects.filter(pk__in=[order.pk for order in orders]).update(batch=batch)
    try:
        send_batch(batch=batch)
    except FileExistsError as other:
        raise NotRetrieved("Ce fichier n’est pas celui que la banque a.") from other
    return batch


def _as_they_left(written: bank.Written) -> list[PaymentOrder]:
    """Hold the orders of a file; each has its visa, and asks what the file asked."""
    named = [asked.end_to_end_id for asked in written.transfers]
    waiting = PaymentOrder.objects.to_send().filter(reference__in=named).saying_budget()
    found = {order.reference: order for order in waiting.select_for_update(of=("self",))}
    for asked in written.transfers:
        order = found.get(asked.end_to_end_id)
        if order is None or (order.amount, order.legible_iban) != (asked.amount, asked.iban):
            raise NotRetrieved(f"L’ordre {asked.end_to_end_id} n’est pas ici tel qu’il est parti, avec son visa.")
    return list(found.values())
