"""What moved on the account and comes of no order is entered in the ledger by two people, on the day of the bank."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from escale.domain.ledger.models import AccountingEntry, EntryLine
from escale.domain.payments.lifecycle import DiscrepancyStatus, OrderStatus
from escale.domain.payments.models import Discrepancy
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import Nature, Verdict
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.statements import TODAY, Movement, statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def moved(amount: str = "25.00", sign: str = "CRDT") -> Discrepancy:
    bank.says(statement("0.00", moved=[Movement(amount, sign)]))
    return Discrepancy.objects.open().latest("pk")


def explain(told: Discrepancy, nature: Nature | None) -> None:
    bank.payments.explain(
        discrepancy=told, verdict=Verdict.ENTRY, nature=nature, words="Relevé n° 12.", by=factories.accountant()
    )


def entries_of(told: Discrepancy) -> list[AccountingEntry]:
    return list(AccountingEntry.objects.filter(piece=told.piece).order_by("pk"))


def sides(entry: AccountingEntry) -> list[tuple[str, Decimal, Decimal, str]]:
    return list(entry.lines.order_by("pk").values_list("account", "debit", "credit", "budget"))


@pytest.mark.parametrize(
    ("sign", "nature", "debit", "credit"),
    [
        ("CRDT", Nature.RECEIPT, "515", "471"),
        ("CRDT", Nature.INCOME, "515", "7588"),
        ("DBIT", Nature.PAYMENT, "472", "515"),
        ("DBIT", Nature.CHARGES, "627", "515"),
    ],
)
def test_two_people_enter_what_moved_on_the_day_of_the_bank(sign: str, nature: Nature, debit: str, credit: str):
    told = moved(sign=sign)
    explain(told, nature)
    assert not entries_of(told)
    with pytest.raises(StepRefused):
        bank.payments.reconcile(discrepancy=told, by=factories.Actor(factories.accountant().role, told.proposed_by))
    bank.payments.reconcile(discrepancy=told, by=factories.accountant())
    [entry] = entries_of(told)
    assert (entry.on, told.status) == (TODAY, DiscrepancyStatus.RECONCILED)
    assert sides(entry) == [(debit, 25, 0, "GENERAL"), (credit, 0, 25, "GENERAL")]


def test_what_came_in_is_not_entered_as_what_went_out_nor_as_nothing():
    told = moved()
    for wrong in (Nature.CHARGES, None):
        with pytest.raises(bank.payments.Unacceptable):
            explain(told, wrong)


def test_what_concerns_an_order_is_not_entered_apart_from_it():
    batch = bank.sent(bank.owed(factories.insured()))
    bank.says(bank.rejects(batch))
    bank.says(bank.books(batch))
    with pytest.raises(bank.payments.Unacceptable, match="concerne un ordre"):
        explain(Discrepancy.objects.get(), Nature.PAYMENT)


def test_what_the_bank_keeps_of_a_sum_that_it_gives_back_is_its_charges():
    order = bank.owed(factories.insured())
    batch = bank.sent(order)
    bank.says(bank.books(batch))
    bank.says(bank.returns(batch).replace(b"42.10", b"40.00"))
    told = Discrepancy.objects.get()
    bank.payments.explain(
        discrepancy=told, verdict=Verdict.RETURNED, on=TODAY, words="Frais retenus.", by=factories.accountant()
    )
    bank.payments.reconcile(discrepancy=told, by=factories.accountant())
    order.refresh_from_db()
    assert order.status == OrderStatus.RETURNED
    charges = AccountingEntry.objects.get(event="bank_charges")
    assert sides(charges)[0] == ("627", Decimal("2.10"), 0, "GENERAL")
    at_bank = EntryLine.objects.filter(account="515").aggregate(left=Sum("debit") - Sum("credit"))
    assert at_bank["left"] == Decimal("-2.10")
