"""Entries and months of the ledger in each state, reached by the real steps."""

from datetime import date
from decimal import Decimal

from django.db import connection

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.ledger import actions as ledger
from escale.domain.ledger import queries
from escale.domain.ledger.models import AccountingEntry, AccountingMonth, MonthlyBalance
from escale.domain.registry.models import InsuredPerson
from escale.rules.accounting import Event, Sum
from tests import factories

A_DAY = date(2026, 8, 14)


def posted(
    piece: str = "ORD-1",
    *,
    event: Event = Event.ORDER_APPROVED,
    amount: str = "12.50",
    budget: str = "GENERAL",
    party: InsuredPerson | None = None,
    on: date = A_DAY,
) -> AccountingEntry:
    """An entry of one sum, by default of a month that is over."""
    former = "SMG" if event == Event.REIMPUTED else ""
    sums = [Sum(Decimal(amount), budget, party.pk if party else None, former)]
    return ledger.post(event=event, piece=piece, sums=sums, on=on, by=SYSTEM)


def committed() -> None:
    """Have the database do what it does when a transaction ends: balance and number the entries."""
    connection.check_constraints()


def proposed(month: AccountingMonth | None = None, *, by: Actor | None = None) -> AccountingMonth:
    """A month that an accountant proposed to close."""
    month = month or posted().month
    ledger.propose_closing(month=month, by=by or factories.accountant())
    return month


def closed(month: AccountingMonth | None = None) -> AccountingMonth:
    """A month that two accountants closed."""
    month = proposed(month)
    ledger.close(month=month, by=factories.accountant())
    return month


def balanced(month: AccountingMonth) -> None:
    """Keep what a month came to, as its closing does."""
    moved = queries.moved_in(month.first_on)
    MonthlyBalance.objects.bulk_create(MonthlyBalance(month=month, **one) for one in moved)
