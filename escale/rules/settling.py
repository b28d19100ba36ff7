"""What becomes of an order of payment when the bank tells something of it, in whatever order its files come.

One table says it: where the order stands × what is told. What the table cannot reconcile goes to a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from escale.rules.named import Named

EURO = "EUR"
_EARLIER = timedelta(days=1)
"""A bank that works late dates of the day before what it took after midnight."""


class Standing(StrEnum):
    """Where an order stands, as the bank's word finds it."""

    ORDERED = "ordered"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT = "sent"
    EXECUTED = "executed"
    UNPAID = "unpaid"
    RETURNED = "returned"


class What(StrEnum):
    """What a bank may tell of one transfer."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BOOKED = "booked"
    RETURNED = "returned"


class Step(StrEnum):
    """The step that the order then takes, by its name in the order's lifecycle."""

    EXECUTE = "execute"
    FAIL = "fail"
    RETURN = "return"


class Note(StrEnum):
    """What is written of the order, that stays where it stands."""

    ACCEPTANCE = "acceptance"
    EXECUTION = "execution"
    """Told after the return of what had been executed."""
    CONFIRMATION = "confirmation"
    """Told at last of what was held to be executed before the bank was heard: the ledger has nothing of it."""


class Contradiction(Named):
    """Why what the bank tells goes to a person; the label says it to the accountant."""

    UNKNOWN = "unknown", "La banque parle d’un virement que la Caisse ne connaît pas."
    AMOUNT = "amount", "La banque donne un autre montant que celui de l’ordre."
    CURRENCY = "currency", "La banque donne une autre monnaie que l’euro."
    NEVER_SENT = "never_sent", "La banque parle d’un ordre qui ne lui a pas été transmis."
    PAID_THEN_REJECTED = "paid_then_rejected", "La banque rejette un virement qu’elle a déjà exécuté ou retourné."
    REJECTED_THEN_PAID = "rejected_then_paid", "La banque exécute ou retourne un virement qu’elle avait rejeté."
    PAID_TWICE = "paid_twice", "La banque annonce deux exécutions différentes du même virement."
    RETURNED_TWICE = "returned_twice", "La banque annonce deux retours différents du même virement."
    RECEIVED = "received", "De l’argent est arrivé, que rien n’annonce."
    SPENT = "spent", "De l’argent est sorti, que rien n’annonce."
    DAY = "day", "La banque donne un jour à venir, ou d’avant la transmission du lot."
    UNCLEAR = "unclear", "La banque dit de ce virement ce que la Caisse ne sait pas lire."
    ALREADY_RECEIVED = "already_received", "La banque dit avoir déjà reçu ce virement : elle l’exécute peut-être."
    PARTLY_PAID = "partly_paid", "La banque refuse un lot entier dont un virement est déjà exécuté ou retourné."


class Nothing(StrEnum):
    """Why nothing has to be done."""

    KNOWN = "known"
    """It was told before."""
    EARLY = "early"
    """The bank answers before the sending is written down here: to be taken again once it is."""


Outcome = Step | Note | Nothing | Contradiction


@dataclass(frozen=True, slots=True)
class Heard:
    """What the bank tells of one transfer: euros, unless `currency` says otherwise; `amount` may be left untold."""

    what: What
    amount: Decimal | None = None
    currency: str = EURO
    booked_on: date | None = None
    bank_reference: str = ""
    rank: int = 1
    """Whether it is the first of its like in its file, or the second: the same file says nothing twice for nothing."""
    duplicate: bool = False
    """Whether it is refused as a copy of what the bank has: the first may be on its way."""


_ANSWERS: dict[tuple[Standing, What], Outcome] = {
    (Standing.SENT,     What.ACCEPTED): Note.ACCEPTANCE,
    (Standing.SENT,     What.REJECTED): Step.FAIL,
    (Standing.SENT,     What.BOOKED):   Step.EXECUTE,
    (Standing.SENT,     What.RETURNED): Step.RETURN,
    (Standing.EXECUTED, What.ACCEPTED): Note.ACCEPTANCE,
    (Standing.EXECUTED, What.REJECTED): Contradiction.PAID_THEN_REJECTED,
    (Standing.EXECUTED, What.BOOKED):   Note.CONFIRMATION,
    (Standing.EXECUTED, What.RETURNED): Step.RETURN,
    (Standing.UNPAID,   What.ACCEPTED): Note.ACCEPTANCE,
    (Standing.UNPAID,   What.REJECTED): Nothing.KNOWN,
    (Standing.UNPAID,   What.BOOKED):   Contradiction.REJECTED_THEN_PAID,
    (Standing.UNPAID,   What.RETURNED): Contradiction.REJECTED_THEN_PAID,
    (Standing.RETURNED, What.ACCEPTED): Note.ACCEPTANCE,
    (Standing.RETURNED, What.REJECTED): Contradiction.PAID_THEN_REJECTED,
    (Standing.RETURNED, What.BOOKED):   Note.EXECUTION,
    (Standing.RETURNED, What.RETURNED): Contradiction.RETURNED_TWICE,
}  # fmt: skip

_TWICE = {What.BOOKED: Contradiction.PAID_TWICE, What.RETURNED: Contradiction.RETURNED_TWICE}


def settle(
    standing: Standing, told: Heard, *, amount: Decimal, before: Sequence[Heard] = (), leaving: bool = False
) -> Outcome:
    """Return the step that an order takes, what is noted of it, why nothing is done, or why a person has to look.

    `amount`: of the order, in euros; `before`: what was told of it and applied; `leaving`: whether it is in a batch
    that is not known to have left. Nothing here depends on which of two files came first, but for contradictions.
    """
    if told.currency != EURO:
        return Contradiction.CURRENCY
    if told.amount not in {None, amount}:
        return Contradiction.AMOUNT
    if standing in {Standing.ORDERED, Standing.APPROVED, Standing.REJECTED}:
        return Nothing.EARLY if leaving and standing == Standing.APPROVED else Contradiction.NEVER_SENT
    if told.what == What.REJECTED and told.duplicate:
        return Contradiction.ALREADY_RECEIVED
    likewise = [heard for heard in before if heard.what == told.what]
    if any(_is_same(heard, told) for heard in likewise):
        return Nothing.KNOWN
    return _TWICE[told.what] if likewise else _ANSWERS[standing, told.what]


class BatchWord(StrEnum):
    """What a bank may tell of a whole batch."""

    ACCEPTED = "file_accepted"
    REFUSED = "file_refused"
    BOOKED = "booked"


def settle_batch(
    word: BatchWord,
    sums: Mapping[Standing, Decimal],
    *,
    amount: Decimal | None = None,
    currency: str = EURO,
    refused: bool = False,
    leaving: bool = True,
    unbooked: bool = False,
    duplicate: bool = False,
) -> Outcome:
    """Return the step of the orders of a batch that are still on their way, or why there is none.

    `sums`: the euros of its orders, by where they stand; `amount`: what was booked as one sum; `refused`: whether the
    bank is known to have refused it whole; `leaving`: whether nobody has yet to sign it; `unbooked`: whether some were
    returned of which no execution was told; `duplicate`: whether it is refused as a copy of what the bank has.
    """
    if leaving and Standing.APPROVED in sums:
        return Nothing.EARLY
    if not sums or Standing.APPROVED in sums:
        return Contradiction.NEVER_SENT
    if word == BatchWord.ACCEPTED:
        return Note.ACCEPTANCE
    if word == BatchWord.REFUSED and duplicate:
        return Contradiction.ALREADY_RECEIVED
    if word == BatchWord.REFUSED and {Standing.EXECUTED, Standing.RETURNED} & set(sums):
        return Contradiction.PARTLY_PAID
    if word == BatchWord.BOOKED and currency != EURO:
        return Contradiction.CURRENCY
    if word == BatchWord.BOOKED and amount != (whole := sum(sums.values(), Decimal(0))) - sums.get(Standing.UNPAID, 0):
        return Contradiction.REJECTED_THEN_PAID if amount == whole else Contradiction.AMOUNT
    if word == BatchWord.REFUSED:
        return Nothing.KNOWN if refused else Step.FAIL
    if Standing.SENT in sums:
        return Step.EXECUTE
    return Note.EXECUTION if unbooked else Nothing.KNOWN


def may_be_booked(on: date, *, today: date, sent_on: date | None) -> bool:
    """Tell whether a bank may have booked on this day what left on another, if it is known to have left."""
    return on <= today and (sent_on is None or on >= sent_on - _EARLIER)


def _is_same(one: Heard, other: Heard) -> bool:
    """Tell whether two files tell the same fact: statements and advices do not all give the bank's reference."""
    if one.what in {What.ACCEPTED, What.REJECTED}:
        return True
    if one.rank != other.rank:
        return False
    same_day = one.booked_on == other.booked_on or None in {one.booked_on, other.booked_on}
    same_reference = one.bank_reference == other.bank_reference or "" in {one.bank_reference, other.bank_reference}
    return same_day and same_reference
