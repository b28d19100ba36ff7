"""What a person finds of an order moves in the ledger what it moves in truth, from wherever the order stood."""

from collections import Counter
from datetime import date
from itertools import product

import pytest

from escale.rules import accounting
from escale.rules.reconciling import CannotBe, Verdict, posted
from escale.rules.settling import Standing

A_DAY = date(2026, 9, 15)
OWED = {
    Standing.SENT: {"5159": 1},
    Standing.EXECUTED: {"515": 1},
    Standing.UNPAID: {"4663": 1},
    Standing.RETURNED: {"4663": 1},
}
"""Where the sum of an order is, on the credit side, once its debt was approved and sent."""
LANDS = {
    Verdict.EXECUTED: Standing.EXECUTED,
    Verdict.RETURNED: Standing.RETURNED,
    Verdict.UNPAID: Standing.UNPAID,
}


def after(credits: dict[str, int], standing: Standing, verdict: Verdict, *, booked: bool) -> dict[str, int]:
    """The same accounts once the ledger is told."""
    sums = Counter(credits)
    for event in posted(standing, verdict, booked=booked):
        scheme = accounting.scheme(event, on=A_DAY)
        sums[scheme.credit] += 1
        sums[scheme.debit] -= 1
    return {account: sum_ for account, sum_ in sums.items() if sum_}


@pytest.mark.parametrize(("standing", "verdict"), list(product(OWED, LANDS)))
def test_the_sum_ends_where_what_was_found_says(standing, verdict):
    if (standing, verdict) == (Standing.RETURNED, Verdict.UNPAID):
        with pytest.raises(CannotBe):
            posted(standing, verdict, booked=True)
    else:
        assert after(OWED[standing], standing, verdict, booked=True) == OWED[LANDS[verdict]]


def test_a_return_told_before_its_execution_is_paid_after_all_in_full():
    told = {"5159": 1, "515": -1, "4663": 1}
    assert after(told, Standing.RETURNED, Verdict.EXECUTED, booked=False) == OWED[Standing.EXECUTED]


@pytest.mark.parametrize("standing", [Standing.ORDERED, Standing.APPROVED, Standing.REJECTED])
def test_what_never_left_was_neither_paid_nor_given_back(standing):
    assert posted(standing, Verdict.NOTHING, booked=False) == ()
    for verdict in LANDS:
        with pytest.raises(CannotBe):
            posted(standing, verdict, booked=False)
