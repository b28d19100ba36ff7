"""Each euro of a debt is in the ledger: what is claimed, what came back, what is given back, what is given up."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from escale.domain.debts import actions as debts
from escale.domain.debts.models import Debt, Recovery, Way
from escale.domain.ledger.models import AccountingEntry, EntryLine
from escale.domain.payments import actions as payments
from escale.rules import budgets
from tests import factories
from tests.domain.debts import debts as told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

OWED, TO_GIVE_BACK, RECEIVED, SPENT = "4091", "4664", "471", "472"
CHARGE, GIVEN_UP, INDEMNITY, BENEFITS = "65611", "6541", "7588", "4071"


def moved(debt: Debt) -> dict[str, Decimal]:
    """What the pieces of a debt moved on each account, in debit, where something is left."""
    connection.check_constraints()
    lines = EntryLine.objects.filter(entry__piece__startswith=f"{debt.reference}-").order_by()
    sums = dict(lines.values_list("account").annotate(left=Sum("debit") - Sum("credit")))
    return {account: left for account, left in sums.items() if left}


def agrees(debt: Debt) -> None:
    """What the ledger says somebody owes, or is owed, is what the debt says."""
    debt.refresh_from_db()
    left = moved(debt)
    assert left.get(OWED, 0) == debt.left
    assert left.get(TO_GIVE_BACK, 0) == -debt.surplus


def give_back(debt: Debt, amount: Decimal) -> Recovery:
    came = {"way": Way.TRANSFER, "on": timezone.localdate(), "proof": "Virement 13", "request_key": uuid4()}
    return debts.give_back(debt=debt, amount=amount, by=told.supervisor(), **came)


def undo(recovery: Recovery) -> None:
    debts.correct(recovery=recovery, words="Erreur.", request_key=uuid4(), by=told.supervisor())


def test_nothing_is_posted_of_what_nobody_signed():
    assert moved(told.proposed()) == moved(told.dropped()) == {}


@pytest.mark.parametrize(
    ("reach", "left"),
    [
        (told.notified, {OWED: 19, CHARGE: -19}),
        (told.rectified, {OWED: Decimal("1.20"), CHARGE: Decimal("-1.20")}),
        (told.recovered, {RECEIVED: 19, CHARGE: -19}),
        (told.cancelled, {}),
        (told.abandoned, {GIVEN_UP: 19, CHARGE: -19}),
    ],
)
def test_where_a_debt_stands_is_what_the_ledger_says(reach: Callable[[], Debt], left: dict[str, Decimal]):
    debt = reach()
    assert moved(debt) == left
    agrees(debt)


def test_what_is_withheld_is_taken_from_what_is_to_be_paid():
    debt = told.read()
    debts.agree_withholding(debt=debt, by=told.owner(debt))
    told.record(debt, Decimal(4), way=Way.WITHHELD)
    assert moved(debt) == {OWED: 15, BENEFITS: 4, CHARGE: -19}


def test_the_indemnity_for_fraud_is_an_income_that_falls_with_the_debt():
    debt = told.read(told.notified(told.proposed(fraud=True)))
    assert moved(debt)[INDEMNITY] == -debt.supplement < 0
    debts.rectify_on_appeal(debt=debt, amounts={debt.lines.get().pk: Decimal(10)}, by=told.supervisor())
    assert moved(debt)[INDEMNITY] == -debt.supplement
    agrees(debt)
    debts.cancel(debt=debt, words="La commission l’a jugé.", by=told.supervisor())
    assert moved(debt) == {}


def test_what_came_beyond_is_owed_to_the_person_until_it_is_given_back_or_claimed_again():
    debt = told.read()
    line = debt.lines.get().pk
    came = told.record(debt, Decimal(8))
    for lowered in (Decimal(6), Decimal(2)):
        debts.rectify_on_appeal(debt=debt, amounts={line: lowered}, by=told.supervisor())
        agrees(debt)
    assert moved(debt) == {RECEIVED: 8, TO_GIVE_BACK: -6, CHARGE: -2}
    given = give_back(debt, Decimal(5))
    assert moved(debt) == {RECEIVED: 8, TO_GIVE_BACK: -1, SPENT: -5, CHARGE: -2}
    for wrong in (given, came):
        undo(wrong)
        agrees(debt)
    assert moved(debt) == {OWED: 2, CHARGE: -2}


def test_a_sum_undone_once_a_debt_is_given_up_is_given_up_too():
    debt = told.notified()
    came = told.record(debt, Decimal(4))
    debts.abandon(debt=debt, words="Sous le seuil.", by=told.supervisor())
    assert moved(debt)[GIVEN_UP] == 15
    undo(came)
    assert moved(debt) == {GIVEN_UP: 19, CHARGE: -19}


def test_debts_told_before_the_ledger_knew_of_them_are_taken_in_charge():
    debt = told.read()
    undo(told.record(debt, Decimal(3)))
    told.record(debt, Decimal(8))
    debts.rectify_on_appeal(debt=debt, amounts={debt.lines.get().pk: Decimal(2)}, by=told.supervisor())
    given = give_back(debt, Decimal(5))
    before = moved(debt)
    with connection.cursor() as cursor:
        cursor.execute("""
            SET CONSTRAINTS ALL IMMEDIATE;
            ALTER TABLE ledger_entryline DISABLE TRIGGER USER; ALTER TABLE ledger_accountingentry DISABLE TRIGGER USER;
            DELETE FROM ledger_entryline; DELETE FROM ledger_accountingentry;
            ALTER TABLE ledger_entryline ENABLE TRIGGER USER; ALTER TABLE ledger_accountingentry ENABLE TRIGGER USER;
            SET CONSTRAINTS ALL DEFERRED;
        """)
    import_module("escale.domain.debts.migrations.0004_what_was_claimed_before").take_in_charge(apps, None)
    assert moved(debt) == before
    undo(given)
    agrees(debt)


def test_what_a_debt_moves_is_of_the_budget_that_bears_its_payment():
    debt = told.notified()
    order = debt.decision.order
    lines = EntryLine.objects.filter(entry__piece__startswith=f"{debt.reference}-")
    assert {(one.budget, one.account == OWED, one.party_id) for one in lines} == {
        (order.budget, True, debt.insured_id), (order.budget, False, None),
    }  # fmt: skip


def test_a_debt_stays_of_its_budget_when_another_bears_its_payment():
    debt = told.notified()
    order, by = debt.decision.order, factories.accountant()
    moved_to = next(code for code in budgets.codes() if code != order.budget)
    move = payments.propose(order=order, budget=moved_to, reason="Erreur.", by=by)
    payments.give(reimputation=move, by=factories.accountant())
    debts.cancel(debt=debt, words="La commission l’a jugé.", by=told.supervisor())
    lines = EntryLine.objects.filter(entry__piece__startswith=f"{debt.reference}-")
    assert set(lines.values_list("budget", flat=True)) == {order.budget}
    assert moved(debt) == {}


def test_a_sum_is_dated_of_the_day_on_which_it_came_and_never_before_what_is_claimed(frozen):
    debt = told.read()
    came = timezone.localdate() + timedelta(days=2)
    frozen.shift(timedelta(days=9))
    for on in (came, came - timedelta(days=400)):
        told.record(debt, Decimal(1), on=on)
    claimed = AccountingEntry.objects.get(piece=f"{debt.reference}-1").on
    posted = AccountingEntry.objects.filter(event="debt_recovered").order_by("pk")
    assert list(posted.values_list("on", flat=True)) == [came, claimed]
