"""How a fact that the bank tells moves an order, or those of a whole batch; what does not fit goes to a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.ledger import actions as ledger
from escale.domain.payments.actions import moving
from escale.domain.payments.lifecycle import UNSETTLED, BatchStatus, DiscrepancyStatus, OrderStatus
from escale.domain.payments.models import BankEvent, Batch, Discrepancy, Outcome, PaymentOrder
from escale.gateways import bank
from escale.rules import bank_returns, identity, settling
from escale.rules.accounting import Sum
from escale.rules.reconciling import Verdict
from escale.rules.settling import BatchWord, Contradiction, Heard, Note, Nothing, Standing, Step, What

_OUTCOMES = {
    Step: Outcome.APPLIED, Note: Outcome.APPLIED, Contradiction: Outcome.APART,
    Nothing.KNOWN: Outcome.KNOWN, Nothing.EARLY: Outcome.EARLY,
}  # fmt: skip

_STRANGE = {bank.What.RECEIVED: Contradiction.RECEIVED, bank.What.UNKNOWN: Contradiction.UNCLEAR}

Before = defaultdict[int, list[Heard]]


def hear(facts: Sequence[BankEvent]) -> None:
    """Hear facts in the order in which they were told, within a transaction during which nobody else hears any."""
    orders = _orders_told_of(facts)
    batches = {batch.reference: batch for batch in Batch.objects.filter(reference__in={fact.about for fact in facts})}
    before = told_before(orders.values())
    for fact in facts:
        fact.order = orders.get(fact.end_to_end_id)
        fact.batch = fact.order.batch if fact.order else batches.get(fact.about)
        if fact.order and not fact.pk:
            fact.words = identity.without_name(fact.words, fact.order.holder)
            if fact.batch and fact.batch.by_hand:
                fact.words = identity.without_number(fact.words, fact.order.legible_iban)
    for run in moving.runs(facts):
        _hear_run([(fact, _settled(fact, before)) for fact in run], orders.values(), before)
    hear_sums_again({fact.batch_id for fact in facts if fact.what == What.REJECTED and fact.outcome == Outcome.APPLIED})


def hear_sums_again(batches: Collection[int | None]) -> None:
    """Hear again what was booked of these batches as a sum that did not fit, now that some of their orders came back.

    Within a transaction during which nobody else hears any: a sum may be told before the rejection that it leaves out,
    of which a person may have told one order.
    """
    one_left_out = Q(status=DiscrepancyStatus.RECONCILED, verdict=Verdict.UNPAID, order__isnull=False)
    waiting = Discrepancy.objects.filter(Q(status__in=sorted(UNSETTLED)) | one_left_out, event__outcome=Outcome.APART)
    told = waiting.filter(event__batch__in=batches, event__order=None, why=Contradiction.AMOUNT).order_by("pk")
    for one in told.select_related("event__batch"):
        settled = _settled(one.event, Before(list))
        if not isinstance(settled, Contradiction):
            _hear_run([(one.event, settled)], [], Before(list))
            if one.status in UNSETTLED:
                one.advance("lift", by=SYSTEM)


def _hear_run(
    run: Sequence[tuple[BankEvent, settling.Outcome]], orders: Collection[PaymentOrder], before: Before
) -> None:
    """Do what was settled of facts that do not depend on each other."""
    followed = [(fact, settled) for fact, settled in run if isinstance(settled, Step | Note)]
    moving.move_all((fact, settled) for fact, settled in followed if fact.order)
    for fact, settled in followed:
        if not fact.order:
            _follow(settled, fact)
        _learn(fact, orders, before)
    for fact, outcome in run:
        fact.outcome = _OUTCOMES.get(outcome) or _OUTCOMES[type(outcome)]
    moving.keep([fact for fact, _ in run])
    for fact, outcome in run:
        if isinstance(outcome, Contradiction):
            Discrepancy.open(by=SYSTEM, event=fact, why=outcome)


def _orders_told_of(facts: Iterable[BankEvent]) -> dict[str, PaymentOrder]:
    """Hold the orders that these facts name, always in the same turn: nobody waits for who waits for them."""
    named = PaymentOrder.objects.filter(reference__in={fact.end_to_end_id for fact in facts if fact.end_to_end_id})
    held = named.select_related("batch").select_for_update(of=("self",)).order_by("pk")
    return {order.reference: order for order in held}


def told_before(orders: Collection[PaymentOrder]) -> Before:
    """Return what was told of each of these orders and applied, or found by a person, by the keys of the orders."""
    told: Before = defaultdict(list)
    of_batches = Q(order=None, batch__in={order.batch_id for order in orders})
    about = Q(order__in=[order.pk for order in orders]) | of_batches
    for fact in BankEvent.objects.filter(about, outcome=Outcome.APPLIED).order_by("pk"):
        _tell(fact, orders, told)
    _add_found(orders, told)
    return told


def _add_found(orders: Collection[PaymentOrder], told: Before) -> None:
    """Add what people found and confirmed: a file that says it again says nothing new; of a batch, where it holds."""
    by_reference = Q(order__in=[order.pk for order in orders]) | Q(event__order__in=[order.pk for order in orders])
    of_batches = Q(order=None, event__order=None, event__batch__in={order.batch_id for order in orders})
    confirmed = Discrepancy.objects.filter(by_reference | of_batches, status=DiscrepancyStatus.RECONCILED)
    for one in confirmed.exclude(verdict__in=["", Verdict.NOTHING]).select_related("event").order_by("pk"):
        named = one.order_id or one.event.order_id
        for order in orders:
            within = not named and one.event.batch_id == order.batch_id and _moved(order, Verdict(one.verdict))
            if named == order.pk and one.verdict == Verdict.ENTRY and one.event.what in set(What):
                told[order.pk].append(_heard(one.event))
            elif named == order.pk or within:
                told[order.pk] += [Heard(What(word), booked_on=on) for word, on in one.found]


def _moved(order: PaymentOrder, verdict: Verdict) -> bool:
    """Tell whether an order may be one of those of its batch that a person's verdict moved."""
    return (order.status == OrderStatus.UNPAID) == (verdict == Verdict.UNPAID)


def _learn(fact: BankEvent, orders: Collection[PaymentOrder], before: Before) -> None:
    """Know from now on what has just been applied, to an order or to those of its batch."""
    if not fact.order:
        for order in orders:
            if order.batch_id == fact.batch_id:
                order.refresh_from_db(fields=["status"])
    _tell(fact, orders, before)


def _tell(fact: BankEvent, orders: Iterable[PaymentOrder], told: Before) -> None:
    """Add what was told: of an order, or of each that was booked within the sum of its batch."""
    if fact.order_id:
        told[fact.order_id].append(_heard(fact))
    elif fact.what == What.BOOKED:
        for order in orders:
            if order.batch_id == fact.batch_id and order.status != OrderStatus.UNPAID:
                told[order.pk].append(Heard(What.BOOKED, booked_on=fact.booked_on))


def _heard(fact: BankEvent) -> Heard:
    currency = fact.currency or settling.EURO
    return Heard(What(fact.what), fact.amount, currency, fact.booked_on, fact.bank_reference, fact.rank, _is_copy(fact))


def _is_copy(fact: BankEvent) -> bool:
    """Tell whether the bank refuses a copy of what it has."""
    return bool(fact.code) and bank_returns.reason(fact.code, on=timezone.localdate()).duplicate


def _settled(fact: BankEvent, before: Before) -> settling.Outcome:
    """Say what comes of a fact, by the tables of the rules."""
    order = fact.order
    if fact.what == bank.What.BALANCE:
        return Nothing.KNOWN
    if not _may_be_booked(fact):
        return Contradiction.DAY
    if order and fact.what in set(What):
        leaving = order.batch is not None and order.batch.may_leave
        return settling.settle(
            Standing(order.status), _heard(fact), amount=order.amount, before=before[order.pk], leaving=leaving
        )
    if fact.batch and not fact.end_to_end_id and fact.what in set(BatchWord):
        return settling.settle_batch(
            BatchWord(fact.what),
            _sums(fact.batch),
            amount=fact.amount,
            currency=fact.currency or settling.EURO,
            refused=fact.batch.status == BatchStatus.REFUSED,
            leaving=fact.batch.may_leave,
            unbooked=fact.what == BatchWord.BOOKED and _unbooked(fact.batch).exists(),
            duplicate=_is_copy(fact),
        )
    if fact.is_bare and fact.what == bank.What.BOOKED:
        return Contradiction.SPENT
    return _STRANGE.get(bank.What(fact.what), Contradiction.UNKNOWN)


def _may_be_booked(fact: BankEvent) -> bool:
    """Tell whether the day that the bank gives for what is known here is one on which it may have done it."""
    if fact.booked_on is None or fact.batch is None:
        return True
    sent_on = fact.batch.sent_at and timezone.localdate(fact.batch.sent_at)
    return settling.may_be_booked(fact.booked_on, today=timezone.localdate(), sent_on=sent_on)


def _sums(batch: Batch) -> dict[Standing, Decimal]:
    """Hold the orders of a batch, and return how many euros of them stand where."""
    sums: dict[Standing, Decimal] = defaultdict(Decimal)
    for status, amount in batch.orders.select_for_update().order_by("pk").values_list("status", "amount"):
        sums[Standing(status)] += amount
    return sums


def _unbooked(batch: Batch) -> QuerySet[PaymentOrder]:
    """Return what came back of a batch, and of which no execution was told, alone or within its sum, nor found."""
    returned = list(batch.orders.filter(status=OrderStatus.RETURNED))
    before = told_before(returned)
    untold = [one.pk for one in returned if all(heard.what != What.BOOKED for heard in before[one.pk])]
    return PaymentOrder.objects.filter(pk__in=untold)


def _follow(settled: Step | Note, fact: BankEvent) -> None:
    """Have the orders of a batch that are still on their way do what was settled of it."""
    returned: list[Sum] = []
    assert fact.batch, "what is settled is so of an order, or of a batch"
    on_their_way = fact.batch.orders.filter(status=OrderStatus.SENT).values_list("pk", flat=True)
    orders = PaymentOrder.objects.filter(pk__in=list(on_their_way))
    if fact.what == bank.What.BOOKED:
        returned = _sums_to_post(_unbooked(fact.batch))
    if settled == Note.ACCEPTANCE:
        orders.filter(accepted_at=None).update(accepted_at=timezone.now())
        return
    on = fact.booked_on or timezone.localdate()
    if settled == Step.EXECUTE:
        orders.update(paid_on=on)
    if isinstance(settled, Step):
        PaymentOrder.advance_all(orders, settled, by=SYSTEM)
    if settled == Step.FAIL:
        fact.batch.advance("refuse", by=SYSTEM)
    if sums := _sums_to_post(orders) + returned:
        ledger.post(event=moving.POSTED[settled], piece=fact.batch.reference, sums=sums, on=on, by=SYSTEM)


def _sums_to_post(orders: QuerySet[PaymentOrder]) -> list[Sum]:
    """Return what moves, out of the budget whose batch it left in: what was moved since moved on charges only."""
    left = orders.order_by("pk").values_list("amount", "batch__budget", "insured")
    return [Sum(amount, budget, party) for amount, budget, party in left]
