"""What was paid by mistake is claimed back by two people, told with its delays, rectified, spread, recovered once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.debts import actions as debts
from escale.domain.debts import queries
from escale.domain.debts.lifecycle import Status
from escale.domain.debts.models import Debt, Recovery, Way
from escale.domain.notices.models import Notice
from escale.jobs import after
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.conftest import Work
from tests.domain.debts import debts as told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def test_two_people_open_a_debt_and_nobody_is_told_before():
    both = factories.account(Role.AGENT, Role.SUPERVISOR)
    debt = told.proposed(by=Actor(Role.AGENT, both))
    owner = told.owner(debt)
    assert not Debt.objects.visible_to(owner).exists()
    for step in (debts.sign, lambda **who: debts.drop(words="x", **who)):
        with pytest.raises(StepRefused, match="une autre personne"):
            step(debt=debt, by=Actor(Role.SUPERVISOR, both))
    debts.sign(debt=debt, by=told.supervisor())
    assert Debt.objects.visible_to(owner).get().status == Status.NOTIFIED


def test_no_more_is_claimed_of_a_line_than_was_paid_for_it_in_all_debts():
    claim = told.paid()
    line = claim.bills.get().lines.get()
    told.proposed(claim=claim, amounts={line.pk: line.due - 1})
    with pytest.raises(Unacceptable) as refused:
        told.proposed(claim=claim, amounts={line.pk: Decimal("1.01")})
    assert set(refused.value.errors) == {f"line-{line.pk}"}
    assert told.proposed(claim=claim, amounts={line.pk: Decimal(1)}).reference.endswith("-I2")


@pytest.mark.parametrize(("wrong", "field"), [
    ({"amounts": {}}, "amounts"), ({"amounts": {0: Decimal(1)}}, "amounts"), ({"words": " "}, "words"),
])  # fmt: skip
def test_a_debt_has_a_sum_of_its_lines_and_a_reason(wrong, field):
    with pytest.raises(Unacceptable) as refused:
        told.proposed(**wrong)
    assert set(refused.value.errors) == {field}


def test_what_was_not_paid_is_not_claimed_back():
    with pytest.raises(StepRefused, match="pas été payée"):
        told.proposed(claim=factories.approved())


def test_two_years_after_the_payment_only_a_fraud_is_claimed_back(frozen: time_machine.Traveller):
    claim = told.paid()
    waiting = told.proposed(claim=claim, amounts={claim.bills.get().lines.get().pk: Decimal(1)})
    frozen.shift(timedelta(days=2 * 366 + 7))
    with pytest.raises(StepRefused, match="L. 160-11"):
        debts.sign(debt=waiting, by=told.supervisor())
    with pytest.raises(Unacceptable):
        told.proposed(claim=claim)
    debt = told.proposed(claim=claim, amounts={claim.bills.get().lines.get().pk: Decimal("10.05")}, fraud=True)
    assert (debt.amount, debt.supplement, debt.total) == (Decimal("10.05"), Decimal("1.01"), Decimal("11.06"))


def test_delays_run_from_the_first_reading_or_from_the_registered_letter(frozen: time_machine.Traveller):
    debt = told.notified()
    assert queries.rectifiable_until(debt) is None
    assert queries.waits(debt)
    frozen.shift(timedelta(days=3))
    debts.note_receipt(debt=debt, received_on=date(2026, 9, 17), by=factories.agent())
    told.read(debt)
    assert (debt.received_on, timezone.localdate(debt.read_at)) == (date(2026, 9, 17), date(2026, 9, 18))
    assert queries.rectifiable_until(debt) == date(2026, 10, 7)
    assert queries.recoverable_from(debt) == date(2026, 10, 8)


def test_a_rectification_is_asked_in_time_and_silence_refuses_it(frozen: time_machine.Traveller, work: Work):
    late, debt = told.read(), told.contested()
    frozen.shift(timedelta(days=21))
    with pytest.raises(StepRefused, match="saisissez la commission"):
        debts.contest(debt=late, words="Non.", by=told.owner(late))
    frozen.move_to("2026-10-15T12:00:00+02:00")
    after.let_silence_speak()
    debt.refresh_from_db()
    assert debt.status == Status.CONTESTED
    frozen.shift(timedelta(days=1))
    after.let_silence_speak()
    debt.refresh_from_db()
    assert debt.status == Status.CONFIRMED
    assert queries.recoverable_from(debt) == date(2026, 12, 16)
    work()
    notices = Notice.objects.filter(kind="debt_told", account=debt.insured.account)
    assert [notice.title for notice in notices] == ["Un courrier vous attend dans Mon compte"] * 2


def test_a_rectification_lowers_the_sum_and_never_raises_it():
    debt = told.contested()
    line = debt.lines.get()
    for amount in (line.amount, line.amount + 1, Decimal(0)):
        with pytest.raises(Unacceptable):
            debts.rectify(debt=debt, amounts={line.pk: amount}, words="Voyez.", by=told.supervisor())
    debts.rectify(debt=debt, amounts={line.pk: Decimal("1.20")}, words="Voyez.", by=told.supervisor())
    debt.refresh_from_db()
    assert (debt.total, debt.status) == (Decimal("1.20"), Status.RECTIFIED)


def test_a_plan_is_asked_and_agreed_and_makes_the_sum():
    debt = told.read()
    for months in (0, 13):
        with pytest.raises(Unacceptable):
            debts.ask_plan(debt=debt, months=months, by=told.owner(debt))
    debts.ask_plan(debt=debt, months=3, by=told.owner(debt))
    debts.spread(debt=debt, months=debt.plan_months, first_on=date(2026, 9, 30), by=factories.agent())
    parts = list(debt.instalments.order_by("rank"))
    assert [part.due_on for part in parts] == [date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 30)]
    assert sum(part.amount for part in parts) == debt.total


def test_sums_come_back_once_each_until_nothing_is_left():
    debt = told.read()
    came = told.record(debt, Decimal(1))
    assert told.record(debt, Decimal(1), request_key=came.request_key) == came
    with pytest.raises(Unacceptable):
        told.record(debt, debt.left + 1)
    told.record(debt, debt.left)
    debt.refresh_from_db()
    assert (debt.status, debt.recovered, debt.left) == (Status.RECOVERED, debt.total, 0)


def test_the_database_keeps_what_came_back_and_no_more_than_is_owed():
    debt = told.read()
    told.record(debt, Decimal(1))
    for wrong in (Recovery.objects.filter(debt=debt), Debt.objects.filter(pk=debt.pk)):
        column = "amount" if wrong.model is Recovery else "recovered"
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.update(**{column: Decimal(9999)})


def test_nothing_is_withheld_before_the_delays_without_agreement():
    debt = told.read()
    with pytest.raises(Unacceptable):
        told.record(debt, Decimal(1), way=Way.WITHHELD)
    debts.agree_withholding(debt=debt, by=told.owner(debt))
    told.record(debt, Decimal(1), way=Way.WITHHELD)
    told.record(told.read(days_ago=21), Decimal(1), way=Way.WITHHELD)


def test_nobody_is_called_before_the_delays_nor_constrained_before_a_call():
    with pytest.raises(StepRefused, match="pas encore passés"):
        debts.call(debt=told.read(days_ago=40), by=told.supervisor())
    debt = told.called()
    with pytest.raises(StepRefused, match="mise en demeure"):
        debts.constrain(debt=debt, by=told.supervisor())
    assert told.constrained().status == Status.CONSTRAINED


def test_only_a_small_debt_is_abandoned():
    debt = told.notified()
    Debt.objects.filter(pk=debt.pk).update(amount=28)
    with pytest.raises(StepRefused, match="seuil"):
        debts.abandon(debt=debt, words="Petit.", by=told.supervisor())
    Debt.objects.filter(pk=debt.pk).update(amount=Decimal("27.99"))
    debts.abandon(debt=debt, words="Petit.", by=told.supervisor())
    assert debt.status == Status.ABANDONED


def test_a_debt_is_forgotten_years_after_its_end(frozen: time_machine.Traveller):
    told.recovered()
    frozen.shift(timedelta(days=5 * 366))
    after.forget_what_is_over()
    assert not Debt.objects.exists()
