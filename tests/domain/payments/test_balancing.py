"""What the bank holds is what the ledger says, or what is between them is told: nothing is left in the dark."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from escale.domain.ledger import actions as ledger
from escale.domain.ledger.models import AccountingMonth
from escale.domain.payments import balancing
from escale.domain.payments.models import Discrepancy
from escale.rules.reconciling import Nature, Verdict
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.statements import TODAY, Movement, account, statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

MONTH = date(2026, 9, 1)


def today() -> balancing.Comparison:
    return balancing.compared(account(), MONTH)[-1]


def test_what_was_paid_explains_what_left_the_account():
    bank.says(statement("1000.00", on=date(2026, 9, 14), number=1, opening="1000.00"))
    bank.says(bank.books(bank.sent(bank.owed(factories.insured()))))
    bank.says(statement("957.90", number=2, opening="1000.00"))
    row = today()
    assert (row.gap, row.booked, row.brought) == ("", Decimal("-42.10"), 1000)
    assert row.difference == 1000
    assert not row.unexplained


def test_what_nobody_explained_yet_is_what_makes_the_difference_until_two_people_enter_it():
    moved = [Movement("25.00", words="CHEQUE"), Movement("3.50", "DBIT", "R2", "FRAIS DE TENUE")]
    bank.says(statement("1021.50", number=1, opening="1000.00", moved=moved))
    assert (today().unposted, today().unexplained) == (Decimal("21.50"), 0)
    until, actor = date(2026, 10, 1), factories.accountant()
    for most in (1, 2):
        assert len(balancing.unposted_facts(account(), before=until, actor=actor, most=most)) == most
    for nature in (Nature.RECEIPT, Nature.CHARGES):
        told = Discrepancy.objects.open().earliest("pk")
        bank.payments.explain(
            discrepancy=told, verdict=Verdict.ENTRY, nature=nature, words="Vu.", by=factories.accountant()
        )
        assert today().unposted
        bank.payments.reconcile(discrepancy=told, by=factories.accountant())
    assert (today().unposted, today().booked, today().unexplained) == (0, Decimal("21.50"), 0)


def test_what_the_bank_says_nothing_of_is_told_as_unexplained():
    bank.says(statement("1000.00", on=date(2026, 9, 14), number=1, opening="1000.00"))
    bank.says(statement("990.00", number=3, opening="995.00"))
    assert (today().unexplained, today().gap) == (-10, "Le relevé n° 2 manque.")


def test_the_statements_of_one_day_are_closed_by_the_last(frozen: time_machine.Traveller):
    bank.says(statement("900.00", number=2, opening="950.00"))
    bank.says(statement("950.00", number=1, opening="1000.00"))
    row = today()
    assert (len(balancing.compared(account(), MONTH)), row.gap, row.statement.closing) == (1, "", 900)
    frozen.shift(timedelta(days=30))
    bank.says(statement("900.00", on=date(2026, 10, 5), number=3, opening="900.00"))
    assert [row.gap for row in balancing.compared(account(), date(2026, 10, 1))] == [""]


def test_what_is_dated_late_because_its_month_was_closed_is_said(frozen: time_machine.Traveller):
    batch = bank.sent(bank.owed(factories.insured()))
    bank.says(statement("957.90", number=1, opening="1000.00"))
    frozen.shift(timedelta(days=20))
    month = AccountingMonth.objects.get(first_on=MONTH)
    ledger.propose_closing(month=month, by=factories.accountant())
    ledger.close(month=month, by=factories.accountant())
    bank.says(bank.books(batch, on=TODAY))
    row = today()
    assert (row.booked, row.late, row.unexplained) == (0, Decimal("-42.10"), 0)
    bank.says(statement("957.90", on=date(2026, 10, 5), number=2, opening="957.90"))
    row = balancing.compared(account(), date(2026, 10, 1))[-1]
    assert (row.booked, row.late, row.unexplained) == (Decimal("-42.10"), 0, 0)


def test_a_transfer_of_which_the_bank_says_nothing_is_looked_for(frozen: time_machine.Traveller):
    silent, answered = bank.owed(factories.insured()), bank.owed(factories.insured())
    batch = bank.sent(silent, answered)
    bank.says(bank.books(batch, answered))
    frozen.shift(batch.execution_on - TODAY + timedelta(days=3))
    accountant = factories.accountant()
    assert not balancing.unanswered(actor=accountant)
    frozen.shift(timedelta(days=1))
    assert list(balancing.unanswered(actor=accountant)) == [silent]
    assert not balancing.unanswered(actor=factories.agent())


def test_a_month_is_compared_in_as_many_queries_whatever_it_holds(django_assert_max_num_queries):
    for day in range(1, 13):
        bank.says(statement("0.00", on=date(2026, 9, day), number=day, moved=[Movement("5.00", reference=f"R{day}")]))
    with django_assert_max_num_queries(12):
        assert len(balancing.compared(account(), MONTH)) == 12
