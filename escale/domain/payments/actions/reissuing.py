"""What came back is ordered again, to the account known today."""

from contextlib import suppress
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.payments import queries, reissues
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.models import Batch, PaymentLine, PaymentOrder
from escale.domain.registry import queries as registry
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def reissue_all(*, batch: Batch, count: int, total: Decimal, by: Actor, after: int = 0) -> int:
    """
    Order again what is due, after this key, of a batch that the bank refused whole, if it has the number and the sum,
    in euros, that were seen.

    What cannot be, because its account is changing or a person has to weigh it, stays on the list; return how many are.

    :raises StepRefused: if the list is no longer the one that was seen.
    """
    wait_for_others()  # the bank may be telling of the same orders
    left = list(reissues.left_of(batch, actor=by, after=after))
    if (len(left), sum((order.amount for order in left), Decimal(0))) != (count, total):
        raise StepRefused("La liste a changé entre-temps : vérifiez le nombre et le total.")
    done = 0
    for order in left:
        with suppress(StepRefused, Unacceptable), transaction.atomic():
            reissue(order=order, by=by)
            done += 1
    return done


@transaction.atomic
def reissue(*, order: PaymentOrder, by: Actor, reason: str = "") -> PaymentOrder:
    """
    Order again what came back, to the account known today: once for each order; asked twice, it is done once.

    Whoever ordered it has still ordered it; the visa is given anew, by somebody else than who reissues it.

    :raises Unacceptable: without a reason, where what the bank said wants a person to weigh it.
    :raises StepRefused: if it did not come back, if what the bank said of it is not reconciled, or if no account is
        known that the bank would take.
    """
    order.lock()
    if again := PaymentOrder.objects.filter(replaces=order).first():
        return again
    today = timezone.localdate()
    if why := reissues.why_not_reissued(order, today=today):
        raise StepRefused(why)
    if not reason.strip() and reissues.wants_a_person(order, on=today):
        raise Unacceptable({"reason": "Dites pourquoi il peut être fait de nouveau : une autre personne le visera."})
    order.advance("reissue", by=by)
    account = registry.bank_account(order.insured, on=today)
    assert account, "asked just before"
    again = PaymentOrder.open(
        by=by,
        insured=order.insured,
        amount=order.amount,
        budget=queries.budget_of(order),
        budget_year=order.budget_year,
        reference=reissues.next_reference(order),
        holder=account.holder,
        iban=account.iban,
        account=account,
        ordered_by=order.ordered_by,
        proposed_by=order.proposed_by,
        replaces=order,
        reissued_by=by.account,
        reissue_reason=reason.strip(),
    )
    parts = order.lines.order_by("pk").values("benefit", "legal_basis", "label", "amount")
    PaymentLine.objects.bulk_create(PaymentLine(order=again, **part) for part in parts)
    return again
