"""What a person found that a fact of the bank was, and what the ledger is told when it moves an order."""

from escale.rules.accounting import Event
from escale.rules.named import Named
from escale.rules.settling import Standing, Step


class Verdict(Named):
    """What an accountant found, once the bank was asked; the label says it to them."""

    EXECUTED = "executed", "La banque a payé"
    RETURNED = "returned", "La banque avait payé, et l’argent est revenu"
    UNPAID = "unpaid", "La banque n’a pas payé"
    NOTHING = "nothing", "Rien à changer : ce fait ne concerne pas cet ordre, ou il est déjà compté"


STEPS = {Verdict.EXECUTED: Step.EXECUTE, Verdict.RETURNED: Step.RETURN, Verdict.UNPAID: Step.FAIL}
"""The step that an order takes, by what was found of it."""

_LANDS = {Verdict.EXECUTED: Standing.EXECUTED, Verdict.RETURNED: Standing.RETURNED, Verdict.UNPAID: Standing.UNPAID}

_POSTED: dict[tuple[Standing, Verdict], tuple[Event, ...]] = {
    (Standing.SENT,     Verdict.EXECUTED): (Event.EXECUTED,),
    (Standing.SENT,     Verdict.RETURNED): (Event.EXECUTED, Event.RETURNED),
    (Standing.SENT,     Verdict.UNPAID):   (Event.UNPAID,),
    (Standing.EXECUTED, Verdict.RETURNED): (Event.RETURNED,),
    (Standing.EXECUTED, Verdict.UNPAID):   (Event.NEVER_PAID,),
    (Standing.UNPAID,   Verdict.EXECUTED): (Event.PAID_AFTER_ALL,),
    (Standing.UNPAID,   Verdict.RETURNED): (Event.PAID_AFTER_ALL, Event.RETURNED),
    (Standing.RETURNED, Verdict.EXECUTED): (Event.PAID_AFTER_ALL,),
}  # fmt: skip


class CannotBe(ValueError):
    """This cannot have become of an order that stands there; the message says why, in French."""


def posted(standing: Standing, verdict: Verdict, *, booked: bool) -> tuple[Event, ...]:
    """Return what the ledger is told of an order of which this was found; nothing if it stands there already.

    `booked`: whether the ledger knows that the bank executed it, which a return told first does not say.
    :raises CannotBe: if the order has not left, or has come back and was paid all the same.
    """
    if verdict == Verdict.NOTHING or standing == _LANDS[verdict]:
        return ()
    if (standing, verdict) not in _POSTED:
        raise CannotBe("Cet ordre n’a pas été transmis à la banque, ou l’argent en est déjà revenu.")
    untold = standing == Standing.RETURNED and not booked
    return (*((Event.EXECUTED,) if untold else ()), *_POSTED[standing, verdict])
