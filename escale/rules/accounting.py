"""The plan of accounts, and what each event writes in it: the schemes of the entries, in double entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from escale.rules import budgets, parameters
from escale.rules.named import Named

_NOTHING = Decimal(0)
_CHARGE, _FORMER = "charge", "former "


class JournalCode(Named):
    """The journals in which the entries are numbered."""

    CHARGES = "PC", "Prises en charge"
    BANK = "BQ", "Banque"
    DEBTS = "IN", "Indus"


class Event(StrEnum):
    """What happens to the money of the Fund, each with its scheme."""

    ORDER_APPROVED = "order_approved"
    VISA_CANCELLED = "visa_cancelled"
    REISSUE_APPROVED = "reissue_approved"
    REISSUE_CANCELLED = "reissue_cancelled"
    REIMPUTED = "reimputed"
    REIMPUTED_UNSENT = "reimputed_unsent"
    BATCH_SENT = "batch_sent"
    EXECUTED = "executed"
    UNPAID = "unpaid"
    RETURNED = "returned"
    PAID_AFTER_ALL = "paid_after_all"
    NEVER_PAID = "never_paid"
    DEBT_RECORDED = "debt_recorded"
    DEBT_REDUCED = "debt_reduced"
    INDEMNITY_RECORDED = "indemnity_recorded"
    INDEMNITY_REDUCED = "indemnity_reduced"
    DEBT_RECOVERED = "debt_recovered"
    DEBT_WITHHELD = "debt_withheld"
    DEBT_GIVEN_UP = "debt_given_up"
    DEBT_TAKEN_UP = "debt_taken_up"
    SURPLUS_FOUND = "surplus_found"
    SURPLUS_CLAIMED = "surplus_claimed"
    SURPLUS_RETURNED = "surplus_returned"
    BANK_RECEIPT = "bank_receipt"
    BANK_PAYMENT = "bank_payment"
    BANK_CHARGES = "bank_charges"
    BANK_INCOME = "bank_income"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the plan: auxiliary, it is kept person by person; in suspense, it should come back to nothing."""

    code: str
    label: str
    auxiliary: bool = False
    suspense: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """What an event writes: a journal, its words in French, and the account, or what stands for one, of each side."""

    journal: JournalCode
    label: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Some euros that an event moves: for which budget and which person, out of which budget when it leaves one."""

    amount: Decimal
    budget: str
    party: int | None = None
    former_budget: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry: euros on one side of an account."""

    account: str
    debit: Decimal
    credit: Decimal
    budget: str = ""
    party: int | None = None

    @property
    def reversed(self) -> "Line":
        """The line that undoes this one."""
        return Line(self.account, self.credit, self.debit, self.budget, self.party)


class NoAccount(LookupError):
    """The plan has no such account on that day."""


@lru_cache(maxsize=1_024)
def account(code: str, *, on: date) -> Account:
    """Return an account as the plan has it on a day, or had it: what was posted can always be told.

    :raises NoAccount: if it never had such an account.
    """
    rows = [row for row in parameters.table("accounting")["accounts"] if row["code"] == code]
    row = parameters.current(rows, on=on) or next(iter(rows), None)
    if row is None:
        raise NoAccount(code)
    return Account(code, row["label"], row.get("auxiliary", False), row.get("suspense", False))


def scheme(event: Event, *, on: date) -> Scheme:
    """Return what an event writes on a day; :raises NoAccount: if nothing says it."""
    rows = parameters.table("accounting")["schemes"]
    row = parameters.current((row for row in rows if row["event"] == event), on=on)
    if row is None:
        raise NoAccount(event)
    return Scheme(JournalCode(row["journal"]), row["label"], row["debit"], row["credit"])


def lines(event: Event, sums: Sequence[Sum], *, on: date) -> tuple[Line, ...]:
    """Return the lines that an event writes of some sums, debits first; they balance by what they are.

    An auxiliary account has one line for each sum, with its person; any other, one line for each budget, in its order.
    :raises NoAccount: if the plan has none for one of the sides.
    """
    found = scheme(event, on=on)
    return (*_side(found.debit, sums, on=on, debit=True), *_side(found.credit, sums, on=on, debit=False))


def charge(budget: str, *, on: date) -> str:
    """Return the account that bears what a budget pays; :raises LookupError: if there is no such budget on that day."""
    funder = budgets.budget(budget, on=on).funder
    rows = parameters.table("accounting")["charges"]
    row = parameters.current((row for row in rows if row["funder"] == funder), on=on)
    if row is None:
        raise NoAccount(funder)
    return str(row["account"])


def _side(side: str, sums: Sequence[Sum], *, on: date, debit: bool) -> Iterator[Line]:
    gathered: dict[tuple[str, str], Decimal] = {}
    for one in sums:
        budget = one.former_budget if side.startswith(_FORMER) else one.budget
        named = side.removeprefix(_FORMER)
        code = charge(budget, on=on) if named == _CHARGE else named
        if account(code, on=on).auxiliary:
            yield _line(code, one.amount, budget, one.party, debit=debit)
        else:
            gathered[code, budget] = gathered.get((code, budget), _NOTHING) + one.amount
    for (code, budget), amount in gathered.items():
        yield _line(code, amount, budget, debit=debit)


def _line(account: str, amount: Decimal, budget: str, party: int | None = None, *, debit: bool) -> Line:
    line = Line(account, amount, _NOTHING, budget, party)
    return line if debit else line.reversed
