"""Entries: balanced, numbered without a gap, written once, each event of each piece only once."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from escale.domain.accounts.actor import SYSTEM
from escale.domain.ledger import actions as ledger
from escale.domain.ledger.models import AccountingEntry, EntryLine
from escale.rules.accounting import Event, Sum
from tests import factories

pytestmark = pytest.mark.django_db

A_DAY = date(2026, 9, 14)


def posted(piece: str = "ORD-1", *, event: Event = Event.ORDER_APPROVED, amount: str = "12.50", on: date = A_DAY):
    """An entry of one sum, for nobody in particular."""
    return ledger.post(event=event, piece=piece, sums=[Sum(Decimal(amount), "GENERAL")], on=on, by=SYSTEM)


def committed() -> None:
    """Have the database do what it does when a transaction ends."""
    connection.check_constraints()


def execute(sql: str) -> None:
    """Have the database do this, and all that it does when a transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@transaction.atomic
def write(month: date, sides: Sequence[tuple[int, int]]) -> None:
    """Write an entry of these debits and credits, whatever they come to."""
    entry = AccountingEntry.objects.create(journal="bank", piece="x", on=month, true_on=month, month_id=month)
    EntryLine.objects.bulk_create(
        EntryLine(entry=entry, month=month, account="515", debit=debit, credit=credit) for debit, credit in sides
    )
    committed()


def test_an_order_of_somebody_is_a_charge_of_its_budget_and_a_debt_to_them() -> None:
    person = factories.insured()
    entry = ledger.post(
        event=Event.ORDER_APPROVED, piece="ORD-1", sums=[Sum(Decimal(10), "GENERAL", person.pk)], on=A_DAY, by=SYSTEM
    )
    told = entry.lines.order_by("pk").values_list("account", "debit", "credit", "party")
    assert list(told) == [("65611", Decimal(10), Decimal(0), None), ("4071", Decimal(0), Decimal(10), person.pk)]


def test_numbers_follow_each_other_by_journal_and_year() -> None:
    several = [posted("A"), posted("B"), posted("L", event=Event.BATCH_SENT), posted("C", on=date(2025, 12, 31))]
    committed()
    for entry in several:
        entry.refresh_from_db()
    assert [(one.journal, one.year, one.number) for one in several] == [
        ("charges", 2026, 1), ("charges", 2026, 2), ("bank", 2026, 1), ("charges", 2025, 1),
    ]  # fmt: skip


def test_the_same_event_of_a_piece_is_posted_once() -> None:
    posted()
    with pytest.raises(ledger.AlreadyPosted):
        posted()
    assert AccountingEntry.objects.count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_accountingentry SET text = 'autre'",
        "UPDATE ledger_accountingentry SET number = 7",
        "DELETE FROM ledger_accountingentry",
        "TRUNCATE ledger_accountingentry CASCADE",
        "UPDATE ledger_entryline SET account = '515'",
        "DELETE FROM ledger_entryline",
        "INSERT INTO ledger_entryline (entry_id, month, account, budget, debit, credit)"
        " SELECT id, month_id, '515', '', 5, 0 FROM ledger_accountingentry",
    ],
)
def test_the_database_refuses_to_change_what_is_written(sql: str) -> None:
    posted()
    committed()
    with pytest.raises(IntegrityError):
        execute(sql)


@pytest.mark.parametrize("sides", [(), ((10, 0),), ((10, 0), (0, 9)), ((10, 0), (5, 0), (0, 10))])
def test_the_database_refuses_an_entry_that_does_not_balance(sides: Sequence[tuple[int, int]]) -> None:
    month = posted().month_id
    with pytest.raises(IntegrityError, match="balanced"):
        write(month, sides)
