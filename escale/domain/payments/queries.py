"""What is asked of the payments: what bears each order, what the year's credits have left, what waits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import connection
from django.db.models import Q, Sum

from escale.domain.payments.lifecycle import BACK, OrderStatus
from escale.domain.payments.models import (
    BankEvent,
    BankFile,
    Batch,
    Discrepancy,
    Outcome,
    PaymentOrder,
    Reimputation,
)
from escale.domain.registry import queries as registry
from escale.gateways.bank import Debtor, What
from escale.rules import budgets, identity, parameters

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
    since = today - timedelta(days=parameters.value("reissue_hold_days", on=today))
    waiting = PaymentOrder.objects.came_back().select_related("insured").order_by("pk")
    return [
        order
        for order in waiting
        if _wants_another_account(order, on=today)
        and not why_not_reissued(order, today=today)
        and order.insured.bank_accounts.on(today).filter(valid_from__lte=since).exclude(iban=order.iban).exists()
    ]


def _wants_another_account(order: PaymentOrder, *, on: date) -> bool:
    from escale.rules import bank_returns

    said = came_back(order)
    return said is not None and bank_returns.reason(said.code, on=on).act == bank_returns.Act.OTHER_ACCOUNT
