"""What a fact of the bank was, that nothing here explained: one accountant says it, another confirms it."""

from collections import defaultdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.ledger import actions as ledger
from escale.domain.payments import queries
from escale.domain.payments.actions import entering
from escale.domain.payments.actions.hearing import hear_sums_again, told_before
from escale.domain.payments.actions.returning import wait_for_others
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Discrepancy, PaymentOrder
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.gateways.bank import What
from escale.rules import reconciling
from escale.rules.accounting import Event, Sum
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import CannotBe, Nature, Verdict
from escale.rules.settling import Contradiction, Standing

_STANDS_THERE = "Cet ordre en est déjà là : passez ce mouvement en écriture, ou dites qu’il est déjà compté."
SAID_SINCE = "L’explication a changé entre-temps : relisez-la avant de confirmer."


@transaction.atomic
def explain(
    *,
    discrepancy: Discrepancy,
    verdict: Verdict,
    words: str,
    by: Actor,
    order: PaymentOrder | None = None,
    on: date | None = None,
    nature: Nature | None = None,
) -> None:
    """
    Say what a fact of the bank was: what moves an order or the ledger, another accountant confirms; else it is done.

    `order`: which it concerns, where the bank names none; `on`: the day when the bank paid, or gave back; `nature`: of
    what comes of no order and is to be entered in the ledger.
    :raises Unacceptable: without a word, without the day, or if this cannot have become of these orders.
    :raises StepRefused: if somebody did it meanwhile, or if it concerns somebody close.
    """
    discrepancy.lock()
    discrepancy.order = discrepancy.event.order or order
    discrepancy.verdict, discrepancy.words, discrepancy.found_on = verdict, words.strip(), on
    discrepancy.nature = nature or ""
    _check(discrepancy)
    fields = ["order", "verdict", "words", "found_on", "nature"]
    if verdict != Verdict.ENTRY and not discrepancy.event.moved and not discrepancy.concerned.exists():
        discrepancy.save(update_fields=fields)
        _close(discrepancy, by=by)
        return
    discrepancy.save(update_fields=fields)
    discrepancy.advance("propose", by=by)
    discrepancy.proposed_by = by.signatory
    discrepancy.save(update_fields=["proposed_by"])


@transaction.atomic
def reconcile(*, discrepancy: Discrepancy, by: Actor) -> None:
    """
    Confirm what another accountant said of a fact: the orders that it concerns take their step, the ledger is told.

    :raises StepRefused: if nobody said it, if the same person did, if something else was said since it was read, if it
        concerns somebody close, or if the orders have changed since.
    """
    read = discrepancy.explanation
    wait_for_others()
    discrepancy.lock()
    if not discrepancy.proposed_by_id:
        raise StepRefused("Personne n’a encore dit ce qu’était cet écart.")
    if discrepancy.explanation != read:
        raise StepRefused(SAID_SINCE)
    try:
        _move(discrepancy, by=by)
    except CannotBe as fault:
        raise StepRefused(str(fault)) from fault
    _close(discrepancy, by=by)
    if discrepancy.verdict == Verdict.UNPAID:
        batches = discrepancy.concerned.values_list("batch", flat=True)
        hear_sums_again({*batches})


@transaction.atomic
def contest(*, discrepancy: Discrepancy, by: Actor) -> None:
    """
    Have what was said of a fact be looked at anew; whoever said it may take it back so.

    :raises StepRefused: if nobody said it, or if it is confirmed.
    """
    discrepancy.lock()
    discrepancy.advance("contest", by=by)
    discrepancy.proposed_by, discrepancy.order = None, None
    discrepancy.save(update_fields=["proposed_by", "order"])


def _check(discrepancy: Discrepancy) -> None:
    verdict, on, today = Verdict(discrepancy.verdict), discrepancy.found_on, timezone.localdate()
    if not discrepancy.words:
        raise Unacceptable({"words": "Dites ce que vous avez trouvé, et ce qui a été fait."})
    if verdict == Verdict.NOTHING:
        return
    if verdict == Verdict.ENTRY:
        entering.check(discrepancy)
        return
    if verdict != Verdict.UNPAID and (on is None or on > today):
        raise Unacceptable({"on": "Donnez le jour, aujourd’hui au plus tard, que la banque a confirmé."})
    concerned = list(discrepancy.concerned.select_related("batch"))
    one_unnamed = discrepancy.order_id is None and discrepancy.event.end_to_end_id
    if not concerned or one_unnamed:
        raise Unacceptable({"reference": "Donnez la référence de l’ordre que ce fait concerne."})
    if discrepancy.event.batch_id and any(one.batch_id != discrepancy.event.batch_id for one in concerned):
        raise Unacceptable({"reference": "Cet ordre n’est pas du lot dont la banque parle."})
    if on and any(one.batch and one.batch.sent_at and on < timezone.localdate(one.batch.sent_at) for one in concerned):
        raise Unacceptable({"on": "Ce jour est avant celui où l’ordre a été transmis à la banque."})
    try:
        to_post = [reconciling.posted(Standing(one.status), verdict, booked=True) for one in _to_move(discrepancy)]
    except CannotBe as fault:
        raise Unacceptable({"verdict": str(fault)}) from fault
    if not any(to_post) and queries.natures_of(discrepancy):
        raise Unacceptable({"verdict": _STANDS_THERE})


def _close(discrepancy: Discrepancy, *, by: Actor) -> None:
    discrepancy.reconciled_by, discrepancy.reconciled_at = by.signatory, timezone.now()
    if discrepancy.proposed_by_id == by.signatory.pk:
        raise StepRefused("Une autre personne confirme ce que vous avez trouvé.")
    discrepancy.save(update_fields=["reconciled_by", "reconciled_at"])
    discrepancy.advance("reconcile", by=by)


def _to_move(discrepancy: Discrepancy) -> PaymentOrderQuerySet:
    """Return the one order, or those of a batch of which nothing else was told; not those that the bank named alone."""
    concerned, event = discrepancy.concerned, discrepancy.event
    if discrepancy.order_id or event.order_id or event.batch is None:
        return concerned
    if discrepancy.why == Contradiction.REJECTED_THEN_PAID and discrepancy.verdict == Verdict.EXECUTED:
        return concerned.filter(status__in=[OrderStatus.SENT, OrderStatus.UNPAID])
    if event.batch.status == BatchStatus.REFUSED:
        return concerned.exclude(bank_events__what=What.REJECTED).filter(
            status__in=[OrderStatus.SENT, OrderStatus.UNPAID]
        )
    if discrepancy.verdict == Verdict.RETURNED:
        return concerned.filter(status__in=[OrderStatus.SENT, OrderStatus.EXECUTED])
    return concerned.filter(status=OrderStatus.SENT)


def _move(discrepancy: Discrepancy, *, by: Actor) -> None:
    verdict = Verdict(discrepancy.verdict)
    if verdict == Verdict.NOTHING:
        return
    if verdict == Verdict.ENTRY:
        entering.enter(discrepancy, by=by)
        return
    keys = list(_to_move(discrepancy).values_list("pk", flat=True))
    held = list(
        PaymentOrder.objects.select_for_update(of=("self",)).select_related("batch").filter(pk__in=keys).order_by("pk")
    )
    before = told_before(held)
    moved, sums = [], defaultdict[Event, list[Sum]](list)
    for order in held:
        booked = any(heard.what == What.BOOKED for heard in before[order.pk])
        for event in reconciling.posted(Standing(order.status), verdict, booked=booked):
            assert order.batch, "what was not transmitted has nothing to post"
            sums[event].append(Sum(order.amount, order.batch.budget, order.insured_id))
            moved.append(order.pk)
    orders = PaymentOrder.objects.filter(pk__in=moved)
    if verdict == Verdict.EXECUTED:
        orders.update(paid_on=discrepancy.found_on)
    PaymentOrder.advance_all(orders, reconciling.STEPS[verdict], by=by)
    if verdict != Verdict.EXECUTED:
        orders.update(paid_on=None)
    on = discrepancy.found_on or timezone.localdate()
    for event, parts in sums.items():
        ledger.post(event=event, piece=discrepancy.piece, sums=parts, on=on, by=by)
    if verdict != Verdict.UNPAID:
        entering.enter_difference(discrepancy, on=on, by=by)
