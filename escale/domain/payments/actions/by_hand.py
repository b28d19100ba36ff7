"""A transfer that no file of SEPA can ask for: on a sheet, signed, then typed by one person in the bank's tool."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.documents import queries as documents
from escale.domain.payments import queries
from escale.domain.payments.actions import posting
from escale.domain.payments.actions.batching import NothingToSend, open_over
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.actions.sending import as_prepared, count_as_sent
from escale.domain.payments.doubts import held_back
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankEvent, Batch, PaymentOrder
from escale.gateways import bank
from escale.gateways.bank import Debtor
from escale.rules import transfer_sheet
from escale.rules.accounting import Event
from escale.rules.lifecycle import StepRefused
from escale.rules.transfer_sheet import Sheet


@transaction.atomic
def prepare_by_hand(*, order: PaymentOrder, by: Actor) -> Batch:
    """
    Write the sheet of a transfer to make by hand, once: another person signs it before anybody makes it.

    :raises NothingToSend: if it has no visa, is in a batch already, waits, is in doubt, or is not for this actor.
    :raises StepRefused: if its number is not legible any more.
    """
    wait_for_others()  # what the bank tells of this order is heard before, or after
    now = timezone.now()
    held = queries.by_hand(actor=by).filter(pk=order.pk).select_for_update(of=("self",)).first()
    if held is None:
        raise NothingToSend
    budget = queries.budget_of(held)  # asked once it is held: another may have moved it meanwhile
    reference, execution_on = Batch.new_reference(now), bank.execution_day(timezone.localdate(now))
    sheet = _sheet(held, batch=reference, debtor=queries.debtor(budget, on=execution_on))
    stored = documents.vault().put(iter([transfer_sheet.text(sheet).encode()]))
    return open_over(
        stored,
        PaymentOrder.objects.filter(pk=held.pk),
        reference=reference,
        budget=budget,
        execution_on=execution_on,
        at=now,
        by=by,
        by_hand=True,
    )


@transaction.atomic
def make(*, batch: Batch, by: Actor) -> None:
    """
    Take the sheet of a transfer, to make it now: it counts as transmitted, and is nobody else's to make.

    Taken twice by the same person, it is taken once.

    :raises StepRefused: if it is not signed, is held back, or is in the hands of somebody else.
    """
    wait_for_others()
    batch.lock()
    if batch.made_by_id == by.signatory.pk:
        return
    if not batch.by_hand or batch.made_by_id:
        raise StepRefused("Ce virement n’est pas à faire à la main, ou une autre personne le fait.")
    if why := held_back(batch):
        raise StepRefused(why)
    batch.made_by = by.signatory
    batch.save(update_fields=["made_by"])
    count_as_sent(batch, "make", by=by)


def lines_of(batch: Batch) -> list[tuple[str, str]]:
    """Return what is to be typed at the bank, as it was signed; raises ValueError if the sheet is another."""
    return transfer_sheet.lines_of(b"".join(as_prepared(batch)).decode())


@transaction.atomic
def note_reference(*, batch: Batch, bank_reference: str, by: Actor) -> None:
    """
    Note under which reference the bank took a transfer made by hand.

    :raises Unacceptable: without it.
    :raises StepRefused: if somebody else made it.
    """
    batch.lock()
    if batch.made_by_id != by.signatory.pk:
        raise StepRefused("Une autre personne fait ce virement.")
    if not bank_reference.strip():
        raise Unacceptable({"bank_reference": "Écrivez la référence que la banque a donnée."})
    batch.bank_reference = bank_reference.strip()
    batch.save(update_fields=["bank_reference"])


@transaction.atomic
def give_up_by_hand(*, batch: Batch, by: Actor) -> None:
    """
    Say that the bank did not take a transfer made by hand: what it paid is still due, and may be ordered again.

    :raises StepRefused: if the bank says anything of it, if its reference is noted, or if it is not on its way.
    """
    wait_for_others()
    batch.lock()
    order = batch.orders.select_for_update(of=("self",)).get()
    told = BankEvent.objects.filter(order=order).exists()
    if not batch.by_hand or order.status != OrderStatus.SENT or told or batch.bank_reference:
        raise StepRefused("La banque a ce virement : attendez ce qu’elle en dit.")
    order.advance("fail", by=by)
    posting.moved(Event.UNPAID, [order], on=timezone.localdate(), by=by)


def _sheet(order: PaymentOrder, *, batch: str, debtor: Debtor) -> Sheet:
    account, number = order.account, order.iban_as_shown
    assert account, "what is made by hand has the account that was noted"
    if not number:
        raise StepRefused(
            "Le numéro de ce compte ne se lit plus : refusez le visa, et faites noter le compte à nouveau."
        )
    return Sheet(
        debtor=f"{debtor.name}, {debtor.iban}",
        amount=order.amount,
        holder=order.holder,
        number=number,
        branch=account.branch,
        bic=account.bic,
        bank=account.bank_name,
        currency=account.currency,
        reference=order.reference,
        batch=batch,
    )
