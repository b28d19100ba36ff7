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
from tests.domain.ledger.entries import A_DAY, committed, posted

pytestmark = pytest.mark.django_db


def execute(sql: str) -> None:
    """Have the database do this, and all that it does when a transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@transaction.atomic
def write(month: date, sides: Sequence[tuple[int, int]]) -> None:
    """Write an entry of these debits and credits, whatever they come to."""
    entry = AccountingEntry.objects.create(journal="BQ", piece="x", on=month, true_on=month, month_id=month)
    EntryLine.objects.bulk_create(
        EntryLine(entry=entry, month=month, account="515", debit=debit, credit=credit) for debit, credit in sides
    )
    committed()


def test_an_order_is_a_charge_of_its_budget_and_a_debt_to_somebody() -> None:
    person = factories.insured()
    told = posted(party=person, amount="10").lines.order_by("pk").values_list("account", "debit", "credit", "party")
    assert list(told) == [("65611", Decimal(10), Decimal(0), None), ("4071", Decimal(0), Decimal(10), person.pk)]


def test_an_entry_of_many_keeps_each_person_apart_and_sums_the_rest_by_budget() -> None:
    people = [factories.insured() for _ in range(3)]
    sums = [Sum(Decimal(10), budget, one.pk) for one, budget in zip(people, ("GENERAL", "GENERAL", "ASS"), strict=True)]
    entry = ledger.post(event=Event.BATCH_SENT, piece="LOT", sums=sums, on=A_DAY, by=SYSTEM)
    told = list(entry.lines.order_by("pk").values_list("account", "budget", "party", "debit", "credit"))
    assert told[:3] == [("4071", one.budget, one.party, Decimal(10), Decimal(0)) for one in sums]
    assert told[3:] == [
        ("5159", "GENERAL", None, Decimal(0), Decimal(20)),
        ("5159", "ASS", None, Decimal(0), Decimal(10)),
    ]


def test_numbers_follow_each_other_by_journal_and_year() -> None:
    several = [posted("A"), posted("B"), posted("L", event=Event.BATCH_SENT), posted("C", on=date(2025, 12, 31))]
    committed()
    for entry in several:
        entry.refresh_from_db()
    assert [str(one) for one in several] == ["PC-2026-1", "PC-2026-2", "BQ-2026-1", "PC-2025-1"]


def test_the_same_event_of_a_piece_is_posted_once() -> None:
    posted()
    with pytest.raises(ledger.AlreadyPosted):
        posted()
    assert AccountingEntry.objects.count() == 1


def test_an_entry_is_reversed_once_by_another_that_undoes_it() -> None:
    entry = posted(party=factories.insured())
    reversal = ledger.reverse(entry=entry, why="Ordre visé deux fois", by=factories.accountant())
    committed()
    undone = [(line.account, line.credit, line.debit, line.party) for line in reversal.lines.order_by("pk")]
    assert undone == [(line.account, line.debit, line.credit, line.party) for line in entry.lines.order_by("pk")]
    with pytest.raises(ledger.AlreadyPosted):
        ledger.reverse(entry=entry, why="Encore", by=factories.accountant())


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
