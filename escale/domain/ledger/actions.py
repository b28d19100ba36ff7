"""What is done with the ledger: post what an event moved, reverse an entry, close a month by two people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.journal import actions as journal
from escale.domain.ledger import queries
from escale.domain.ledger.lifecycle import Status
from escale.domain.ledger.models import AccountingEntry, AccountingMonth, EntryLine, MonthlyBalance
from escale.rules import accounting
from escale.rules.accounting import Event, Line, Sum
from escale.rules.deadlines import months_after
from escale.rules.lifecycle import StepRefused

_AT_A_TIME = 5_000


class AlreadyPosted(Exception):
    """This event of this piece is in the ledger: it is not posted twice."""


@transaction.atomic
def post(*, event: Event, piece: str, sums: Sequence[Sum], on: date, by: Actor) -> AccountingEntry:
    """
    Post what an event moved, by its scheme; what proves it is `piece`: a reference, with what tells it from others.

    An event of a closed month is dated on the first day that is still open, and says its own day. The database numbers
    the entry when the transaction ends: nobody waits for anybody before.

    :raises AlreadyPosted: if this event of this piece was posted.
    :raises NoAccount: if the plan of accounts has none for one of its sides.
    """
    return post_each(event=event, sums={piece: sums}, on=on, by=by)[0]


@transaction.atomic
def post_each(*, event: Event, sums: Mapping[str, Sequence[Sum]], on: date, by: Actor) -> list[AccountingEntry]:
    """
    Post what an event moved of each of these pieces, an entry for each, all or none: what `post` does, for many.

    :raises AlreadyPosted: if this event of one of them was posted.
    :raises NoAccount: if the plan of accounts has none for one of the sides.
    """
    day = _hold_open_day(on)
    scheme = accounting.scheme(event, on=day)
    return _write(
        (
            AccountingEntry(
                journal=scheme.journal,
                event=event,
                piece=piece,
                text=scheme.label,
                on=day,
                true_on=on,
                posted_by=by.account,
            ),
            accounting.lines(event, moved, on=day),
        )
        for piece, moved in sums.items()
    )


@transaction.atomic
def reverse(*, entry: AccountingEntry, why: str, by: Actor) -> AccountingEntry:
    """
    Undo an entry by the same one, its sides exchanged, dated today: none is ever changed.

    :raises AlreadyPosted: if it is reversed already.
    """
    today = timezone.localdate()
    reversal = AccountingEntry(
        journal=entry.journal,
        event=entry.event,
        piece=entry.piece,
        text=why,
        on=_hold_open_day(today),
        true_on=today,
        posted_by=by.signatory,
        reverses=entry,
    )
    _write([(reversal, [queries.as_line(line).reversed for line in entry.lines.order_by("pk")])])
    journal.record("ledger.reverse", subject=entry, actor=by.account, hat=by.role)
    return reversal


@transaction.atomic
def propose_closing(*, month: AccountingMonth, by: Actor) -> None:
    """
    Propose to close a month that is over, the oldest that is not closed.

    :raises StepRefused: if it is not over, or not the oldest.
    """
    month.lock()
    if timezone.localdate() < months_after(month.first_on, 1):
        raise StepRefused("Ce mois n’est pas terminé : il ne peut pas encore être clos.")
    _refuse_before_older(month)
    month.advance("propose", by=by)
    month.proposed_by = by.signatory
    month.save(update_fields=["proposed_by"])


@transaction.atomic
def recall_closing(*, month: AccountingMonth, by: Actor) -> None:
    """Take back the proposal to close a month; :raises StepRefused: if it is closed, or was not proposed."""
    month.advance("recall", by=by)
    month.proposed_by = None
    month.save(update_fields=["proposed_by"])


@transaction.atomic
def close(*, month: AccountingMonth, by: Actor) -> None:
    """
    Close for good a month that somebody else proposed to close, and keep what it came to.

    Whoever posts in it ends first; what comes after is dated in the next month.

    :raises StepRefused: if it is not proposed any more, or was proposed by the same person.
    """
    month.lock()
    if month.status == Status.PROPOSED and month.belongs_to(by.signatory):
        raise StepRefused("Vous avez proposé cette clôture : une autre personne doit la prononcer.")
    _refuse_before_older(month)
    MonthlyBalance.objects.bulk_create(
        MonthlyBalance(month=month, **moved) for moved in queries.moved_in(month.first_on)
    )
    month.closed_by, month.closed_at = by.signatory, timezone.now()
    month.save(update_fields=["closed_by", "closed_at"])
    month.advance("close", by=by)


def _refuse_before_older(month: AccountingMonth) -> None:
    """Refuse where an older month is not closed: it may have been opened since this one was proposed."""
    if queries.not_closed().filter(first_on__lt=month.first_on).exists():
        raise StepRefused("Un mois plus ancien n’est pas clos : les mois se closent dans l’ordre.")


def note_export(*, month: AccountingMonth, by: Actor) -> None:
    """Write in the journal that the entries of a month were taken away, and by whom."""
    journal.record("ledger.export", subject=month, actor=by.account, hat=by.role)


def _write(posted: Iterable[tuple[AccountingEntry, Iterable[Line]]]) -> list[AccountingEntry]:
    written = list(posted)
    entries = [entry for entry, _ in written]
    for entry in entries:
        entry.month_id = entry.on.replace(day=1)
    try:
        with transaction.atomic():
            AccountingEntry.objects.bulk_create(entries)
    except IntegrityError as error:
        if again := next(filter(queries.is_posted, entries), None):
            raise AlreadyPosted(f"{again.event} {again.piece}") from error
        raise
    EntryLine.objects.bulk_create(
        (
            EntryLine(
                entry=entry,
                month=entry.month_id,
                account=line.account,
                budget=line.budget,
                party_id=line.party,
                debit=line.debit,
                credit=line.credit,
            )
            for entry, lines in written
            for line in lines
        ),
        batch_size=_AT_A_TIME,
    )
    return entries


def _hold_open_day(on: date) -> date:
    """Return this day, or the first after those that are closed; its month stays open until the transaction ends."""
    day = on
    while not _hold(day.replace(day=1)):
        day = max(on, queries.open_from() or on)
        _open(day.replace(day=1))
    return day


def _hold(first_on: date) -> bool:
    """Keep a month from being closed until the transaction ends; tell whether it is there, and open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM ledger_accountingmonth WHERE first_on = %s AND status <> %s FOR KEY SHARE",
            [first_on, Status.CLOSED],
        )
        return cursor.rowcount > 0


def _open(first_on: date) -> None:
    """Open a month, unless it is there, or somebody else opens it meanwhile."""
    there = AccountingMonth.objects.filter(first_on=first_on)
    if there.exists():
        return
    try:
        with transaction.atomic():
            AccountingMonth.open(by=SYSTEM, first_on=first_on)
    except IntegrityError:
        if not there.exists():
            raise
