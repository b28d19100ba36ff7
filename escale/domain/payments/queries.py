"""What is asked of the payments: what bears each order, what the year's credits have left, what waits."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from escale.domain.accounts.actor import Actor
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
from escale.domain.registry import queries as registry
from escale.gateways.bank import Debtor, What
from escale.rules import bank_returns, budgets, identity, parameters
from escale.rules.bank_returns import Act
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
    moves = Reimputation.objects.given().order_by().filter(budget_year=year)
    moves = moves.exclude(order__status=OrderStatus.REJECTED)
    return (
        _sum(ordered.exclude(status=OrderStatus.REJECTED))
        + _sum(moves.filter(to_budget=code))
        - _sum(moves.filter(from_budget=code))
    )


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
    moves = Reimputation.objects.given().order_by().filter(budget_year=on.year)
    moves = moves.exclude(order__status=OrderStatus.REJECTED)
    for left, joined, total in moves.values_list("from_budget", "to_budget").annotate(total=Sum("amount")):
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
    """Return those that this actor may approve by one act: none that they ordered or proposed, the oldest only."""
    own = Q(ordered_by=actor.account) | Q(proposed_by=actor.account, proposed_by__isnull=False)
    return to_approve(actor=actor, filters=filters).exclude(own)[:MOST_AT_ONCE]


def to_send(*, actor: Actor) -> list[tuple[Budget, int, Decimal]]:
    """Return the budgets out of which orders wait to be sent by this actor, how many and how much (1 query)."""
    counted = PaymentOrder.objects.to_send_by(actor).by_budget()
    known = budgets.budgets(on=timezone.localdate())
    return [(one, *counted[one.code]) for one in known if one.code in counted]


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


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that a batch, or a file of the bank, knows."""
    holders = (Batch.objects, BankFile.objects)
    return {key for held in holders for key in held.filter(key__in=keys).values_list("key", flat=True)}


def came_back(order: PaymentOrder) -> BankEvent | None:
    """Return what the bank said of an order when it came back, by itself or with its whole batch."""
    alone = Q(order=order, what__in=[What.REJECTED, What.RETURNED])
    with_others = Q(order=None, batch=order.batch_id, what=What.FILE_REFUSED)
    return BankEvent.objects.filter(alone | with_others, outcome=Outcome.APPLIED).order_by("order", "pk").first()


def why_not_reissued(order: PaymentOrder, *, today: date) -> str:
    """Return why an order that came back cannot be ordered again now, in French; nothing if it can."""
    if order.status not in BACK and not (order.status == OrderStatus.REJECTED and order.replaces_id):
        return "Cet ordre n’est pas revenu de la banque."
    if Discrepancy.objects.open().filter(event__order=order).exists():
        return "Un écart sur ce virement attend d’être rapproché : la banque l’a peut-être payé."
    account = registry.bank_account(order.insured, on=today)
    if account is None or not identity.is_sepa(account.iban):
        return "Aucun compte où payer cette personne n’est connu."
    if account.iban == order.iban and _wants_another_account(order, on=today):
        return "La banque refuse ce compte, et aucun autre n’est connu."
    return ""


def to_reissue(*, today: date) -> list[PaymentOrder]:
    """Return the orders that came back from an account, and whose person has another since long enough."""
    since = today - timedelta(days=int(parameters.value("reissue_hold_days", on=today)))
    waiting = PaymentOrder.objects.came_back().select_related("insured").order_by("pk")
    return [
        order
        for order in waiting
        if _wants_another_account(order, on=today)
        and not why_not_reissued(order, today=today)
        and order.insured.bank_accounts.on(today).filter(valid_from__lte=since).exclude(iban=order.iban).exists()
    ]


def _wants_another_account(order: PaymentOrder, *, on: date) -> bool:
    said = came_back(order)
    return said is not None and bank_returns.reason(said.code, on=on).act == Act.OTHER_ACCOUNT
