"""What is done with the money: order, approve or reject, prepare a batch, send it."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account
from escale.domain.payments.lifecycle import BatchStatus
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson
from escale.gateways import bank
from escale.rules import deadlines, identity
from escale.rules.lifecycle import StepRefused

MOST_IN_A_BATCH = 10_000


class NoBankAccount(Exception):
    """The insured person has no account on which the Fund may pay by SEPA transfer."""


class NotPayable(Exception):
    """The bank would refuse this transfer; the message says why, in French."""


class NothingToSend(Exception):
    """No order with a visa waits to be sent."""


@transaction.atomic
def order(
    *, to: InsuredPerson, amount: Decimal, reference: str, by: Actor, proposed_by: Account | None = None
) -> PaymentOrder:
    """
    Order a payment, that another may have proposed; an accountant who did neither has to give the visa.

    :raises NoBankAccount: if the registry knows no account of this person today within the SEPA zone.
    :raises NotPayable: if the bank would refuse the transfer, which would hold up its whole batch.
    """
    account = registry.bank_account(to, on=timezone.localdate())
    if account is None or not identity.is_sepa(account.iban):
        raise NoBankAccount
    if faults := bank.faults(bank.Transfer(reference, amount, account.holder, account.iban, reference)):
        raise NotPayable(" ".join(faults))
    return PaymentOrder.open(
        by=by,
        insured=to,
        amount=amount,
        reference=reference,
        holder=account.holder,
        iban=account.iban,
        ordered_by=by.account,
        proposed_by=proposed_by,
    )


@transaction.atomic
def visa(*, orders: Iterable[PaymentOrder], by: Actor) -> None:
    """
    Approve these orders, all or none.

    :raises StepRefused: if one is no longer to be approved, or was given by the same person.
    """
    for order in orders:
        order.advance("visa", by=by)


@transaction.atomic
def reject(*, order: PaymentOrder, reason: str, by: Actor) -> None:
    """
    Refuse the visa, or take it back while the order is in no batch, with a reason that goes back to the agent.

    :raises StepRefused: if it is too late, or not for this person to decide.
    """
    order.lock()
    if order.batch_id:
        raise StepRefused("Cet ordre est déjà dans un lot : il ne peut plus être refusé.")
    order.advance("reject", by=by)
    order.rejection = reason
    order.save(update_fields=["rejection"])


@transaction.atomic
def prepare_batch(*, by: Actor) -> Batch:
    """
    Write into one file the orders that have the visa; it then leaves for the bank by itself.

    What pays somebody close to the accountant is left for another to send.

    :raises NothingToSend: if there is none.
    """
    orders = list(PaymentOrder.objects.to_send_by(by).select_for_update(of=("self",))[:MOST_IN_A_BATCH])
    if not orders:
        raise NothingToSend
    now = timezone.now()
    reference = f"{orders[0].reference}-{now:%Y%m%d%H%M%S}"
    execution_on = deadlines.due_on(timezone.localdate(now), working_days=1)
    content = bank.credit_transfers(
        batch_id=reference,
        created_at=now,
        execution_on=execution_on,
        debtor=bank.Debtor(**settings.BANK_DEBTOR),
        transfers=[bank.Transfer(o.reference, o.amount, o.holder, o.iban, o.reference) for o in orders],
    )
    batch = Batch.open(
        by=by,
        reference=reference,
        execution_on=execution_on,
        count=len(orders),
        total=sum((order.amount for order in orders), Decimal(0)),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        prepared_at=now,
    )
    PaymentOrder.objects.filter(pk__in=[order.pk for order in orders]).update(batch=batch)
    return batch


@transaction.atomic
def send_batch(*, batch: Batch) -> None:
    """Lay the file of a batch before the bank, unless it is there already: the same bytes under the same name."""
    batch.lock()
    if batch.status == BatchStatus.SENT:
        return
    bank.deliver(Path(settings.BANK_FOLDER), f"{batch.reference}.xml", bytes(batch.content))
    batch.sent_at = timezone.now()
    batch.save(update_fields=["sent_at"])
    batch.advance("send", by=SYSTEM)
