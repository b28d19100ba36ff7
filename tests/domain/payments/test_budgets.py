"""What each budget bears: never more than its credits, moved by two people, and never written anew."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.ledger import queries as ledger
from escale.domain.payments import actions as payments
from escale.domain.payments import queries
from escale.domain.payments.models import PaymentOrder, Reimputation
from escale.rules import parameters
from escale.rules.accounting import Event
from escale.rules.imputation import Benefit, Imputation
from escale.rules.lifecycle import StepRefused
from escale.rules.payees import Facts
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]

AID = Imputation("ASS", Benefit.CARE_ABROAD, "CSS, art. R. 713-7")
ADULT = Facts(oneself=True, age=40)
CREDITS = {"label": "Action sociale", "funder": "fund", "source": "Délibération", "confidence": "official"}


def aid(amount: int, reference: str, *, known: Facts = ADULT) -> PaymentOrder:
    parts = [payments.Part(Decimal(amount), "Secours", AID)]
    return payments.order(to=factories.insured(), known=known, parts=parts, reference=reference, by=factories.agent())


def test_an_order_that_its_credits_do_not_cover_is_not_given_even_in_part():
    with parameters.reading(parameters.Edition(1, {("budget", "ASS"): ({"ceiling": "100", **CREDITS},)})):
        aid(60, "AIDE-1")
        with pytest.raises(payments.CeilingReached, match="il reste 40,00"):
            aid(41, "AIDE-2")
        refused = aid(40, "AIDE-3")
        payments.reject(order=refused, reason="Doublon", by=factories.accountant())
        aid(40, "AIDE-4")
        [spent] = [one for one in queries.consumptions(on=timezone.localdate()) if one.budget.code == "ASS"]
        assert (spent.consumed, spent.left) == (Decimal(100), Decimal(0))
    assert PaymentOrder.objects.count() == 3


def test_what_is_not_theirs_to_receive_goes_to_a_person():
    with pytest.raises(payments.NotPayable, match="décédé"):
        aid(10, "AIDE-1", known=replace(ADULT, died=True))
    assert not PaymentOrder.objects.exists()


def test_an_order_is_of_one_budget():
    parts = [payments.Part(Decimal(1), "Soins", one) for one in (AID, replace(AID, budget="GENERAL"))]
    with pytest.raises(payments.NotPayable, match="budgets différents"):
        payments.order(to=factories.insured(), known=ADULT, parts=parts, reference="AIDE-1", by=factories.agent())


def test_an_order_moves_to_another_budget_by_an_entry_and_leaves_in_the_batch_of_that_budget():
    order, other, by = factories.visaed(), factories.visaed(), factories.accountant()
    move = payments.propose(order=order, budget="APIAS", reason="Accident de service", by=by)
    assert payments.propose(order=order, budget="APIAS", reason="Accident de service", by=by) == move
    with pytest.raises(StepRefused):
        payments.give(reimputation=move, by=by)
    payments.give(reimputation=move, by=factories.actor(Role.SECOND_ACCOUNTANT))
    assert queries.budget_of(order) == "APIAS"
    assert [entry.event for entry in ledger.of_piece(f"{order.reference}-M{move.pk}")] == [
        Event.REIMPUTED, Event.REIMPUTED_UNSENT,
    ]  # fmt: skip
    today = timezone.localdate()
    taken = {one.budget.code: one.consumed for one in queries.consumptions(on=today) if one.consumed}
    assert taken == {"APIAS": order.amount, "GENERAL": other.amount}
    assert taken == {code: queries.consumed(code, year=today.year) for code in taken}
    assert list(payments.prepare_batch(by=by, budget="GENERAL").orders.all()) == [other]
    assert list(payments.prepare_batch(by=by).orders.all()) == [order]


def test_what_is_moved_after_its_year_ended_takes_the_credits_of_that_year():
    voted = (
        {"ceiling": "100", "until": date(2027, 1, 1), **CREDITS},
        {"ceiling": "1", "from": date(2027, 1, 1), **CREDITS},
    )
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC)):
        order = factories.visaed()
    with (
        parameters.reading(parameters.Edition(1, {("budget", "ASS"): voted})),
        time_machine.travel(datetime(2027, 1, 15, tzinfo=UTC)),
    ):
        move = payments.propose(order=order, budget="ASS", reason="Secours", by=factories.accountant())
        payments.give(reimputation=move, by=factories.actor(Role.SECOND_ACCOUNTANT))
    assert queries.budget_of(order) == "ASS"


def test_an_order_in_a_batch_that_has_not_left_stays_where_it_is():
    order = factories.ordered()
    factories.batch(order)
    order.refresh_from_db()
    with pytest.raises(StepRefused, match="prêt à partir"):
        payments.propose(order=order, budget="APIAS", reason="Accident de service", by=factories.accountant())
    assert not Reimputation.objects.exists()
