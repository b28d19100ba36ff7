"""How a batch leaves: laid before the bank once, whatever stops in between."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries as documents
from escale.domain.payments.actions import posting
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.doubts import held_back
from escale.domain.payments.models import Batch, PaymentOrder
from escale.gateways import outbox


@transaction.atomic
def send_batch(*, batch: Batch) -> None:
    """
    Lay the file of a batch before the bank, unless it is there already, waits for its signature or is held back.

    The same bytes go under the same name: what was cut short may be done again, and is, whatever was doubted since.
    """
    wait_for_others()  # what the bank tells of its orders is heard before, or after
    batch.lock()
    if "send" not in batch.steps_open_to(SYSTEM) or not batch.may_leave:
        return
    if held_back(batch) and not outbox.was_shown(*file_of(batch)):
        return
    outbox.deliver(*file_of(batch), _as_prepared(batch))
    batch.sent_at = timezone.now()
    batch.save(update_fields=["sent_at"])
    batch.advance("send", by=SYSTEM)
    PaymentOrder.advance_all(batch.orders.all(), "send", by=SYSTEM)
    posting.sent(batch, batch.orders.only("amount", "batch", "insured").order_by("pk").iterator())


def send_what_waited() -> None:
    """Send the batches that were held back and no longer are."""
    for batch in Batch.objects.to_leave():
        send_batch(batch=batch)


def _as_prepared(batch: Batch) -> Iterator[bytes]:
    """Yield the file of a batch, and stop before its end if it is not the one that was prepared and signed."""
    digest = sha256()
    for chunk in documents.vault().chunks(batch.key):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != batch.sha256:
        raise ValueError(f"{batch}: its file is not the one that was prepared")


def file_of(batch: Batch) -> tuple[Path, str]:
    """Return the folder from which the bank takes the file of a batch, and its name."""
    return Path(settings.BANK_FOLDER), f"{batch.reference}.xml"
