"""What the bank gets, and what it does with it."""

from datetime import date

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries as of_documents
from escale.domain.payments.models import Batch


def executed(batch: Batch, *, on: date | None = None) -> None:
    """Have the bank execute a batch that left, on the day that was asked of it unless told otherwise."""
    for order in batch.orders.all():
        order.paid_on = on or batch.execution_on
        order.save(update_fields=["paid_on"])
        order.advance("execute", by=SYSTEM)


def file_of(batch: Batch) -> bytes:
    """What a batch says to the bank."""
    return b"".join(of_documents.vault().chunks(batch.key))
