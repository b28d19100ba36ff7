"""How an order moves to another budget: proposed by one accountant, given by another; the order itself stays."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.payments import queries
from escale.domain.payments.actions import posting
from escale.domain.payments.actions.ordering import reserve
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder, Reimputation
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def propose(*, order: PaymentOrder, budget: str, reason: str, by: Actor) -> Reimputation:
    """
    Propose that another budget bears an order, and say why; proposed again, it is the same proposal.

    :raises Unacceptable: if this budget bears it already.
    :raises StepRefused: if another move of it waits for an answer, if it is refused, ordered again, or about to leave.
    """
    order.lock()
    _refuse_to_move(order)
    bears = queries.budget_of(order)
    if bears == budget:
        raise Unacceptable({"budget": "Cet ordre est déjà imputé sur ce budget."})
    waiting = order.reimputations.filter(status=Reimputation.LIFECYCLE.start).first()
    if waiting and (waiting.to_budget, waiting.reason, waiting.proposed_by_id) == (budget, reason, by.signatory.pk):
        return waiting
    if waiting:
        raise StepRefused("Une réimputation de cet ordre attend déjà une réponse.")
    return Reimputation.open(
        by=by,
        order=order,
        from_budget=bears,
        to_budget=budget,
        budget_year=order.budget_year,
        amount=order.amount,
        reason=reason,
        proposed_by=by.account,
    )


@transaction.atomic
def give(*, reimputation: Reimputation, by: Actor) -> None:
    """
    Move an order to the budget that another person proposed.

    :raises StepRefused: if it is answered already, or was proposed by the same person; if the order is refused, ordered
        again, or about to leave for the bank.
    :raises CeilingReached: if the credits of that budget do not cover it.
    """
    order = reimputation.order
    order.lock()
    _refuse_to_move(order)
    reserve(reimputation.to_budget, year=reimputation.budget_year, amount=reimputation.amount)
    _answer(reimputation, "give", by=by)
    if order.status != OrderStatus.ORDERED or order.replaces_id:  # what it replaces had its visa: a budget bears it
        posting.reimputed(reimputation, by=by)


@transaction.atomic
def decline(*, reimputation: Reimputation, by: Actor) -> None:
    """
    Leave an order where it is; whoever proposed to move it may take it back so.

    :raises StepRefused: if it is answered already.
    """
    _answer(reimputation, "decline", by=by)


def _refuse_to_move(order: PaymentOrder) -> None:
    if order.status == OrderStatus.REJECTED:
        raise StepRefused("Cet ordre ne sera pas payé : aucun budget ne le porte.")
    if PaymentOrder.objects.filter(replaces=order).exists():
        raise StepRefused("Cet ordre a été émis de nouveau : c’est le nouvel ordre qui s’impute sur un autre budget.")
    if order.status == OrderStatus.APPROVED and order.batch_id:
        raise StepRefused("Cet ordre est dans un lot prêt à partir : attendez qu’il soit transmis à la banque.")


def _answer(reimputation: Reimputation, step: str, *, by: Actor) -> None:
    reimputation.lock()
    reimputation.answered_by, reimputation.answered_at = by.account, timezone.now()
    reimputation.save(update_fields=["answered_by", "answered_at"])
    reimputation.advance(step, by=by)
