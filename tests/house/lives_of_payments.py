"""How each state of an order, of a batch and of a move between budgets is reached."""

from typing import Any

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.case import Case
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus, ReimputationStatus
from escale.domain.payments.models import Batch, PaymentOrder, Reimputation
from escale.domain.registry.models import InsuredPerson
from tests import factories


def _rejected() -> PaymentOrder:
    order = factories.ordered()
    order.advance("reject", by=factories.accountant())
    return order


def _paid(*steps: str) -> PaymentOrder:
    """An order whose batch left, and what the bank then made of it."""
    batch = factories.batch()
    payments.send_batch(batch=batch)
    if "execute" in steps:
        factories.executed(batch)
    order = batch.orders.get()
    for step in steps:
        if step != "execute":
            order.advance(step, by=SYSTEM)
    return order


def _batch(*steps: str) -> Batch:
    batch = factories.batch()
    for step in steps:
        batch.advance(step, by=SYSTEM if step in {"send", "refuse"} else factories.actor(Role.SECOND_ACCOUNTANT))
    return batch


def _proposed(order: PaymentOrder) -> Reimputation:
    return payments.propose(order=order, budget="APIAS", reason="Accident de service", by=factories.accountant())


def _reimputation(step: str = "") -> Reimputation:
    proposed = _proposed(factories.ordered())
    if step:
        make_room_for_payment(step, proposed)
        proposed.advance(step, by=factories.accountant())
    return proposed


def make_room_for_payment(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    if isinstance(case, PaymentOrder) and step == "send":
        waiting = PaymentOrder.objects.filter(pk=case.pk, status=OrderStatus.APPROVED)
        if waiting.exists():
            waiting.update(batch=factories.batch())
    if isinstance(case, Reimputation):
        Reimputation.objects.filter(pk=case.pk).update(answered_by=factories.account())


def own_payments(person: InsuredPerson) -> tuple[Case, ...]:
    """A batch that pays somebody, and an order of theirs that should move to another budget."""
    paid, moved = (factories.ordered(factories.approved(factories.received(person))) for _ in range(2))
    return factories.batch(paid), _proposed(moved)


REACH_PAYMENTS: dict[tuple[type[Any], Any], Any] = {
    (PaymentOrder, OrderStatus.ORDERED): factories.ordered,
    (PaymentOrder, OrderStatus.APPROVED): factories.visaed,
    (PaymentOrder, OrderStatus.REJECTED): _rejected,
    (PaymentOrder, OrderStatus.SENT): _paid,
    (PaymentOrder, OrderStatus.EXECUTED): lambda: _paid("execute"),
    (PaymentOrder, OrderStatus.UNPAID): lambda: _paid("fail"),
    (PaymentOrder, OrderStatus.RETURNED): lambda: _paid("execute", "return"),
    (Reimputation, ReimputationStatus.PROPOSED): _reimputation,
    (Reimputation, ReimputationStatus.GIVEN): lambda: _reimputation("give"),
    (Reimputation, ReimputationStatus.DECLINED): lambda: _reimputation("decline"),
    (Batch, BatchStatus.PREPARED): factories.batch,
    (Batch, BatchStatus.SIGNED): lambda: _batch("sign"),
    (Batch, BatchStatus.SENT): lambda: _batch("send"),
    (Batch, BatchStatus.REFUSED): lambda: _batch("send", "refuse"),
    (Batch, BatchStatus.WITHDRAWN): lambda: _batch("withdraw"),
}
