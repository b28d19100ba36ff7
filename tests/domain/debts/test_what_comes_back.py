"""What came back by mistake is corrected or given back, what the commission lowers is lowered, and a plan is kept."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.debts import actions as debts
from escale.domain.debts import letters, queries
from escale.domain.debts.lifecycle import Status
from escale.domain.debts.models import Debt, Way
from escale.domain.journal.models import Entry
from escale.jobs import after
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.debts import debts as told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def _give_back(debt: Debt, amount: Decimal) -> None:
    came = {"way": Way.TRANSFER, "on": timezone.localdate(), "proof": "Virement 13", "request_key": uuid4()}
    debts.give_back(debt=debt, amount=amount, by=told.supervisor(), **came)


def test_the_commission_lowers_a_debt_and_what_came_beyond_is_to_be_given_back(frozen: time_machine.Traveller):
    debt = told.read()
    line = debt.lines.get()
    told.record(debt, Decimal(5))
    with pytest.raises(Unacceptable):
        debts.rectify_on_appeal(debt=debt, amounts={line.pk: line.amount}, by=told.supervisor())
    debts.rectify_on_appeal(debt=debt, amounts={line.pk: Decimal(6)}, by=told.supervisor())
    assert (debt.status, debt.left, debt.surplus) == (Status.RECTIFIED, 1, 0)
    debts.rectify_on_appeal(debt=debt, amounts={line.pk: Decimal(2)}, by=told.supervisor())
    assert (debt.status, debt.recovered, debt.surplus) == (Status.RECOVERED, 2, 3)
    assert list(queries.queue(actor=factories.agent(), view=queries.View.TO_GIVE_BACK)) == [debt]
    with pytest.raises(Unacceptable):
        _give_back(debt, Decimal(4))
    frozen.shift(timedelta(days=6 * 366))
    after.forget_what_is_over()
    _give_back(debt, Decimal(3))
    assert not queries.queue(actor=factories.agent(), view=queries.View.TO_GIVE_BACK).exists()


def test_what_came_back_of_a_debt_that_is_cancelled_is_to_be_given_back():
    debt = told.recovered()
    debts.cancel(debt=debt, words="La commission l’a jugé.", by=told.supervisor())
    assert (debt.status, debt.recovered, debt.surplus, debt.left) == (Status.CANCELLED, 0, 19, 0)


def test_a_sum_written_by_mistake_is_undone_by_another_and_claimed_again():
    debt, both = told.read(), factories.account(Role.AGENT, Role.SUPERVISOR)
    wrong = told.record(debt, debt.left, by=Actor(Role.AGENT, both))
    undo = {"recovery": wrong, "words": "D’une autre personne.", "request_key": uuid4()}
    with pytest.raises(StepRefused, match="une autre personne"):
        debts.correct(by=Actor(Role.SUPERVISOR, both), **undo)
    undone = debts.correct(by=told.supervisor(), **undo)
    assert debts.correct(by=told.supervisor(), **undo) == undone
    debt.refresh_from_db()
    assert (debt.status, debt.ended_at, debt.left) == (Status.NOTIFIED, None, debt.total)
    assert sum(one.signed for one in debt.recoveries.all()) == 0
    with pytest.raises(StepRefused, match="de nouveau"):
        debts.correct(recovery=undone, words="x", request_key=uuid4(), by=told.supervisor())


def test_what_was_given_back_is_corrected_first():
    debt = told.read()
    wrong = told.record(debt, Decimal(5))
    debts.cancel(debt=debt, words="Rien n’était dû.", by=told.supervisor())
    _give_back(debt, Decimal(5))
    given = debt.recoveries.latest("pk")
    for recovery, left in ((wrong, None), (given, Decimal(5)), (wrong, Decimal(0))):
        undo = {"recovery": recovery, "words": "Erreur.", "request_key": uuid4(), "by": told.supervisor()}
        if left is None:
            with pytest.raises(StepRefused, match="rendue depuis"):
                debts.correct(**undo)
        else:
            debts.correct(**undo)
            debt.refresh_from_db()
            assert debt.surplus == left


def test_delays_run_from_the_reading_of_the_answer_or_from_its_registered_letter(frozen: time_machine.Traveller):
    read, posted = told.confirmed(), told.confirmed()
    assert queries.recoverable_from(read) is None
    assert queries.appealable_until(read) is None
    assert queries.waits(read)
    frozen.shift(timedelta(days=3))
    told.read(read)
    debts.note_receipt(debt=posted, received_on=date(2026, 9, 17), by=factories.agent())
    assert queries.recoverable_from(read) == date(2026, 9, 26)
    assert queries.recoverable_from(posted) == date(2026, 9, 25)
    assert queries.appealable_until(posted) == date(2026, 11, 17)
    with pytest.raises(StepRefused, match="déjà été reçue"):
        debts.note_receipt(debt=posted, received_on=date(2026, 9, 17), by=factories.agent())
    events = ["debt.read_notification", "debt.read_answer"]
    assert [Entry.objects.filter(event=event, subject=f"debts.debt:{read.pk}").count() for event in events] == [1, 1]


def test_nobody_is_called_while_a_plan_is_kept_and_one_that_is_not_is_agreed_on_anew(frozen: time_machine.Traveller):
    debt = told.read(days_ago=200)
    part = {"months": 2, "first_on": timezone.localdate(), "by": factories.agent()}
    debts.spread(debt=debt, **part)
    refused = [
        lambda: debts.call(debt=debt, by=told.supervisor()),
        lambda: debts.spread(debt=debt, **part),
    ]
    for step in refused:
        with pytest.raises(StepRefused, match="respecté"):
            step()
    frozen.shift(timedelta(days=1))
    assert list(queries.queue(actor=factories.agent(), view=queries.View.BROKEN)) == [debt]
    told.record(debt, debt.instalments.get(rank=1).amount)
    assert not queries.missed(debt)
    frozen.shift(timedelta(days=31))
    assert queries.missed(debt)
    debts.spread(debt=debt, **part | {"first_on": timezone.localdate()})
    frozen.shift(timedelta(days=1))
    debts.call(debt=debt, by=told.supervisor())
    assert debt.status == Status.CALLED


def test_a_number_is_above_the_highest():
    claim = told.paid()
    line = claim.bills.get().lines.get().pk
    first, second = (told.proposed(claim=claim, amounts={line: Decimal(1)}) for _ in range(2))
    first.delete()
    assert second.reference.endswith("-I2")
    assert told.proposed(claim=claim, amounts={line: Decimal(1)}).reference.endswith("-I3")


def test_the_registered_letter_says_what_the_page_says():
    debt = told.confirmed()
    assert letters.pdf(debt).startswith(b"%PDF-")
    assert letters.pdf(debt, answer=True).startswith(b"%PDF-")
    assert any("7 jours" in sentence for sentence in letters.answer_told(debt))
    assert letters.answer_told(told.read()) == ()
    with pytest.raises(ValueError, match="no answer"):
        letters.pdf(told.read(), answer=True)
