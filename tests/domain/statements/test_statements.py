"""Which payments have a statement, and since which day: those that the bank executed, whatever it did of them later."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.payments.models import Batch, PaymentLine, PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.domain.statements import queries, telling
from escale.rules.letter import Letter
from escale.rules.reconciling import Verdict
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.test_reconciling import settle
from tests.house.test_what_was_paid_before import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def issued(person: InsuredPerson) -> list[PaymentOrder]:
    return list(queries.issued(actor=Actor(Role.INSURED, person.account)).select_related("insured"))


def one_by_one(batch: Batch) -> bytes:
    return bank.books(batch)


def in_one_sum(batch: Batch) -> bytes:
    return bank.one_sum(bank.order_of(batch), batch.total)


@pytest.mark.parametrize("booked", [one_by_one, in_one_sum])
def test_what_the_bank_took_back_keeps_its_statement_and_its_day(booked: Callable[[Batch], bytes]):
    person = factories.insured()
    batch = bank.sent(bank.owed(person))
    assert issued(person) == []
    bank.says(booked(batch))
    [paid] = issued(person)
    assert paid.executed_on == bank.A_DAY
    bank.says(bank.returns(batch))
    [back] = issued(person)
    assert (back.paid_on, back.executed_on) == (None, bank.A_DAY)
    assert "nous l’a rendu" in said(telling.letter(back, [], veiled=False))
    [year] = queries.years(actor=Actor(Role.INSURED, person.account))
    assert (year.payments, year.total) == (1, Decimal(0))


def test_what_people_found_paid_keeps_its_statement_once_it_came_back():
    person = factories.insured()
    batch = bank.sent(bank.owed(person))
    bank.says(bank.rejects(batch))
    bank.says(bank.books(batch))
    settle(Verdict.EXECUTED)
    bank.says(bank.returns(batch))
    [back] = issued(person)
    assert (back.paid_on, back.executed_on) == (None, bank.A_DAY)


def booked_in_one_sum(batch: Batch) -> None:
    bank.says(in_one_sum(batch))


def found_booked(batch: Batch) -> None:
    bank.says(bank.one_sum(bank.order_of(batch), batch.total - 1))
    settle(Verdict.EXECUTED)


@pytest.mark.parametrize("executed", [booked_in_one_sum, found_booked])
def test_what_was_executed_with_its_batch_and_found_never_paid_keeps_a_statement_that_says_so(
    executed: Callable[[Batch], None], frozen: time_machine.Traveller
):
    person = factories.insured()
    kept, refused = bank.owed(person), bank.owed(person, "10.00")
    batch = bank.sent(kept, refused)
    executed(batch)
    frozen.shift(timedelta(days=1))
    bank.says(bank.rejects(batch, refused))
    settle(Verdict.UNPAID, on=None)
    assert {order.pk: order.executed_on for order in issued(person)} == dict.fromkeys([kept.pk, refused.pk], bank.A_DAY)
    back = next(order for order in issued(person) if order.pk == refused.pk)
    assert "puis rejeté" in said(telling.letter(back, [], veiled=False))
    assert queries.kept_by([kept, back]) == {back.pk}


def test_the_certificate_counts_what_pays_care_back_and_says_so_of_nothing_else():
    person = factories.insured()
    orders = bank.owed(person), bank.owed(person, "10.00")
    run("ALTER TABLE payments_paymentline DISABLE TRIGGER USER")
    PaymentLine.objects.filter(order=orders[1]).update(benefit="daily_allowance")
    run("ALTER TABLE payments_paymentline ENABLE TRIGGER USER")
    bank.says(bank.books(bank.sent(*orders)))
    reader = Actor(Role.INSURED, person.account)
    assert [order.pk for order in queries.paid_in(2026, actor=reader)] == [orders[0].pk]
    [year] = queries.years(actor=reader)
    assert (year.payments, year.total, year.certified) == (2, Decimal("52.10"), Decimal("42.10"))


def test_what_the_bank_rejected_has_none_though_the_rest_of_its_batch_was_booked_in_one_sum():
    person = factories.insured()
    paid, rejected = bank.owed(person), bank.owed(person, "10.00")
    batch = bank.sent(paid, rejected)
    bank.says(bank.rejects(batch, rejected))
    bank.says(bank.one_sum(bank.order_of(batch), paid.amount))
    assert [order.pk for order in issued(person)] == [paid.pk]


def test_the_paper_of_a_payment_is_the_same_bytes_another_day(frozen: time_machine.Traveller):
    person = factories.insured()
    bank.says(bank.books(bank.sent(bank.owed(person))))
    [order] = issued(person)
    first, certified = telling.pdf(order, [], veiled=False), telling.certificate([order], year=2026)
    assert first.startswith(b"%PDF-")
    frozen.shift(timedelta(days=40))
    [order] = issued(person)
    assert telling.pdf(order, [], veiled=False) == first
    assert telling.certificate([order], year=2026) == certified


def said(letter: Letter) -> str:
    return " ".join(one.text for one in letter.blocks)
