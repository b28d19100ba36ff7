"""Whether the account of an order may be paid now: not one that has just changed, nor one that its person denied.

To deny an account is to be paid on another: it is held as any change is.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.domain.registry import queries as registry
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount
from escale.gateways import bank
from escale.rules import parameters

DENIED = "La personne à payer dit que le changement de compte n’est pas d’elle : refusez le visa de cet ordre."
DENIED_IN_BATCH = "Une personne à payer dit que le changement de compte n’est pas d’elle : abandonnez ce lot."
_DENIED = Q(account__isnull=False) & ~Q(account__status=AccountStatus.KNOWN)


def may_be_ordered_to(account: BankAccount) -> bool:
    """Tell whether a payment may be ordered to an account: a SEPA transfer reaches it, or it is paid by hand."""
    number = account.legible_iban
    return bool(number) if account.by_hand else bank.reaches(number)


def faults(account: BankAccount, *, reference: str, amount: Decimal) -> list[str]:
    """Return why the bank would refuse this transfer to an account, in French; nothing where it is by hand."""
    if account.by_hand:
        return []
    return bank.faults(bank.Transfer(reference, amount, account.holder, account.legible_iban, reference))


def payable_from(account: BankAccount, *, today: date) -> date:
    """Return the first day on which an account may be paid: until then one may say that one did not change it."""
    return registry.paid_there_since(account) + hold(today)


def is_new(account: BankAccount, *, today: date) -> bool:
    """Tell whether an account has been given for so little that nothing was paid there yet."""
    return account.valid_from + hold(today) > today


def payable(orders: PaymentOrderQuerySet, *, today: date) -> PaymentOrderQuerySet:
    """Keep the orders whose account may be paid on this day."""
    settled = today - hold(today)
    denied_lately = BankAccount.objects.denied().filter(insured=OuterRef("insured"), valid_until__gt=settled)
    return orders.exclude(_DENIED).exclude(account__valid_from__gt=settled).exclude(Exists(denied_lately))


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
    since = registry.paid_there_since(account)
    first = since + hold(today)
    if first <= today:
        return ""
    return f"En attente : compte changé le {since:%d/%m/%Y}, payé à partir du {first:%d/%m/%Y}."


def left_for(account: BankAccount) -> int:
    """Return how many payments left for an account, and did not come back."""
    return PaymentOrder.objects.filter(account=account, status__in=[OrderStatus.SENT, OrderStatus.EXECUTED]).count()


def hold(today: date) -> timedelta:
    """Return for how long nothing is paid on an account that has just changed."""
    return timedelta(days=int(parameters.value("bank_account_hold_days", on=today)))
