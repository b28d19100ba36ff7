"""Months: closed by two people, in their order, for good; what comes late is dated in the next, with its own day."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from escale.domain.ledger import actions as ledger
from escale.domain.ledger import queries
from escale.domain.ledger.lifecycle import Status
from escale.domain.ledger.models import AccountingEntry, AccountingMonth, MonthlyBalance
from escale.rules.accounting import Event
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.ledger.entries import A_DAY, closed, committed, posted, proposed

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)


def test_who_proposed_to_close_a_month_does_not_close_it() -> None:
    one = factories.accountant()
    month = proposed(by=one)
    with pytest.raises(StepRefused, match="Vous avez proposé"):
        ledger.close(month=month, by=one)
    ledger.close(month=month, by=factories.accountant())
    assert month.status == Status.CLOSED


def test_a_month_that_is_not_over_or_not_the_oldest_is_not_closed() -> None:
    for on in (A_DAY, JULY, date(2026, 9, 15)):
        posted(f"ORD-{on}", on=on)
    with pytest.raises(StepRefused, match="terminé"):
        proposed(AccountingMonth.objects.get(pk=SEPTEMBER))
    with pytest.raises(StepRefused, match="dans l’ordre"):
        proposed(AccountingMonth.objects.get(pk=AUGUST))


def test_what_comes_after_the_closing_is_dated_in_the_next_month_and_says_its_own_day() -> None:
    closed()
    late = posted("ORD-2")
    assert (late.on, late.true_on, late.is_late) == (SEPTEMBER, A_DAY, True)


def test_the_database_refuses_an_entry_of_a_closed_month() -> None:
    month = closed()
    with pytest.raises(IntegrityError, match="open month"), transaction.atomic():
        AccountingEntry.objects.create(journal="BQ", piece="x", on=A_DAY, true_on=A_DAY, month=month)


def test_the_database_refuses_a_month_before_a_closed_one_or_to_open_one_again() -> None:
    month = closed()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountingMonth.objects.create(first_on=JULY)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountingMonth.objects.filter(pk=month.pk).update(status=Status.OPEN)


def test_the_database_refuses_balances_that_its_lines_do_not_make() -> None:
    month = proposed()
    MonthlyBalance.objects.create(month=month, account="515", debit=1, credit=0)
    with pytest.raises(IntegrityError, match="sums of its lines"):
        ledger.close(month=month, by=factories.accountant())


def test_a_balance_is_the_same_before_and_after_its_month_is_closed() -> None:
    posted("A", on=JULY)
    posted("B", budget="ASS", amount="30")
    posted("B", event=Event.BATCH_SENT, budget="ASS", amount="30")
    committed()
    before = {month: queries.trial_balance(month) for month in (JULY, AUGUST, SEPTEMBER)}
    for month in (JULY, AUGUST):
        closed(AccountingMonth.objects.get(pk=month))
    assert {month: queries.trial_balance(month) for month in before} == before
    closing = {one.account.code: one.closing for one in before[SEPTEMBER]}
    assert closing == {"4071": Decimal("-12.50"), "5159": Decimal(-30), "65611": Decimal("12.50"), "65621": Decimal(30)}
    assert [one.account.code for one in queries.in_suspense(before[SEPTEMBER])] == ["5159"]
    of_one_budget = [one.closing for one in queries.trial_balance(AUGUST, budget="ASS")]
    assert of_one_budget == [Decimal(0), Decimal(-30), Decimal(30)]


def test_a_month_is_not_closed_once_an_older_one_is_opened() -> None:
    month = proposed()
    posted("ORD-JULY", on=JULY)
    with pytest.raises(StepRefused, match="dans l’ordre"):
        ledger.close(month=month, by=factories.accountant())
