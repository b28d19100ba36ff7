"""What the bank says that an account holds, beside what the ledger says, day after day, and what explains the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
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
    late = ledger.late(AT_BANK, budgets=of_account, until=after)
    unposted = [(one.booked_on, one.moved) for one in unposted_facts(account, before=after)]
    rows = []
    for statement, gap in zip(found, bank_statements.gaps(before, found), strict=True):
        day = statement.on
        rows.append(
            Comparison(
                statement,
                gap,
                booked=held + sum((amount for on, amount in moved.items() if on <= day), _NOTHING),
                unposted=sum((amount for on, amount in unposted if on and on <= day), _NOTHING),
                late=sum((amount for true_on, on, amount in late if true_on <= day < on), _NOTHING),
                brought=brought,
            )
        )
    return rows


def unposted_facts(account: str, *, before: date) -> list[BankEvent]:
    """Return what moved on an account before a day and is not posted yet, by day (2 queries)."""
    facts = BankEvent.objects.filter(own_account=account, what__in=MOVEMENTS, amount__isnull=False)
    facts = facts.filter(booked_on__lt=before).select_related("order", "batch", "discrepancy")
    waiting = Discrepancy.objects.open().values("event")
    found = [*facts.filter(outcome=Outcome.EARLY), *facts.filter(pk__in=waiting)]
    return sorted(found, key=lambda one: (one.booked_on or before, one.pk))


def unanswered(*, actor: Actor) -> PaymentOrderQuerySet:
    """Return the transfers of which the bank has said nothing since the day asked for, the oldest first."""
    today = timezone.localdate()
    days = int(parameters.value("unanswered_transfer_days", on=today))
    left = PaymentOrder.objects.within_reach_of(actor).filter(status=OrderStatus.SENT)
    return left.filter(batch__execution_on__lt=today - timedelta(days=days)).order_by("batch__execution_on", "pk")


def _statements(balances: QuerySet[BankEvent]) -> list[Statement]:
    told = balances.order_by("booked_on", "pk").values_list("code", "booked_on", "amount", "statement")
    dated = ((code, on, euros, number) for code, on, euros, number in told if on and euros is not None)
    return bank_statements.statements(dated)


def _before(balances: QuerySet[BankEvent], month: date) -> Statement | None:
    """Return the last statement before a month."""
    last = balances.filter(code=Balance.CLOSING, booked_on__lt=month).order_by("booked_on", "pk").last()
    return (
        Statement(last.booked_on, last.amount, last.statement)
        if last and last.booked_on and last.amount is not None
        else None
    )


def _brought(balances: QuerySet[BankEvent], of_account: Sequence[str]) -> Decimal:
    """Return what an account held before its first statement, and that the ledger does not know."""
    openings = balances.filter(code__in=[Balance.OPENING, Balance.PREVIOUS])
    first = openings.order_by("booked_on", "pk").first()
    if first is None or first.booked_on is None or first.amount is None:
        return _NOTHING
    began = first.booked_on + timedelta(days=first.code == Balance.PREVIOUS)
    return first.amount - ledger.position(AT_BANK, before=began, budgets=of_account)
