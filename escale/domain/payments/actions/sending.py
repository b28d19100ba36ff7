"""How a batch leaves: laid before the bank once, whatever stops in between."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries as documents
from escale.domain.payments.actions import posting
from escale.domain.payments.models import Batch, PaymentOrder
from escale.gateways import bank


@transaction.atomic
def send_batch(*, batch: Batch) -> None:
    """
    Lay the file of a batch before the bank, unless it is there already or waits for its signature.

    The same bytes go under the same name: what was cut short may be done again.
    """
    batch.lock()
    if "send" not in batch.steps_open_to(SYSTEM) or not batch.may_leave:
        return
    bank.deliver(Path(settings.BANK_FOLDER), f"{batch.reference}.xml", documents.vault().chunks(batch.key))
    batch.sent_at = timezone.now()
    batch.save(update_fields=["sent_at"])
    batch.advance("send", by=SYSTEM)
    PaymentOrder.advance_all(batch.orders.all(), "send", by=SYSTEM)
    posting.sent(batch, batch.orders.only("amount", "insured").order_by("pk").iterator())
