"""What is asked of the ledger: what a month comes to, the lines of an account, the entries of a month or a piece."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum

from escale.domain.accounts.actor import Actor
from escale.domain.ledger.lifecycle import Status
from escale.domain.ledger.models import AccountingEntry, AccountingMonth, EntryLine, MonthlyBalance
from escale.domain.registry.models import InsuredPerson
from escale.rules import accounting
from escale.rules.accounting import Account, Line
from escale.rules.deadlines import months_after

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """Where an account stands: what it came to before a month, in debit, and what the month moved on each side."""

    account: Account
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """What it comes to at the end of the month: above zero in debit, below zero in credit."""
        return self.opening + self.debit - self.credit


def trial_balance(month: date, *, budget: str = "") -> list[Position]:
    """
    Return where each account that ever moved stands in a month, told by its first day; of one budget, if it is named.

    Closed months are read in their balances, the others in their lines: the cost does not grow with the years.
    """
    since = open_from() or date.min
    kept, lines = MonthlyBalance.objects.all(), EntryLine.objects.filter(month__gte=since)
    if budget:
        kept, lines = kept.filter(budget=budget), lines.filter(budget=budget)
    before = _sums(kept.filter(month__lt=month), lines.filter(month__lt=month))
    during = _sums(kept.filter(month=month), lines.filter(month=month))
    nothing = (_NOTHING, _NOTHING)
    positions = []
    for code in sorted({*before, *during}):
        debit, credit = before.get(code, nothing)
        account = accounting.account(code, on=month)
        positions.append(Position(account, debit - credit, *during.get(code, nothing)))
    return positions


def position(account: str, *, before: date, budgets: Collection[str]) -> Decimal:
    """Return what an account came to, in debit, for some budgets, when a day began: what was dated before it."""
    month = before.replace(day=1)
    since = open_from() or date.min
    kept = MonthlyBalance.objects.filter(account=account, budget__in=budgets, month__lt=month)
    lines = EntryLine.objects.filter(account=account, budget__in=budgets)
    earlier = Q(month__gte=since, month__lt=month) | Q(month=month, entry__on__lt=before)
    debit, credit = _sums(kept, lines.filter(earlier)).get(account, (_NOTHING, _NOTHING))
    return debit - credit


def moved_by_day(account: str, month: date, *, budgets: Collection[str]) -> dict[date, Decimal]:
    """Return what each day of a month moved on an account, in debit, for some budgets."""
    lines = EntryLine.objects.filter(account=account, month=month, budget__in=budgets).order_by()
    days = lines.values_list("entry__on").annotate(moved=Sum("debit") - Sum("credit"))
    return dict(days)


def late(account: str, *, budgets: Collection[str], since: date, until: date) -> list[tuple[date, date, Decimal]]:
    """Return what the ledger dates since a day, of facts from before and until another: both days, the sum in debit."""
    lines = EntryLine.objects.filter(account=account, budget__in=budgets, entry__in=AccountingEntry.objects.late())
    found = lines.filter(entry__on__gte=since, entry__true_on__lte=until).order_by("pk")
    return list(found.values_list("entry__true_on", "entry__on", F("debit") - F("credit")))


def in_suspense(positions: Iterable[Position]) -> list[Position]:
    """Keep the accounts that should be empty at the end of a month, and are not."""
    return [one for one in positions if one.account.suspense and one.closing]


def open_from() -> date | None:
    """Return the first day on which an entry may be dated; none while no month was ever closed."""
    closed = AccountingMonth.objects.filter(status=Status.CLOSED).aggregate(last=Max("first_on"))["last"]
    return closed and months_after(closed, 1)


def not_closed() -> QuerySet[AccountingMonth]:
    """Return the months that are not closed."""
    return AccountingMonth.objects.exclude(status=Status.CLOSED)


def moved_in(month: date) -> QuerySet[EntryLine, dict[str, Any]]:
    """Return what the lines of a month, told by its first day, come to: by account and budget."""
    lines = EntryLine.objects.filter(month=month).order_by("account", "budget")
    return lines.values("account", "budget").annotate(debit=Sum("debit"), credit=Sum("credit"))


def entries(month: date, *, journal: str = "", after: int | None = None) -> QuerySet[AccountingEntry]:
    """Return the entries of a month with their amounts, in the order in which they were posted, after this one."""
    found = AccountingEntry.objects.filter(month=month, pk__gt=after or 0).order_by("pk").saying_amount()
    return found.filter(journal=journal) if journal else found


def lines_of(account: str, month: date, *, actor: Actor, after: int | None = None) -> QuerySet[EntryLine]:
    """Return the lines of an account in a month, in the order of their posting, after this one; their entries too."""
    found = EntryLine.objects.saying_who_is_known_to(actor).filter(account=account, month=month, pk__gt=after or 0)
    return found.select_related("entry").order_by("pk")


def moved_until(account: str, month: date, *, last: int | None) -> Decimal:
    """Return what the lines of an account in a month moved, in debit, up to one of them."""
    found = EntryLine.objects.filter(account=account, month=month, pk__lte=last or 0)
    return found.aggregate(moved=Sum("debit") - Sum("credit"))["moved"] or _NOTHING


def moved_of_party(person: InsuredPerson) -> dict[str, dict[int, Decimal]]:
    """Return what each line of a person moved, in debit, in the order of posting: by account, then by line."""
    found: dict[str, dict[int, Decimal]] = {}
    lines = EntryLine.objects.filter(party=person).order_by("account", "pk")
    for code, line, moved in lines.values_list("account", "pk", F("debit") - F("credit")):
        found.setdefault(code, {})[line] = moved
    return found


def of_piece(piece: str) -> QuerySet[AccountingEntry]:
    """Return the entries that a piece proves, oldest first."""
    return AccountingEntry.objects.filter(piece=piece).order_by("pk")


def of_pieces(pieces: Iterable[str]) -> QuerySet[AccountingEntry]:
    """Return the entries that these pieces prove with their amounts, oldest first."""
    return AccountingEntry.objects.filter(piece__in=pieces).order_by("pk").saying_amount()


def is_posted(entry: AccountingEntry) -> bool:
    """Tell whether the ledger has what this entry would say again."""
    if entry.reverses_id:
        return AccountingEntry.objects.filter(reverses=entry.reverses_id).exists()
    return of_piece(entry.piece).filter(event=entry.event, reverses=None).exists()


def as_line(line: EntryLine) -> Line:
    """Return a line of the ledger as the rules know it."""
    return Line(line.account, line.debit, line.credit, line.budget, line.party_id)


def _sums(*sources: QuerySet[Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the debits and the credits of each account, from all these sources."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for source in sources:
        rows = source.order_by().values_list("account").annotate(Sum("debit"), Sum("credit"))
        for code, debit, credit in rows:
            before = found.get(code, (_NOTHING, _NOTHING))
            found[code] = (before[0] + debit, before[1] + credit)
    return found
