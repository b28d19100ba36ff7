"""How what the bank tells moves many orders at once: a few statements whatever their number, as one by one would."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.payments.actions import posting
from escale.domain.payments.models import BankEvent, PaymentOrder
from escale.rules.accounting import Event
from escale.rules.settling import Note, Step

POSTED = {
    Step.EXECUTE: Event.EXECUTED, Step.FAIL: Event.UNPAID, Step.RETURN: Event.RETURNED, Note.EXECUTION: Event.EXECUTED,
}  # fmt: skip


def runs(facts: Iterable[BankEvent]) -> Iterator[list[BankEvent]]:
    """Cut facts, in their order, where one has to know what those before it did: on the same order, or on a batch."""
    run: list[BankEvent] = []
    named: set[int] = set()
    for fact in facts:
        of_batch = fact.batch is not None and fact.order is None
        if run and (of_batch or fact.order_id in named):
            yield run
            run, named = [], set()
        run.append(fact)
        if of_batch:
            yield run
            run = []
        elif fact.order_id:
            named.add(fact.order_id)
    if run:
        yield run


def move_all(settled: Iterable[tuple[BankEvent, Step | Note]]) -> None:
    """Have each of these orders, told of once, do what was settled of it, on the day that the bank says."""
    together: dict[tuple[Step | Note, date], list[PaymentOrder]] = defaultdict(list)
    for fact, what in settled:
        assert fact.order, "what moves here is one order"
        together[what, fact.booked_on or timezone.localdate()].append(fact.order)
    for (what, on), orders in together.items():
        _move(orders, what, on=on)


def keep(facts: Sequence[BankEvent]) -> None:
    """Write facts that are new, and of those that waited what came of them."""
    waited = [fact for fact in facts if fact.pk]
    BankEvent.objects.bulk_update(waited, ["order", "batch", "outcome"])
    BankEvent.objects.bulk_create([fact for fact in facts if not fact.pk])


def _move(orders: Sequence[PaymentOrder], settled: Step | Note, *, on: date) -> None:
    moved = PaymentOrder.objects.filter(pk__in=[order.pk for order in orders])
    if settled == Note.ACCEPTANCE:
        moved.filter(accepted_at=None).update(accepted_at=timezone.now())
        return
    if settled == Note.CONFIRMATION:
        return
    if settled == Step.EXECUTE:
        moved.update(paid_on=on)
    if isinstance(settled, Step):
        PaymentOrder.advance_all(moved, settled, by=SYSTEM, in_hand=orders)
    if settled == Step.RETURN:
        moved.update(paid_on=None)  # the day stays in what the bank told: nothing is paid any more
    posting.moved(POSTED[settled], orders, on=on, by=SYSTEM)
