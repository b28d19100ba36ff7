"""What a person found that a fact of the bank was, and what the ledger is told when it moves an order."""

from datetime import date
from decimal import Decimal

from escale.rules import accounting
from escale.rules.accounting import Event
from escale.rules.named import Named
from escale.rules.settling import Contradiction, Standing, Step


class Verdict(Named):
    """What an accountant found, once the bank was asked; the label says it to them."""

    EXECUTED = "executed", "La banque a payé"
    RETURNED = "returned", "La banque avait payé, et l’argent est revenu"
    UNPAID = "unpaid", "La banque n’a pas payé"
    ENTRY = "entry", "Un mouvement du compte qui ne vient d’aucun ordre : à passer en écriture"
    NOTHING = "nothing", "Rien à changer : ce fait ne concerne pas cet ordre, ou il est déjà compté"


class Nature(Named):
    """What a movement of the account is that comes of no order: each is an event of the ledger, with its scheme."""

    RECEIPT = Event.BANK_RECEIPT.value, "Encaissement à classer"
    INCOME = Event.BANK_INCOME.value, "Produit versé par la banque"
    PAYMENT = Event.BANK_PAYMENT.value, "Décaissement à classer"
    CHARGES = Event.BANK_CHARGES.value, "Frais de la banque"


_CREDITED = (Nature.RECEIPT, Nature.INCOME)
_DEBITED = (Nature.PAYMENT, Nature.CHARGES)


def natures(moved: Decimal) -> tuple[Nature, ...]:
    """Return what a movement of these euros may be, below zero where money left, the most likely first."""
    if not moved:
        return ()
    return _CREDITED if moved > 0 else _DEBITED


def told(nature: Nature, *, on: date) -> str:
    """Return what an entry is called, with the accounts that it debits and credits on a day, in French."""
    scheme = accounting.scheme(Event(nature), on=on)
    return f"{nature.label} (débit {scheme.debit}, crédit {scheme.credit})"


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


def is_besides(moved: Decimal, standing: Standing, *, why: Contradiction) -> bool:
    """
    Tell whether these euros moved besides what an order that stands there moves: told twice, done, or refused here.

    Never where the order may yet leave: entered by themselves, they would let it be paid again.
    """
    if why in {Contradiction.PAID_TWICE, Contradiction.RETURNED_TWICE}:
        return True
    try:
        return not posted(standing, Verdict.EXECUTED if moved < 0 else Verdict.RETURNED, booked=True)
    except CannotBe:
        return standing not in {Standing.ORDERED, Standing.APPROVED}


def difference(moved: Decimal, expected: Decimal, *, returned: bool) -> tuple[Event, Decimal] | None:
    """Return what is posted, and of how many euros, where the bank moved another sum than expected; None if it did not.

    Both are below zero where money left. What the bank keeps of a sum that is `returned` is its charges; anything else
    waits to be classed.
    """
    if moved == expected:
        return None
    short = Event.BANK_CHARGES if returned else Event.BANK_PAYMENT
    return Event.BANK_RECEIPT if moved > expected else short, abs(moved - expected)
