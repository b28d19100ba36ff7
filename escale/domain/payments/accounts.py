"""Whether the account of an order may be paid now: not one that has just changed, nor one that its person denied."""

from datetime import date, timedelta

from django.db.models import Q

from escale.domain.payments.models import PaymentOrder
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount
from escale.rules import parameters

DENIED = "La personne à payer dit que le changement de compte n’est pas d’elle : refusez le visa de cet ordre."
DENIED_IN_BATCH = "Une personne à payer dit que le changement de compte n’est pas d’elle : abandonnez ce lot."
_DENIED = Q(account__isnull=False) & ~Q(account__status=AccountStatus.KNOWN)


def payable_from(account: BankAccount, *, today: date) -> date:
    """Return the first day on which an account may be paid: until then one may say that one did not change it."""
    return account.valid_from + _hold(today)


def payable(orders: PaymentOrderQuerySet, *, today: date) -> PaymentOrderQuerySet:
    """Keep the orders whose account may be paid on this day."""
    return orders.exclude(_DENIED).exclude(account__valid_from__gt=today - _hold(today))


def denied(orders: PaymentOrderQuerySet) -> PaymentOrderQuerySet:
    """Keep the orders whose account was denied, or set aside, since they were given."""
    return orders.filter(_DENIED)


def why_not_payable(order: PaymentOrder, *, today: date) -> str:
    """Return why the account of an order may not be paid on this day, in French; nothing if it may."""
    account = order.account
    if account is None:
        return ""
    if account.status != AccountStatus.KNOWN:
        return DENIED
    first = payable_from(account, today=today)
    if first <= today:
        return ""
    return f"En attente : compte changé le {account.valid_from:%d/%m/%Y}, payé à partir du {first:%d/%m/%Y}."


def _hold(today: date) -> timedelta:
    return timedelta(days=int(parameters.value("bank_account_hold_days", on=today)))
