"""What came back from the bank: why, whether it may be ordered again, and to which account."""

import re
from datetime import date

from django.db.models import Exists, OuterRef, Q

from escale.domain.accounts.actor import Actor
from escale.domain.payments import accounts
from escale.domain.payments.doubts import doubt
from escale.domain.payments.lifecycle import BACK, BatchStatus
from escale.domain.payments.models import BankEvent, Batch, Outcome, PaymentOrder
from escale.domain.payments.models.batches import in_hands_of
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.domain.registry import queries as registry
from escale.domain.registry.models import BankAccount
from escale.gateways.bank import What
from escale.rules import bank_returns
from escale.rules.bank_returns import Act

MOST_AT_ONCE = 500
_RANK = re.compile(r"-R(\d+)$")


def came_back(order: PaymentOrder) -> BankEvent | None:
    """Return what the bank said of an order when it came back, by itself or with its whole batch."""
    alone = Q(order=order, what__in=[What.REJECTED, What.RETURNED])
    with_others = Q(order=None, batch=order.batch_id, what=What.FILE_REFUSED)
    return BankEvent.objects.filter(alone | with_others, outcome=Outcome.APPLIED).order_by("order", "pk").first()


def why_not_reissued(order: PaymentOrder, *, today: date) -> str:
    """Return why an order that came back cannot be ordered again now, in French; nothing if it can."""
    if not order.is_back:
        return "Cet ordre n’est pas revenu de la banque."
    if why := doubt(order):
        return why
    account = registry.bank_account(order.insured, on=today)
    if account is None or not accounts.may_be_ordered_to(account):
        return "Aucun compte où payer cette personne n’est connu."
    if account.legible_iban == _spoken_of(order).legible_iban and _act(order, on=today) == Act.OTHER_ACCOUNT:
        return "La banque refuse ce compte, et aucun autre n’est connu."
    if (paid_from := accounts.payable_from(account, today=today)) > today:
        return f"Le compte vient de changer : rien n’y est versé de nouveau avant le {paid_from:%d/%m/%Y}."
    return " ".join(accounts.faults(account, reference=next_reference(order), amount=order.amount))


def came_back_without_fault(order: PaymentOrder) -> bool:
    """Tell whether an order came back for no fault of whoever is paid: with its whole file, or not made by hand."""
    said = came_back(order)
    return said.order_id is None if said else order.batch is not None and order.batch.by_hand


def left_of(batch: Batch, *, actor: Actor, after: int = 0) -> PaymentOrderQuerySet:
    """Return what is still due of a batch that the bank refused whole, that this actor may reissue, after this key."""
    reached: PaymentOrderQuerySet = PaymentOrder.objects.within_reach_of(actor).exclude(in_hands_of(actor.signatory))
    left = reached.came_back().filter(batch=batch)
    return left.filter(batch__status=BatchStatus.REFUSED, pk__gt=after).order_by("pk")[:MOST_AT_ONCE]


def wants_a_person(order: PaymentOrder, *, on: date) -> bool:
    """Tell whether what the bank said wants somebody to say why it may be paid again."""
    return _act(order, on=on) == Act.PERSON


def to_reissue(*, today: date) -> list[PaymentOrder]:
    """Return the orders that came back from an account, and whose person has another since long enough."""
    theirs = BankAccount.objects.known().on(today).filter(insured=OuterRef("insured"))
    another = theirs.exclude(iban_digest=OuterRef("iban_digest"))
    back = PaymentOrder.objects.came_back().filter(status__in=sorted(BACK))  # what had its visa refused is a person's
    waiting = back.filter(Exists(another)).select_related("insured").order_by("pk")
    return [
        order
        for order in waiting
        if _act(order, on=today) == Act.OTHER_ACCOUNT and not why_not_reissued(order, today=today)
    ]


def next_reference(order: PaymentOrder) -> str:
    """Return the reference of what follows an order: no two transfers ever bear the same."""
    rank = order.replaces_id and _RANK.search(order.reference)  # a number may end as a rank does
    return f"{order.reference.removesuffix(rank[0])}-R{int(rank[1]) + 1}" if rank else f"{order.reference}-R2"


def _spoken_of(order: PaymentOrder) -> PaymentOrder:
    """Return the order of which the bank spoke: this one, or that which it replaces if it never left."""
    while order.replaces and not order.batch_id:
        order = order.replaces
    return order


def _act(order: PaymentOrder, *, on: date) -> Act | None:
    said = came_back(_spoken_of(order))
    return bank_returns.reason(said.code, on=on, of_file=said.order_id is None).act if said else None
