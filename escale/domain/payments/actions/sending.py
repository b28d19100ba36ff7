"""How a batch leaves: laid before the bank once, whatever stops in between, or given up for good."""

from collections.abc import Iterator
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.documents import queries as documents
from escale.domain.payments.actions import posting
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.bank_folder import file_of
from escale.domain.payments.doubts import DAY_PAST, GIVEN_UP, held_back
from escale.domain.payments.models import BankEvent, Batch, PaymentOrder
from escale.gateways import outbox
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def send_batch(*, batch: Batch) -> None:
    """
    Lay the file of a batch before the bank, unless it is there already, waits for its signature or is held back.

    The same bytes go under the same name: what was cut short may be done again, and is, whatever was doubted since.
    """
    wait_for_others()  # what the bank tells of its orders is heard before, or after
    batch.lock()
    if not batch.is_leaving:
        return
    if held_back(batch) and not outbox.was_shown(*file_of(batch)):
        return
    outbox.deliver(*file_of(batch), as_prepared(batch))
    count_as_sent(batch, "send", by=SYSTEM)


def count_as_sent(batch: Batch, step: str, *, by: Actor) -> None:
    """Say by this step that a batch is transmitted: its orders leave with it, and what it pays is in transit."""
    batch.sent_at = batch.sent_at or timezone.now()
    batch.save(update_fields=["sent_at"])
    batch.advance(step, by=by)
    PaymentOrder.advance_all(batch.orders.all(), "send", by=SYSTEM)
    posting.sent(batch, batch.orders.only("amount", "batch", "insured").order_by("pk").iterator())


def send_what_waited() -> None:
    """
    Send the batches that were held back and no longer are, give up those that never will be; none stops the others.

    :raises ExceptionGroup: if some could not be sent.
    """
    faults = []
    for batch in Batch.objects.to_leave():
        try:
            if held_back(batch) in {DAY_PAST, GIVEN_UP} and not outbox.was_shown(*file_of(batch)):
                withdraw(batch=batch, by=SYSTEM)
            else:
                send_batch(batch=batch)
        except StepRefused:
            continue  # the bank speaks of it: a person has to look
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("batches that could not be sent", faults)


@transaction.atomic
def withdraw(*, batch: Batch, by: Actor) -> None:
    """
    Give up a batch that waits for its signature, is held back or is made by hand: its orders keep their visa, and leave
    in another.

    :raises StepRefused: if it leaves by itself, or if the bank has it: a sender may have died before saying so.
    """
    wait_for_others()
    batch.lock()
    if batch.may_leave and not batch.by_hand and not held_back(batch):
        raise StepRefused("Ce lot part de lui-même : il ne peut plus être abandonné.")
    if BankEvent.objects.filter(batch=batch).exists():
        raise StepRefused("La banque a déjà répondu de ce lot : rapprochez ce qu’elle en dit.")
    batch.advance("withdraw", by=by)
    batch.orders.update(batch=None)
    if batch.by_hand:
        return
    try:
        outbox.give_up(*file_of(batch))
    except FileExistsError as shown:
        raise StepRefused("Le fichier de ce lot est à la banque : il ne peut plus être abandonné.") from shown


def as_prepared(batch: Batch) -> Iterator[bytes]:
    """Yield the file of a batch, and stop before its end if it is not the one that was prepared and signed."""
    digest = sha256()
    for chunk in documents.vault().chunks(batch.key):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != batch.sha256:
        raise ValueError(f"{batch}: its file is not the one that was prepared")
