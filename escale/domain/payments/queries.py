"""What is asked of the payments: what bears each order, what the year's credits have left, what waits."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.payments import accounts
from escale.domain.payments.doubts import in_doubt
from escale.domain.payments.filters import Filters
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import (
    BankFile,
    Batch,
    Discrepancy,
    PaymentLine,
    PaymentOrder,
    Reimputation,
)
from escale.domain.payments.models.batches import in_hands_of
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.domain.registry import queries as registry
from escale.gateways.bank import Debtor
from escale.rules import budgets, reconciling
from escale.rules.budgets import Budget
from escale.rules.reconciling import Nature
from escale.rules.settling import EURO, Contradiction, Standing

MOST_AT_ONCE = 500
_CREDITS = 0x0E5CA1F
_NOTHING = Decimal(0)


def budget_of(order: PaymentOrder) -> str:
    """Return the code of the budget that bears an order today."""
    moved = order.reimputations.given().last()
    return moved.to_budget if moved else order.budget


def consumed(code: str, *, year: int) -> Decimal:
    """Return what the orders of a year take of a budget: those refused not counted, those reissued counted once."""
    ordered = PaymentOrder.objects.filter(budget=code, budget_year=year, replaces=None)
    moves = _moves(year)
    return (
        _sum(ordered.exclude(status=OrderStatus.REJECTED))
        + _sum(moves.filter(to_budget=code))
        - _sum(moves.filter(from_budget=code))
    )


def _moves(year: int) -> QuerySet[Reimputation]:
    """Return what moved between the budgets of a year; a reissue without its visa is still due where it was moved."""
    given = Reimputation.objects.given().order_by().filter(budget_year=year)
    return given.exclude(order__status=OrderStatus.REJECTED, order__replaces=None)


def _sum(rows: Any) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or _NOTHING


class Consumption(NamedTuple):
    """What a year has taken of a budget, in euros; `left` is None where the credits are an estimate."""

    budget: Budget
    consumed: Decimal
    left: Decimal | None


def consumptions(*, on: date) -> list[Consumption]:
    """Return what the year of a day has taken of each budget of that day (2 queries)."""
    ordered = PaymentOrder.objects.filter(budget_year=on.year, replaces=None).exclude(status=OrderStatus.REJECTED)
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for code, total in ordered.order_by().values_list("budget").annotate(total=Sum("amount")):
        taken[code] += total
    for left, joined, total in _moves(on.year).values_list("from_budget", "to_budget").annotate(total=Sum("amount")):
        taken[left] -= total
        taken[joined] += total
    return [
        Consumption(one, taken[one.code], None if one.ceiling is None else one.ceiling - taken[one.code])
        for one in budgets.budgets(on=on)
    ]


def to_approve(*, actor: Actor, filters: Filters) -> PaymentOrderQuerySet:
    """Return the orders within reach of this actor that wait for a visa, kept by filters, oldest first."""
    found: PaymentOrderQuerySet = PaymentOrder.objects.within_reach_of(actor).to_approve().saying_budget()
    if filters.budget:
        found = found.out_of(filters.budget)
    if filters.benefit:
        found = found.filter(Exists(PaymentLine.objects.filter(order=OuterRef("pk"), benefit=filters.benefit)))
    if filters.least is not None:
        found = found.filter(amount__gte=filters.least)
    if filters.most is not None:
        found = found.filter(amount__lte=filters.most)
    if filters.age is not None:
        found = found.filter(ordered_at__lte=timezone.now() - timedelta(days=filters.age))
    return found


def at_once(*, actor: Actor, filters: Filters, hold: bool = False) -> list[PaymentOrder]:
    """Return those that this actor may approve by one act, the oldest only: none that is theirs, or in doubt.

    None whose account another family gave: somebody looks at each of these. `hold`: until the transaction ends.
    """
    waiting = to_approve(actor=actor, filters=filters).exclude(in_hands_of(actor.signatory)).select_related("account")
    sound = waiting.exclude(pk__in=in_doubt(waiting)).exclude(pk__in=accounts.denied(waiting))
    if hold:
        sound = sound.select_for_update(of=("self",))
    found: list[PaymentOrder] = []
    for start in count(step=MOST_AT_ONCE):
        oldest = list(sound[start : start + MOST_AT_ONCE])
        shared = registry.sharers(order.account for order in oldest if order.account)
        found += [order for order in oldest if order.account_id not in shared]
        if len(oldest) < MOST_AT_ONCE or len(found) >= MOST_AT_ONCE:
            break
    return found[:MOST_AT_ONCE]


def to_send(*, actor: Actor) -> list[tuple[Budget, int, Decimal]]:
    """Return the budgets out of which orders wait to be sent by this actor, how many and how much: none in doubt."""
    today = timezone.localdate()
    waiting = PaymentOrder.objects.to_send_by(actor)
    counted = accounts.payable(waiting.exclude(pk__in=in_doubt(waiting)), today=today).by_budget()
    known = budgets.budgets(on=today)
    return [(one, *counted[one.code]) for one in known if one.code in counted]


def by_hand(*, actor: Actor) -> PaymentOrderQuerySet:
    """Return the orders that wait to be made by hand by this actor, oldest first: none in doubt."""
    waiting = PaymentOrder.objects.to_send_by(actor, by_hand=True)
    return accounts.payable(waiting.exclude(pk__in=in_doubt(waiting)), today=timezone.localdate())


def states(batch: Batch) -> list[tuple[str, int, Decimal]]:
    """Return what became of the transfers of a batch: each state, how many and how much (1 query)."""
    counted = batch.orders.order_by().values_list("status").annotate(n=Count("pk"), total=Sum("amount"))
    found = {status: (count, total) for status, count, total in counted}
    return [(str(status.label), *found[status]) for status in OrderStatus if status in found]


def lock_credits(code: str, *, year: int) -> None:
    """Have whoever else spends these credits wait until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CREDITS, crc32(f"{code}-{year}".encode()) >> 1])


def debtor(code: str, *, on: date) -> Debtor:
    """Return the account that a budget is paid from: its own, else the house's."""
    house, own = Debtor(**settings.BANK_DEBTOR), budgets.budget(code, on=on)
    if not own.debtor_iban:
        return house
    return replace(house, name=own.debtor_name, iban=own.debtor_iban, bic=own.debtor_bic)


def natures_of(discrepancy: Discrepancy) -> tuple[Nature, ...]:
    """Return as what a movement may be entered by itself; none where an order, or a whole batch, accounts for it."""
    event, order = discrepancy.event, discrepancy.order or discrepancy.event.order
    if event.currency not in {"", EURO} or (event.batch and not event.end_to_end_id):
        return ()
    why = Contradiction(discrepancy.why)
    if order and not reconciling.is_besides(event.moved, Standing(order.status), why=why):
        return ()
    return reconciling.natures(event.moved)


def pieces_of(order: PaymentOrder) -> list[str]:
    """Return what proves in the ledger all that was posted of an order, by people too (2 queries)."""
    about = Q(order=order) | Q(event__order=order)
    if order.batch_id:
        about |= Q(order=None, event__order=None, event__batch=order.batch_id)
    settled = Discrepancy.objects.filter(about).select_related("order", "event__order", "event__batch")
    moved = order.reimputations.given().values_list("pk", flat=True)
    batch = [order.batch.reference] if order.batch else []
    return [order.reference, *batch, *(one.piece for one in settled), *(f"{order.reference}-M{pk}" for pk in moved)]


def budgets_of(account: str, *, on: date) -> list[str]:
    """Return the codes of the budgets that an account of the Fund pays for on a day."""
    return [one.code for one in budgets.budgets(on=on) if debtor(one.code, on=on).iban == account]


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that a batch, or a file of the bank, knows."""
    holders = (Batch.objects, BankFile.objects)
    return {key for held in holders for key in held.filter(key__in=keys).values_list("key", flat=True)}
