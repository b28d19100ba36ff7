"""Whatever is ordered, sent, cut short, answered, answered again or issued again, each euro is paid once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from escale.domain.ledger import actions as ledger
from escale.domain.ledger.models import EntryLine
from escale.domain.payments import actions as payments
from escale.domain.payments.actions import posting
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.jobs.demo import bank as played
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments import bank

AT_THE_BANK = "515"
IBANS = ["FR1420041010050500013M02606", "FR7630004000031234567890143", factories.IBAN]
SOME = st.integers(1, 7)

_ranks = count(1)


class CutShort(Exception):
    """The process dies here."""


@contextmanager
def dies(where: object, name: str) -> Iterator[None]:
    """Have the process die when it comes there: what was written in files stays, what was in the database does not."""
    with patch.object(where, name, side_effect=CutShort), pytest.raises(CutShort), transaction.atomic():
        yield


class Bank:
    """A bank that keeps what it was given, executes it once, and writes what it wants in any order."""

    def __init__(self) -> None:
        self.given: dict[str, played.Order] = {}
        self.where: dict[str, str] = {}
        self.moved: Counter[str] = Counter()
        self.letters: list[bytes] = []

    def look(self) -> None:
        """Take what lies in the folder; the same transfer given twice would be paid twice."""
        for path in Path(settings.BANK_FOLDER).glob("*.xml"):
            with path.open("rb") as file:
                order = played.read(file)
            path.unlink()
            assert order.batch not in self.given, "the same file twice"
            self.given[order.batch] = order
            for paid in order.transfers:
                assert paid.end_to_end_id not in self.where, "the same transfer twice"
                self.where[paid.end_to_end_id] = "given"

    def answer(self, *, among: str, becomes: str, some: int) -> None:
        """Do something of some transfers that stand somewhere, and write it."""
        for order in self.given.values():
            found = [paid for paid in order.transfers if self.where[paid.end_to_end_id] == among][:some]
            if not found:
                continue
            for paid in found:
                self.where[paid.end_to_end_id] = becomes
                self.moved[paid.end_to_end_id] += {"executed": 1, "returned": -1}.get(becomes, 0)
            if becomes == "rejected":
                self.letters.append(played.status(order, refused=found))
            else:
                code = "AC04" if becomes == "returned" else ""
                self.letters.append(played.booked(order, found, on=bank.A_DAY, returned=code))


class Money(RuleBasedStateMachine):
    """Somebody who is owed money, the Fund that pays, a bank that answers as it likes."""

    @initialize()
    def begin(self) -> None:
        self.scene = transaction.atomic()
        self.scene.__enter__()
        settings.BANK_FOLDER = str(Path(settings.BANK_INBOX) / f"{next(_ranks)}")
        self.person, self.bank, self.due = factories.insured(), Bank(), Decimal(0)
        self.accountant, self.other, self.third = (factories.accountant() for _ in range(3))

    def orders(self, *statuses: str) -> list[PaymentOrder]:
        return list(PaymentOrder.objects.filter(status__in=statuses).order_by("pk"))

    @rule(cents=st.integers(1, 99_999))
    def order(self, cents: int) -> None:
        self.due += bank.owed(self.person, f"{Decimal(cents) / 100:.2f}").amount

    @precondition(lambda self: self.orders(OrderStatus.ORDERED))
    @rule()
    def visa(self) -> None:
        payments.visa(orders=self.orders(OrderStatus.ORDERED), by=self.accountant)

    @precondition(lambda self: self.orders(OrderStatus.ORDERED, OrderStatus.APPROVED))
    @rule()
    def refuse(self) -> None:
        order = self.orders(OrderStatus.ORDERED, OrderStatus.APPROVED)[-1]
        if order.batch_id:
            with pytest.raises(StepRefused):
                payments.reject(order=order, reason="RIB à vérifier", by=self.other)
        else:
            payments.reject(order=order, reason="RIB à vérifier", by=self.other)
            self.due -= 0 if order.replaces_id else order.amount

    @precondition(lambda self: PaymentOrder.objects.to_send().exists())
    @rule(cut=st.booleans())
    def prepare(self, cut: bool) -> None:
        if cut:
            with dies(Batch, "open"):
                payments.prepare_batch(by=self.accountant)
        else:
            payments.prepare_batch(by=self.accountant)

    @precondition(lambda self: Batch.objects.exists())
    @rule(cut=st.sampled_from([None, (PaymentOrder, "advance_all"), (posting, "sent")]), again=st.booleans())
    def send(self, cut: tuple[object, str] | None, again: bool) -> None:
        batch = Batch.objects.latest("pk")
        if cut and batch.status == BatchStatus.PREPARED:
            with dies(*cut):
                payments.send_batch(batch=batch)
        else:
            payments.send_batch(batch=batch)
            if again:
                payments.send_batch(batch=Batch.objects.get(pk=batch.pk))
            payments.hear_again(batch=batch)

    @rule()
    def bank_looks(self) -> None:
        self.bank.look()

    @rule(some=SOME, what=st.sampled_from([("given", "rejected"), ("given", "executed"), ("executed", "returned")]))
    def bank_answers(self, some: int, what: tuple[str, str]) -> None:
        self.bank.answer(among=what[0], becomes=what[1], some=some)

    @precondition(lambda self: self.bank.letters)
    @rule(which=st.integers(0, 99), cut=st.booleans())
    def hear(self, which: int, cut: bool) -> None:
        letter = self.bank.letters[which % len(self.bank.letters)]
        if cut:
            file = payments.receive(name="reponse.xml", chunks=[letter])
            with patch.object(ledger, "post", side_effect=CutShort), transaction.atomic():
                try:
                    with transaction.atomic():
                        payments.read_bank_file(file=file)
                except CutShort:
                    pass
        bank.says(letter)

    @precondition(lambda self: self.orders(OrderStatus.UNPAID, OrderStatus.RETURNED))
    @rule(another=st.sampled_from(IBANS))
    def issue_again(self, another: str) -> None:
        self.person.bank_accounts.update(iban=another)
        for order in self.orders(OrderStatus.UNPAID, OrderStatus.RETURNED, OrderStatus.REJECTED):
            try:
                again = payments.reissue(order=order, by=self.third)
            except StepRefused:
                continue
            assert payments.reissue(order=order, by=self.other) == again

    @invariant()
    def the_ledger_balances(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        sides = EntryLine.objects.aggregate(debit=Sum("debit"), credit=Sum("credit"))
        assert sides["debit"] == sides["credit"]

    @invariant()
    def one_order_of_each_chain_is_alive(self) -> None:
        for order in PaymentOrder.objects.exclude(replaces=None).select_related("replaces"):
            assert order.amount == order.replaces.amount
            assert order.replaces.status in {OrderStatus.UNPAID, OrderStatus.RETURNED, OrderStatus.REJECTED}

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        assert all(0 <= times <= 1 for times in self.bank.moved.values())

    def teardown(self) -> None:
        if hasattr(self, "bank"):
            try:
                self.have_everything_end()
            finally:
                transaction.set_rollback(True)
                self.scene.__exit__(None, None, None)

    def have_everything_end(self) -> None:
        """What is due leaves, the bank executes it and says so; then the books are compared."""
        while batch := Batch.objects.filter(status=BatchStatus.PREPARED).first():
            payments.send_batch(batch=batch)
            payments.hear_again(batch=batch)
        self.bank.look()
        self.bank.answer(among="given", becomes="executed", some=1_000)
        for letter in self.bank.letters:
            bank.says(letter)
        assert not Discrepancy.objects.exists()
        sums = EntryLine.objects.filter(account=AT_THE_BANK).aggregate(debit=Sum("debit"), credit=Sum("credit"))
        amounts = dict(PaymentOrder.objects.values_list("reference", "amount"))
        left = sum((amounts[reference] * times for reference, times in self.bank.moved.items()), Decimal(0))
        assert (sums["credit"] or 0) - (sums["debit"] or 0) == left
        paid = PaymentOrder.objects.filter(status=OrderStatus.EXECUTED).aggregate(sum=Sum("amount"))["sum"] or 0
        assert paid == left
        waiting = [order for order in PaymentOrder.objects.filter(reissue=None) if _is_still_due(order)]
        assert paid + sum((order.amount for order in waiting), Decimal(0)) == self.due


def _is_still_due(order: PaymentOrder) -> bool:
    """Tell whether this order, the last of its chain, has yet to be paid: a first one that was refused is no longer."""
    return order.status != OrderStatus.EXECUTED and (order.status != OrderStatus.REJECTED or bool(order.replaces_id))


@pytest.mark.usefixtures("frozen")
class TestMoney(Money.TestCase, TestCase):  # type: ignore[name-defined,misc]
    settings = effort(max_examples=8, stateful_step_count=20, deadline=None)
