"""What is asked of the ledger: what a month comes to, the lines of an account, the entries of a piece."""

from datetime import date
from typing import Any

from django.db.models import Max, QuerySet, Sum

from escale.domain.ledger.lifecycle import Status
from escale.domain.ledger.models import AccountingEntry, AccountingMonth, EntryLine
from escale.rules.accounting import Line
from escale.rules.deadlines import months_after


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


def is_posted(entry: AccountingEntry) -> bool:
    """Tell whether the ledger has what this entry would say again."""
    if entry.reverses_id:
        return AccountingEntry.objects.filter(reverses=entry.reverses_id).exists()
    return of_piece(entry.piece).filter(event=entry.event, reverses=None).exists()


def of_piece(piece: str) -> QuerySet[AccountingEntry]:
    """Return the entries that a piece proves, oldest first."""
    return AccountingEntry.objects.filter(piece=piece).order_by("pk")


def as_line(line: EntryLine) -> Line:
    """Return a line of the ledger as the rules know it."""
    return Line(line.account, line.debit, line.credit, line.budget, line.party_id)
