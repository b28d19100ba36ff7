"""Whatever is posted and closed, by however many at once: balanced, numbered without a gap, its totals right."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum as Total
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from escale.domain.accounts.actor import Actor
from escale.domain.ledger import actions as ledger
from escale.domain.ledger import queries
from escale.domain.ledger.models import AccountingEntry, EntryLine
from escale.rules.accounting import Event
from escale.rules.deadlines import months_after
from tests import factories
from tests.domain.ledger.entries import committed, posted

FIRST = date(2026, 5, 1)
MONTHS = [months_after(FIRST, n) for n in range(4)]
POSTED = st.tuples(
    st.sampled_from(Event),
    st.sampled_from(["A", "B", "C"]),
    st.decimals("0.01", "9999.99", places=2).map(str),
    st.dates(FIRST, date(2026, 8, 31)),
)


def numbers() -> dict[str, list[int]]:
    """The numbers of the entries of each journal, in the order of their posting."""
    found: dict[str, list[int]] = {}
    for journal, number in AccountingEntry.objects.order_by("pk").values_list("journal", "number"):
        found.setdefault(journal, []).append(number)
    return found


def close_the_oldest(pair: tuple[Actor, Actor]) -> None:
    """Have two accountants close the oldest month that is over and not closed, if there is one."""
    if month := queries.not_closed().filter(first_on__lte=MONTHS[-1]).order_by("first_on").first():
        ledger.propose_closing(month=month, by=pair[0])
        ledger.close(month=month, by=pair[1])


def summed(month: date) -> dict[str, Decimal]:
    """What each account comes to at the end of a month, line by line."""
    rows = EntryLine.objects.filter(month__lte=month).order_by().values_list("account")
    return {code: debit - credit for code, debit, credit in rows.annotate(Total("debit"), Total("credit"))}


@pytest.mark.django_db
@given(acts=st.lists(st.one_of(POSTED, POSTED, st.none()), min_size=3, max_size=9))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None, phases=[Phase.generate]
)
def test_whatever_is_posted_and_closed_the_balance_holds_every_line(acts: list[tuple[Event, str, str, date] | None]):
    with transaction.atomic():
        pair = factories.accountant(), factories.accountant()
        for act in acts:
            if act is None:
                close_the_oldest(pair)
                continue
            event, piece, amount, on = act
            with suppress(ledger.AlreadyPosted):
                posted(piece, event=event, amount=amount, on=on)
        committed()
        assert all(found == list(range(1, len(found) + 1)) for found in numbers().values())
        for month in MONTHS:
            positions = queries.trial_balance(month)
            assert {one.account.code: one.closing for one in positions} == summed(month)
            assert sum(one.closing for one in positions) == 0
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_workers_who_post_at_once_number_without_a_gap_and_post_nothing_twice():
    posted("FIRST")
    pieces = [f"ORD-{n}" for n in range(12)]

    def work(_worker: int) -> int:
        """Post every piece, as the other worker does, and say how many were there already."""
        there = 0
        for piece in pieces:
            try:
                posted(piece)
            except ledger.AlreadyPosted:
                there += 1
        connection.close()
        return there

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) == len(pieces)
    assert sorted(numbers()["PC"]) == list(range(1, len(pieces) + 2))
