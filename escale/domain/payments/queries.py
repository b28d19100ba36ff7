"""What is asked of the payments: what bears each order, what the year's credits have left, what waits."""

from datetime import date
from decimal import Decimal
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder, Reimputation
from escale.gateways.bank import Debtor
from escale.rules import budgets

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


def lock_credits(code: str, *, year: int) -> None:
    """Have whoever else spends these credits wait until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CREDITS, crc32(f"{code}-{year}".encode()) >> 1])


def debtor(code: str, *, on: date) -> Debtor:
    """Return the account that a budget is paid from: its own, else the house's."""
    own = budgets.budget(code, on=on)
    return (
        Debtor(own.debtor_name, own.debtor_iban, own.debtor_bic) if own.debtor_iban else Debtor(**settings.BANK_DEBTOR)
    )


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that a batch knows."""
    return set(Batch.objects.filter(key__in=keys).values_list("key", flat=True))
