"""What a person makes of what came back: order it again to another account, or say what a fact of the bank was."""

import re

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.payments import queries
from escale.domain.payments.actions.ordering import NotPayable
from escale.domain.payments.models import Discrepancy, PaymentLine, PaymentOrder
from escale.domain.registry import queries as registry
from escale.gateways import bank
from escale.rules.lifecycle import StepRefused

_RANK = re.compile(r"-R(\d+)$")


@transaction.atomic
def reissue(*, order: PaymentOrder, by: Actor) -> PaymentOrder:
    """
    Order again what came back, to the account known today: once for each order; asked twice, it is done once.

    Whoever ordered it has still ordered it; the visa is given anew, to the other account.

    :raises StepRefused: if it did not come back, if what the bank said of it is not reconciled, or if no account is
        known that the bank would take.
    :raises NotPayable: if the bank would refuse the transfer.
    """
    order.lock()
    if again := PaymentOrder.objects.filter(replaces=order).first():
        return again
    today = timezone.localdate()
    if why := queries.why_not_reissued(order, today=today):
        raise StepRefused(why)
    order.advance("reissue", by=by)
    account = registry.bank_account(order.insured, on=today)
    assert account, "asked just before"
    reference = _next_reference(order)
    if faults := bank.faults(bank.Transfer(reference, order.amount, account.holder, account.iban, reference)):
        raise NotPayable(" ".join(faults))
    again = PaymentOrder.open(
        by=by,
        insured=order.insured,
        amount=order.amount,
        budget=queries.budget_of(order),
        budget_year=order.budget_year,
        reference=reference,
        holder=account.holder,
        iban=account.iban,
        ordered_by=order.ordered_by,
        proposed_by=order.proposed_by,
        replaces=order,
    )
    parts = order.lines.order_by("pk").values("benefit", "legal_basis", "label", "amount")
    PaymentLine.objects.bulk_create(PaymentLine(order=again, **part) for part in parts)
    return again


@transaction.atomic
def reconcile(*, discrepancy: Discrepancy, words: str, by: Actor) -> None:
    """
    Say what a fact of the bank was, that nothing here explained.

    :raises Unacceptable: without a word of explanation.
    :raises StepRefused: if somebody did it meanwhile, or if it concerns somebody close.
    """
    if not words.strip():
        raise Unacceptable({"words": "Dites ce que vous avez trouvé, et ce qui a été fait."})
    discrepancy.lock()
    discrepancy.words, discrepancy.reconciled_by, discrepancy.reconciled_at = words, by.signatory, timezone.now()
    discrepancy.save(update_fields=["words", "reconciled_by", "reconciled_at"])
    discrepancy.advance("reconcile", by=by)


def _next_reference(order: PaymentOrder) -> str:
    """Return the reference of what follows an order: no two transfers ever bear the same."""
    rank = _RANK.search(order.reference)
    return f"{_RANK.sub('', order.reference)}-R{int(rank[1]) + 1 if rank else 2}"
