"""The schemes of the entries: whatever the event and the sums, what they write balances on accounts of the plan."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escale.rules import accounting, budgets, parameters
from escale.rules.accounting import Event, JournalCode, Line, NoAccount, Sum
from escale.rules.budgets import Funder

TODAY = date(2026, 9, 15)
BUDGETS = st.sampled_from(budgets.codes())
SUMS = st.lists(
    st.builds(
        Sum,
        amount=st.decimals("0.01", "999999999.99", places=2),
        budget=BUDGETS,
        party=st.integers(1, 5),
        former_budget=BUDGETS,
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("event", Event)
@given(sums=SUMS)
@settings(max_examples=25)
def test_what_an_event_writes_balances_and_holds_every_euro(event: Event, sums: list[Sum]) -> None:
    lines = accounting.lines(event, sums, on=TODAY)
    moved = sum(one.amount for one in sums)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == moved
    assert all(min(line.debit, line.credit) == 0 < max(line.debit, line.credit) for line in lines)
    by_person = [line for line in lines if accounting.account(line.account, on=TODAY).auxiliary]
    assert len(by_person) in {0, len(sums), 2 * len(sums)}
    assert all((line.party is None) == (line not in by_person) for line in lines)


def test_every_scheme_is_of_an_event_and_every_charge_of_a_funder() -> None:
    table = parameters.table("accounting")
    assert sorted(row["event"] for row in table["schemes"]) == sorted(Event)
    assert {row["funder"] for row in table["charges"]} == set(Funder)
    assert {row["journal"] for row in table["schemes"]} == set(JournalCode)


def test_a_reimputation_leaves_a_budget_for_another() -> None:
    moved = [Sum(Decimal(10), "SMG", former_budget="GENERAL")]
    assert accounting.lines(Event.REIMPUTED, moved, on=TODAY) == (
        Line("4431", Decimal(10), Decimal(0), "SMG"),
        Line("65611", Decimal(0), Decimal(10), "GENERAL"),
    )


def test_an_account_that_the_plan_never_had_is_unknown() -> None:
    with pytest.raises(NoAccount):
        accounting.account("999", on=TODAY)
