"""What is asked of the payments: what bears each order, what the year's credits have left, what waits."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.ledger import queries as of_ledger
from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments import accounts
from escale.domain.payments.doubts import in_doubt
from escale.domain.payments.filters import Filters
from escale.domain.payments.lifecycle import BACK, OrderStatus
from escale.domain.payments.models import (
    BankEvent,
    BankFile,
    Batch,
    Discrepancy,
    Outcome,
    PaymentLine,
    PaymentOrder,
    Reimputation,
)
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.gateways.bank import Debtor, What
from escale.rules import budgets
from escale.rules.budgets import Budget

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


def at_once(*, actor: Actor, filters: Filters) -> PaymentOrderQuerySet:
    """Return those that this actor may approve by one act: none that is theirs, none in doubt, the oldest only."""
    own = Q(ordered_by=actor.account) | Q(proposed_by=actor.account, proposed_by__isnull=False)
    own |= Q(reissued_by=actor.account, reissued_by__isnull=False)
    waiting = to_approve(actor=actor, filters=filters).exclude(own)
    return waiting.exclude(pk__in=in_doubt(waiting)).exclude(pk__in=accounts.denied(waiting))[:MOST_AT_ONCE]


def to_send(*, actor: Actor) -> list[tuple[Budget, int, Decimal]]:
    """Return the budgets out of which orders wait to be sent by this actor, how many and how much (1 query)."""
    today = timezone.localdate()
    counted = accounts.payable(PaymentOrder.objects.to_send_by(actor), today=today).by_budget()
    known = budgets.budgets(on=today)
    return [(one, *counted[one.code]) for one in known if one.code in counted]


def states(batch: Batch) -> list[tuple[str, int, Decimal]]:
    """Return what became of the transfers of a batch: each state, how many and how much (1 query)."""
    counted = batch.orders.order_by().values_list("status").annotate(n=Count("pk"), total=Sum("amount"))
    found = {status: (count, total) for status, count, total in counted}
    return [(str(status.label), *found[status]) for status in OrderStatus if status in found]


def executed(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Keep those of these orders that the bank executed, even if it took them back; say as `executed_on` when."""
    told = BankEvent.objects.filter(what=What.BOOKED, outcome=Outcome.APPLIED).order_by("pk").values("booked_on")
    alone = Subquery(told.filter(order=OuterRef("pk"))[:1])
    in_one_sum = Subquery(told.filter(order=None, batch=OuterRef("batch"))[:1])
    taken_back = Case(When(status=OrderStatus.RETURNED, then=in_one_sum))
    return orders.annotate(executed_on=Coalesce("paid_on", alone, taken_back)).filter(
        status__in=[OrderStatus.EXECUTED, *BACK], executed_on__isnull=False
    )


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


def entry_of(discrepancy: Discrepancy) -> AccountingEntry | None:
    """Return the entry that was posted of a movement that comes of no order."""
    return of_ledger.of_piece(discrepancy.piece).first() if discrepancy.nature else None


def budgets_of(account: str, *, on: date) -> list[str]:
    """Return the codes of the budgets that an account of the Fund pays for on a day."""
    return [one.code for one in budgets.budgets(on=on) if debtor(one.code, on=on).iban == account]


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that a batch, or a file of the bank, knows."""
    holders = (Batch.objects, BankFile.objects)
    return {key for held in holders for key in held.filter(key__in=keys).values_list("key", flat=True)}
