"""A transfer that no file of SEPA can ask for: on a sheet, signed, then typed by a person in the bank's tool."""

from secrets import token_hex

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.case import Unacceptable
from escale.domain.documents import queries as documents
from escale.domain.payments import queries
from escale.domain.payments.actions import posting
from escale.domain.payments.actions.batching import NothingToSend
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.models import Batch, PaymentOrder
from escale.gateways import bank
from escale.rules import transfer_sheet
from escale.rules.lifecycle import StepRefused
from escale.rules.transfer_sheet import Sheet


@transaction.atomic
def prepare_by_hand(*, order: PaymentOrder, by: Actor) -> Batch:
    """
    Write the sheet of a transfer to make by hand, once: another person signs it before anybody makes it.

    :raises NothingToSend: if it has no visa, is in a batch already, waits, is in doubt, or is not for this actor.
    """
    wait_for_others()  # what the bank tells of this order is heard before, or after
    now = timezone.now()
    ready = queries.by_hand(actor=by).filter(pk=order.pk).saying_budget()
    held = ready.select_for_update(of=("self",)).first()
    if held is None:
        raise NothingToSend
    reference = f"{Batch.PREFIX}{now:%Y%m%d%H%M%S}-{token_hex(3).upper()}"
    stored = documents.vault().put(iter([transfer_sheet.text(sheet(held, batch=reference)).encode()]))
    batch = Batch.open(
        by=by,
        reference=reference,
        budget=held.borne_by,
        by_hand=True,
        execution_on=bank.execution_day(timezone.localdate(now)),
        count=1,
        total=held.amount,
        key=stored.key,
        size=stored.size,
        sha256=stored.sha256,
        prepared_by=by.account,
        prepared_at=now,
        wants_signature=True,
    )
    PaymentOrder.objects.filter(pk=held.pk).update(batch=batch)
    return batch


@transaction.atomic
def transmit(*, batch: Batch, bank_reference: str, by: Actor) -> None:
    """
    Note that a transfer was asked of the bank, by hand, under the reference that its tool gave.

    It is said of what is done, so nothing but its step refuses it: what keeps it from being done hides its sheet.

    :raises Unacceptable: without this reference.
    :raises StepRefused: if it is not signed, not made by hand, or noted already.
    """
    wait_for_others()
    batch.lock()
    if not batch.by_hand:
        raise StepRefused("Ce lot part de lui-même vers la banque.")
    if not bank_reference.strip():
        raise Unacceptable({"bank_reference": "Écrivez la référence que la banque a donnée."})
    batch.bank_reference, batch.sent_at = bank_reference.strip(), timezone.now()
    batch.save(update_fields=["bank_reference", "sent_at"])
    batch.advance("transmit", by=by)
    PaymentOrder.advance_all(batch.orders.all(), "send", by=SYSTEM)
    posting.sent(batch, batch.orders.only("amount", "batch", "insured").order_by("pk").iterator())


def sheet(order: PaymentOrder, *, batch: str) -> Sheet:
    """Return what the bank has to be told of an order made by hand."""
    account = order.account
    assert account, "what is made by hand has the account that was noted"
    return Sheet(
        batch=batch,
        reference=order.reference,
        amount=order.amount,
        holder=order.holder,
        number=order.iban,
        branch=account.branch,
        bank=account.bank_name,
        bic=account.bic,
        currency=account.currency,
    )
