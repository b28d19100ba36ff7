"""Whatever is ordered, moved, cut short, answered in any order, doubted or issued again, each euro is paid once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from escale.domain.payments import queries
from escale.domain.payments.actions import posting
from escale.domain.payments.lifecycle import BACK, OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.whims import Bank, root

AT_THE_BANK, IN_TRANSIT, TO_PAY, CHARGES = "515", "5159", "4071", ("65611", "65621", "4431")
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
        for order in self.orders(OrderStatus.ORDERED):
            try:
                payments.visa(orders=[order], by=self.accountant)
            except StepRefused:
                assert order.replaces

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

    @precondition(lambda self: PaymentOrder.objects.exists())
    @rule(which=st.integers(0, 99))
    def move(self, which: int) -> None:
        order = PaymentOrder.objects.order_by("pk")[which % PaymentOrder.objects.count()]
        budget = "GENERAL" if queries.budget_of(order) == "APIAS" else "APIAS"
        try:
            proposed = payments.propose(order=order, budget=budget, reason="Accident de service", by=self.third)
        except StepRefused:
            return
        payments.give(reimputation=proposed, by=self.other)

    @precondition(lambda self: PaymentOrder.objects.to_send().exists())
    @rule(cut=st.booleans())
    def prepare(self, cut: bool) -> None:
        try:
            if cut:
                with dies(Batch, "open"):
                    payments.prepare_batch(by=self.accountant)
            payments.prepare_batch(by=self.accountant)
        except payments.NothingToSend:
            assert all(order.replaces for order in PaymentOrder.objects.to_send())

    @precondition(lambda self: Batch.objects.exists())
    @rule(cut=st.sampled_from([None, (os, "link"), (PaymentOrder, "advance_all"), (posting, "sent")]))
    def send(self, cut: tuple[object, str] | None) -> None:
        batch = Batch.objects.latest("pk")
        if cut:
            with patch.object(*cut, side_effect=CutShort), suppress(CutShort):
                payments.send_batch(batch=batch)
            return
        for again in [batch, Batch.objects.get(pk=batch.pk)]:
            payments.send_batch(batch=again)
        payments.hear_again(batch=batch)

    @precondition(lambda self: Batch.objects.to_leave().exists())
    @rule()
    def withdraw(self) -> None:
        for batch in Batch.objects.to_leave():
            with suppress(StepRefused):
                payments.withdraw(batch=batch, by=self.third)

    @rule()
    def bank_looks(self) -> None:
        self.bank.look()

    @rule(
        some=SOME,
        what=st.sampled_from([("given", "rejected"), ("given", "executed"), ("executed", "returned")]),
        told=st.booleans(),
    )
    def bank_answers(self, some: int, what: tuple[str, str], told: bool) -> None:
        self.bank.answer(among=what[0], becomes=what[1], some=some, told=told)

    @rule(what=st.sampled_from(["accept", "refuse", "deny", "sum_up"]))
    def bank_writes(self, what: str) -> None:
        getattr(self.bank, what)()

    @rule()
    def bank_pays_after_all(self) -> None:
        if letter := self.bank.pay_after_all():
            for told in [*self.bank.letters, letter]:
                bank.says(told)
            self.bank.letters.append(letter)

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

    @rule()
    def reconcile(self) -> None:
        for told in Discrepancy.objects.open():
            if verdict := self.bank.finds(told):
                payments.explain(
                    discrepancy=told, verdict=verdict, words="La banque le dit.", on=bank.A_DAY, by=self.other
                )
                payments.reconcile(discrepancy=told, by=self.third)

    @precondition(lambda self: PaymentOrder.objects.came_back().exists())
    @rule(another=st.sampled_from(IBANS))
    def issue_again(self, another: str) -> None:
        factories.pay_on(self.person, another)
        for order in PaymentOrder.objects.came_back().order_by("pk"):
            try:
                again = payments.reissue(order=order, by=self.third, reason="Vu avec la banque.")
            except StepRefused:
                continue
            assert payments.reissue(order=order, by=self.other) == again

    @invariant()
    def the_ledger_balances(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert balance() == 0

    @invariant()
    def the_budgets_bear_what_is_due(self) -> None:
        year = bank.A_DAY.year
        assert sum(queries.consumed(code, year=year) for code in ("GENERAL", "APIAS")) == self.due

    def teardown(self) -> None:
        if hasattr(self, "bank"):
            try:
                self.have_everything_end()
            finally:
                transaction.set_rollback(True)
                self.scene.__exit__(None, None, None)

    def have_everything_end(self) -> None:
        """What may leave leaves, the bank does all that it has to and says it all; then the books are compared."""
        for _ in range(2):
            self.withdraw()
            for batch in Batch.objects.to_leave():
                payments.send_batch(batch=batch)
                payments.hear_again(batch=batch)
            self.bank.look()
            self.bank.answer(among="given", becomes="executed", some=1_000)
            self.bank.sum_up()
            for letter in self.bank.letters[::-1]:
                bank.says(letter)
            self.reconcile()
        assert not Discrepancy.objects.open().exists()
        assert not self.orders(OrderStatus.SENT)
        amounts = dict(PaymentOrder.objects.values_list("reference", "amount"))
        left = sum((amounts[reference] * times for reference, times in self.bank.moved.items()), Decimal(0))
        paid = self.orders(OrderStatus.EXECUTED)
        assert -balance(AT_THE_BANK) == sum(order.amount for order in paid) == left
        assert balance(IN_TRANSIT) == 0
        self.compare_the_budgets()
        self.find_on_a_list({root(order.reference) for order in paid})

    def compare_the_budgets(self) -> None:
        """Each budget bears in the ledger what its credits say, and owes what has a visa and waits."""
        for code in ("GENERAL", "APIAS"):
            borne = PaymentOrder.objects.out_of(code).order_by()
            ordered = borne.filter(status=OrderStatus.ORDERED, replaces=None).aggregate(sum=Sum("amount"))["sum"] or 0
            assert balance(*CHARGES, budget=code) == queries.consumed(code, year=bank.A_DAY.year) - ordered
            approved = borne.filter(status=OrderStatus.APPROVED).aggregate(sum=Sum("amount"))["sum"] or 0
            assert -balance(TO_PAY, budget=code) == approved

    def find_on_a_list(self, paid: set[str]) -> None:
        """Whatever is due and not paid waits on a list, once."""
        lists = PaymentOrder.objects.to_approve(), PaymentOrder.objects.to_send(), PaymentOrder.objects.came_back()
        waiting = [order for found in lists for order in found if root(order.reference) not in paid]
        assert len({root(order.reference) for order in waiting}) == len(waiting)
        assert not any(order.status in BACK and order.paid_on for order in waiting)
        due = sum((order.amount for order in self.orders(OrderStatus.EXECUTED) + waiting), Decimal(0))
        assert due == self.due


def balance(*accounts: str, budget: str = "") -> Decimal:
    """What the lines of these accounts, or of all, and of a budget if it is given, come to."""
    lines = EntryLine.objects.filter(**{"account__in": accounts} if accounts else {})
    sums = (lines.filter(budget=budget) if budget else lines).aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["debit"] or Decimal(0)) - (sums["credit"] or Decimal(0))


@pytest.mark.usefixtures("frozen")
class TestMoney(Money.TestCase, TestCase):  # type: ignore[name-defined,misc]
    settings = effort(max_examples=effort().max_examples // 12, stateful_step_count=25, deadline=None)
