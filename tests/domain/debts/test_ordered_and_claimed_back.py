"""Whatever is decided, contested, taken up, claimed back or rectified, each euro is ordered and claimed back once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as of_appeals
from escale.domain.case import Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Award, Claim, ClaimLine, Decision
from escale.domain.debts import actions as debts
from escale.domain.debts import queries as of_debts
from escale.domain.debts.lifecycle import Status as DebtStatus
from escale.domain.debts.models import Debt, DebtLine
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from tests import factories
from tests.domain.appeals import appeals
from tests.domain.debts import debts as told

CENTS = st.integers(0, 400)


def euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


def total(rows: object, field: str = "amount") -> Decimal:
    return rows.aggregate(sum=Sum(field))["sum"] or Decimal(0)  # type: ignore[attr-defined]


def in_hand() -> Claim:
    """A claim of two lines that an agent has in hand."""
    claim = factories.draft()
    bill = factories.bill(claim, currency="EUR")
    for _rank in range(2):
        factories.line(bill)
    now = timezone.now()
    Claim.objects.filter(pk=claim.pk).update(status=Status.IN_PROGRESS, sent_at=now, due_on=timezone.localdate(now))
    claim.refresh_from_db()
    return claim


class Money(RuleBasedStateMachine):
    """A claim, and all that may happen to its money."""

    @initialize()
    def receive(self) -> None:
        self.claim, self.agent, self.supervisor = in_hand(), factories.agent(), told.supervisor()

    @property
    def in_progress(self) -> bool:
        self.claim.refresh_from_db()
        return self.claim.status == Status.IN_PROGRESS

    @property
    def paid(self) -> list[Decision]:
        return list(of_debts.paid(self.claim))

    @property
    def to_pay(self) -> list[PaymentOrder]:
        return list(PaymentOrder.objects.to_approve().filter(decision__claim=self.claim))

    @property
    def owed(self) -> list[Debt]:
        return list(Debt.objects.going_on().filter(decision__claim=self.claim).order_by("pk"))

    @precondition(lambda self: self.in_progress)
    @rule(more=st.tuples(CENTS, CENTS), whole=st.booleans())
    def decide(self, more: tuple[int, int], whole: bool) -> None:
        left = list(queries.lines(self.claim).filter(decision=None))
        for line, cents in zip(left, more, strict=False):
            amount = line.ordered + euros(cents + 1)
            claims.assess(line=line, retained=claims.Assessment(amount=amount, reason="Revu"), by=self.agent)
        seen = {line.pk: line.due for line in queries.lines(self.claim).filter(decision=None)}
        chosen = seen if whole else dict(list(seen.items())[:1])
        claims.decide(claim=self.claim, seen=chosen, by=self.agent)

    @precondition(lambda self: self.in_progress)
    @rule()
    def take_nothing_back(self) -> None:
        for line in queries.lines(self.claim).filter(decision=None):
            if line.ordered:
                less = claims.Assessment(amount=line.ordered - euros(1), reason="Revu")
                claims.assess(line=line, retained=less, by=self.agent)
                with pytest.raises(claims.NotAssessed, match="moins que"):
                    claims.decide(claim=self.claim, by=self.agent)
                return

    @precondition(lambda self: self.to_pay)
    @rule()
    def pay(self) -> None:
        factories.paid(*self.to_pay)

    @precondition(lambda self: self.to_pay)
    @rule()
    def refuse_the_visa(self) -> None:
        order = self.to_pay[-1]
        payments.reject(order=order, reason="RIB à vérifier", by=factories.accountant())
        claims.reopen(order=order)

    @precondition(lambda self: self.claim.status == Status.PROCESSED)
    @rule()
    def contest(self) -> None:
        for decision in self.paid:
            if decision.lines.exists() and not decision.annulled_at:
                appeal = appeals.examined(appeals.filed(decision), by=self.supervisor)
                appeals.answered(appeal, by=self.supervisor)
                of_appeals.take_up(appeal=appeal, by=self.supervisor)
                self.claim.refresh_from_db()
                return

    @precondition(lambda self: self.paid)
    @rule(share=st.integers(1, 4), of=st.integers(0, 9))
    def claim_back(self, share: int, of: int) -> None:
        decision = self.paid[of % len(self.paid)]
        left = {line.pk: line.paid - line.claimed for line in of_debts.claimable(decision)}
        beyond = {pk: most + euros(1) for pk, most in left.items()}
        with pytest.raises(Unacceptable):
            told.proposed(decision=decision, amounts=beyond, by=self.agent)
        asked = {pk: (most / share).quantize(Decimal("0.01")) for pk, most in left.items()}
        if any(asked.values()):
            debt = told.proposed(decision=decision, amounts=asked, by=self.agent)
            debts.sign(debt=debt, by=self.supervisor)

    @precondition(lambda self: self.owed)
    @rule(cents=CENTS)
    def rectify(self, cents: int) -> None:
        debt = self.owed[0]
        line = debt.lines.order_by("-amount")[0]
        lower = min(euros(cents), line.amount - euros(1))
        if debt.status == DebtStatus.NOTIFIED and debt.amount > line.amount - lower:
            told.contested(debt)
            debts.rectify(debt=debt, amounts={line.pk: lower}, words="Une part était due.", by=self.supervisor)

    @precondition(lambda self: self.owed)
    @rule()
    def give_up(self) -> None:
        debts.cancel(debt=self.owed[-1], words="La somme était due.", by=self.supervisor)

    @invariant()
    def what_is_due_is_ordered_once(self) -> None:
        standing = Award.objects.standing().filter(decision__claim=self.claim)
        for line in ClaimLine.objects.filter(bill__claim=self.claim, decision__isnull=False):
            assert total(standing.filter(line=line)) == line.due
        for decision in self.claim.decisions.taken():
            assert total(decision.awards) == decision.total
        orders = PaymentOrder.objects.filter(decision__claim=self.claim, decision__annulled_at=None)
        assert total(orders) == total(standing)

    @invariant()
    def no_euro_is_claimed_back_twice(self) -> None:
        claimed = DebtLine.objects.exclude(debt__status__in=[DebtStatus.DROPPED, DebtStatus.CANCELLED])
        for award in Award.objects.filter(decision__claim=self.claim).select_related("decision"):
            of_award = claimed.filter(line=award.line_id, debt__decision=award.decision_id)
            assert 0 <= total(of_award) <= award.amount
        for debt in Debt.objects.filter(decision__claim=self.claim).select_related("decision__order__batch"):
            assert debt.decision.order
            assert (debt.amount, debt.paid_on) == (total(debt.lines), debt.decision.order.paid_on)


@pytest.mark.usefixtures("frozen")
class TestMoney(Money.TestCase, TestCase):  # type: ignore[name-defined,misc]
    settings = effort(max_examples=8, stateful_step_count=12)


@pytest.mark.django_db
def test_of_decisions_that_were_taken_up_each_answers_for_its_own():
    claim, supervisor = in_hand(), factories.actor(Role.SUPERVISOR)
    for due in (5, 7, 10):
        if claim.decisions.exists():
            claims.take_up(decision=claim.decisions.latest("pk"), by=supervisor)
        for line in queries.lines(claim):
            claims.assess(
                line=line, retained=claims.Assessment(amount=Decimal(due), reason="Revu"), by=factories.agent()
            )
        factories.paid(claims.decide(claim=claim, by=factories.agent()).order)
        claim = Claim.objects.get(pk=claim.pk)
    first, second, last = claim.decisions.order_by("pk")
    told.proposed(decision=first, amounts={line.pk: line.paid for line in of_debts.claimable(first)})
    left = [[line.paid - line.claimed for line in of_debts.claimable(one)] for one in (first, second, last)]
    assert left == [[0, 0], [2, 2], [3, 3]]


@pytest.mark.django_db
def test_the_database_itself_orders_no_euro_twice_and_keeps_what_was_ordered():
    claim = in_hand()
    for line in queries.lines(claim):
        claims.assess(line=line, retained=claims.Assessment(amount=Decimal(5), reason="Revu"), by=factories.agent())
    first = claims.decide(claim=claim, by=factories.agent())
    award = first.awards.earliest("pk")
    second = Decision.objects.create(claim=claim, total=5, by=first.by)
    factories.paid(first.order)
    claims.take_up(decision=Decision.objects.get(pk=first.pk), by=factories.actor(Role.SUPERVISOR))
    ClaimLine.objects.filter(pk=award.line_id).update(decision=second)
    refused = [
        lambda: Award.objects.create(decision=second, line=award.line, amount=5),
        lambda: Award.objects.create(decision=second, line=first.awards.latest("pk").line, amount=0),
        lambda: Award.objects.filter(pk=award.pk).update(amount=4),
        lambda: Award.objects.filter(pk=award.pk)._raw_delete("default"),
        lambda: ClaimLine.objects.filter(pk=award.line_id).update(decision=None),
    ]
    for write in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    Award.objects.create(decision=second, line=award.line, amount=0)
