"""What the ledger is told of the debts: what is claimed or given up, each sum that came back or was given back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.debts.lifecycle import Status
from escale.domain.debts.models import Debt, Kind, Recovery, Way
from escale.domain.ledger import actions as ledger
from escale.domain.ledger import queries as of_ledger
from escale.domain.payments import queries as of_payments
from escale.rules.accounting import Event, Sum

_NOTHING = Decimal(0)
_MOVES = {
    "claimed": (Event.DEBT_RECORDED, Event.DEBT_REDUCED),
    "indemnity": (Event.INDEMNITY_RECORDED, Event.INDEMNITY_REDUCED),
    "given_up": (Event.DEBT_GIVEN_UP, Event.DEBT_TAKEN_UP),
    "surplus": (Event.SURPLUS_FOUND, Event.SURPLUS_CLAIMED),
}
"""What is posted when each part of a debt rises, and when it falls."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the ledger knows of a debt besides the sums that came back, in euros."""

    claimed: Decimal = _NOTHING
    indemnity: Decimal = _NOTHING
    given_up: Decimal = _NOTHING
    surplus: Decimal = _NOTHING


def parts(debt: Debt) -> Parts:
    """Return what the ledger is to know of a debt as it stands."""
    if debt.status in {Status.PROPOSED, Status.DROPPED}:
        return Parts()
    if debt.status == Status.CANCELLED:
        return Parts(surplus=debt.surplus)
    left = debt.total - debt.recovered if debt.status == Status.ABANDONED else _NOTHING
    return Parts(debt.amount, debt.supplement, left, debt.surplus)


def post_change(debt: Debt, *, since: Parts, by: Actor) -> None:
    """Post, of a debt that is held, what changed since."""
    debt.postings += 1
    debt.save(update_fields=["postings"])
    now = parts(debt)
    for name, (rise, fall) in _MOVES.items():
        if moved := getattr(now, name) - getattr(since, name):
            event, piece = (rise if moved > 0 else fall), f"{debt.reference}-{debt.postings}"
            _post(event, debt, piece, abs(moved), on=timezone.localdate(), by=by)


def post_sum(recovery: Recovery, *, by: Actor) -> None:
    """Post a sum that came back, or one that was given back, on its day."""
    _post(_event(recovery), recovery.debt, _piece(recovery), recovery.amount, on=recovery.on, by=by)


def post_correction(recovery: Recovery, *, by: Actor) -> None:
    """Undo what was posted of a sum written by mistake."""
    entry = of_ledger.of_piece(_piece(recovery)).get(event=_event(recovery), reverses=None)
    ledger.reverse(entry=entry, why="Somme inscrite par erreur", by=by)


def _event(recovery: Recovery) -> Event:
    if recovery.kind == Kind.GIVEN_BACK:
        return Event.SURPLUS_RETURNED
    return Event.DEBT_WITHHELD if recovery.way == Way.WITHHELD else Event.DEBT_RECOVERED


def _piece(recovery: Recovery) -> str:
    return f"{recovery.debt.reference}-S{recovery.pk}"


def _post(event: Event, debt: Debt, piece: str, amount: Decimal, *, on: date, by: Actor) -> None:
    """Post a sum for the budget that the debt is claimed for, even once another bears its payment."""
    first = of_ledger.of_piece(f"{debt.reference}-1").first()
    if first:
        budget, day = first.lines.values_list("budget", flat=True)[0], max(on, first.true_on)
    else:
        order = debt.decision.order
        assert order, "what is claimed back was paid"
        budget, day = of_payments.budget_of(order), on
    ledger.post(event=event, piece=piece, sums=[Sum(amount, budget, debt.insured_id)], on=day, by=by)
