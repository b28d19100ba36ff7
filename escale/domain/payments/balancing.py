"""What the bank says that an account holds, beside what the ledger says, day after day, and what explains the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.ledger import queries as ledger
from escale.domain.payments import queries
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankEvent, Discrepancy, Fact, Outcome, PaymentOrder
from escale.domain.payments.models.orders import PaymentOrderQuerySet
from escale.domain.payments.models.returns import MOVEMENTS
from escale.rules import bank_statements, budgets, parameters
from escale.rules.bank_statements import Balance, Statement
from escale.rules.deadlines import months_after
from escale.rules.settling import EURO

AT_BANK = "515"
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement beside the ledger, in euros: what both come to, and what is known to make the difference."""

    statement: Statement
    gap: str
    booked: Decimal
    """What the ledger says that the account holds."""
    unposted: Decimal
    """Facts of the bank that are not posted yet: they wait for a sending, or for a person."""
    late: Decimal
    """Facts of before that the ledger dates after, since their month was closed."""
    brought: Decimal
    """What the account held before the first statement that was read, and that the ledger does not know."""

    @property
    def difference(self) -> Decimal:
        """What the bank says above what the ledger says."""
        return self.statement.closing - self.booked

    @property
    def unexplained(self) -> Decimal:
        """What nothing explains."""
        return self.difference - self.unposted - self.late - self.brought


def accounts(*, on: date) -> dict[str, list[str]]:
    """Return the accounts from which the Fund pays on a day, each with the labels of the budgets that it pays for."""
    found: dict[str, list[str]] = {}
    for one in budgets.budgets(on=on):
        found.setdefault(queries.debtor(one.code, on=on).iban, []).append(one.label)
    return found


def compared(account: str, month: date) -> list[Comparison]:
    """Return each statement of an account in a month, told by its first day, beside the ledger (9 queries)."""
    balances = BankEvent.objects.filter(what=Fact.BALANCE, own_account=account, amount__isnull=False)
    after = months_after(month, 1)
    found = _statements(balances.filter(booked_on__gte=month, booked_on__lt=after))
    if not found:
        return []
    of_account = queries.budgets_of(account, on=month)
    before, brought = _before(balances, month), _brought(balances, of_account)
    held = ledger.position(AT_BANK, before=month, budgets=of_account)
    moved = ledger.moved_by_day(AT_BANK, month, budgets=of_account)
    late = ledger.late(AT_BANK, budgets=of_account, since=month, until=after)
    unposted = _unposted_by_day(account, before=after)
    rows = []
    for statement, gap in bank_statements.by_day(found, first=before):
        day = statement.on
        rows.append(
            Comparison(
                statement,
                gap,
                booked=held + sum((amount for on, amount in moved.items() if on <= day), _NOTHING),
                unposted=sum((amount for on, amount in unposted if on <= day), _NOTHING),
                late=sum((amount for true_on, on, amount in late if true_on <= day < on), _NOTHING),
                brought=brought,
            )
        )
    return rows


def unposted_facts(account: str, *, before: date, actor: Actor, most: int) -> list[BankEvent]:
    """Return the first facts that moved an account before a day, and are not posted yet, that an actor sees."""
    seen = BankEvent.objects.visible_to(actor).select_related("order", "batch", "discrepancy")
    found = [
        fact for facts in _unposted(seen, account, before=before) for fact in facts.order_by("booked_on", "pk")[:most]
    ]
    return sorted(found, key=lambda one: (one.booked_on or before, one.pk))[:most]


def unanswered(*, actor: Actor, after: tuple[date, int] | None = None) -> PaymentOrderQuerySet:
    """
    Return the transfers of which the bank has said nothing since the day asked for, the oldest first.

    `after`: the day asked for and the key of the transfer after which one goes on.
    """
    today = timezone.localdate()
    days = int(parameters.value("unanswered_transfer_days", on=today))
    left = PaymentOrder.objects.within_reach_of(actor).filter(status=OrderStatus.SENT)
    silent = left.filter(batch__execution_on__lt=today - timedelta(days=days))
    if after:
        on, pk = after
        silent = silent.filter(Q(batch__execution_on__gt=on) | Q(batch__execution_on=on, pk__gt=pk))
    return silent.order_by("batch__execution_on", "pk")


def _unposted_by_day(account: str, *, before: date) -> list[tuple[date, Decimal]]:
    """Return what moved each day before another and is not posted yet (2 queries)."""
    euros = Sum(Case(When(what__in=[Fact.RETURNED, Fact.RECEIVED], then=F("amount")), default=-F("amount")))
    return [
        day
        for facts in _unposted(BankEvent.objects.all(), account, before=before)
        for day in facts.order_by().values_list("booked_on").annotate(euros=euros)
    ]


def _unposted(facts: QuerySet[BankEvent], account: str, *, before: date) -> tuple[QuerySet[BankEvent], ...]:
    """Keep what moved euros of an account before a day: told before the sending was written, or left to a person."""
    moved = facts.filter(own_account=account, what__in=MOVEMENTS, amount__isnull=False, currency__in=["", EURO])
    moved = moved.filter(booked_on__lt=before)
    return moved.filter(outcome=Outcome.EARLY), moved.filter(pk__in=Discrepancy.objects.open().values("event"))


def _statements(balances: QuerySet[BankEvent]) -> list[Statement]:
    told = balances.order_by("booked_on", "pk").values_list("code", "booked_on", "amount", "statement")
    dated = ((code, on, euros, number) for code, on, euros, number in told if on and euros is not None)
    return bank_statements.statements(dated)


def _before(balances: QuerySet[BankEvent], month: date) -> Statement | None:
    """Return the last statement before a month."""
    closings = balances.filter(code=Balance.CLOSING, booked_on__lt=month)
    last_day = closings.order_by("-booked_on").values("booked_on")[:1]
    return next(reversed(_statements(closings.filter(booked_on=last_day))), None)


def _brought(balances: QuerySet[BankEvent], of_account: Sequence[str]) -> Decimal:
    """Return what an account held before its first statement, and that the ledger does not know."""
    openings = balances.filter(code__in=[Balance.OPENING, Balance.PREVIOUS])
    first = openings.order_by("booked_on", "pk").first()
    if first is None or first.booked_on is None or first.amount is None:
        return _NOTHING
    began = first.booked_on + timedelta(days=first.code == Balance.PREVIOUS)
    return first.amount - ledger.position(AT_BANK, before=began, budgets=of_account)
