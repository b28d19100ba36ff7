"""The delay of the commission: it runs anew from new papers, goes back with a file that is lost, and speaks."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.appeals import queries
from escale.domain.appeals.actions import holding
from escale.domain.appeals.models import Appeal, Route


@transaction.atomic
def run_anew(*, appeal: Appeal) -> None:
    """Have the delay of an appeal that is still open run from the last file joined to it, unless a point is medical."""
    appeal.lock()
    if appeal.is_open:
        run_from_last(appeal)


@transaction.atomic
def set_back(*, appeal: Appeal) -> None:
    """
    Have the delay of an open appeal run as it did before a file that was clean, and comes to nothing.

    It never ends before today: nobody loses days because of a virus that the scanner did not know.
    """
    appeal.lock()
    if not (appeal.is_open and queries.restarts(appeal)):
        return
    since = queries.restarted_on(appeal) or timezone.localdate(appeal.filed_at)
    due_on = max(_silence(appeal, since), timezone.localdate())
    if due_on < appeal.due_on:
        _move(appeal, "set_back", due_on)


@transaction.atomic
def lapse(*, appeal: Appeal) -> None:
    """Let silence reject an appeal whose delay is over, once; it waits for the scan of what may make it run anew."""
    holding.lock(appeal)
    if not appeal.is_open or queries.waits_for_scan(appeal):
        return
    run_from_last(appeal)
    if appeal.due_on < timezone.localdate():
        holding.end(appeal)
        appeal.advance("lapse", by=SYSTEM)
        holding.release(appeal)


def run_from_last(appeal: Appeal) -> None:
    """Have the delay run from the last papers; what was said never comes nearer, even once they are destroyed."""
    since = queries.restarted_on(appeal)
    if since and (due_on := _silence(appeal, since)) > appeal.due_on:
        _move(appeal, "run_anew", due_on)


def _silence(appeal: Appeal, since: date) -> date:
    return queries.silence(Route(appeal.route), received_on=since).on


def _move(appeal: Appeal, step: str, due_on: date) -> None:
    appeal.advance(step, by=SYSTEM, before=appeal.due_on, due_on=due_on)
    appeal.due_on = due_on
    appeal.save(update_fields=["due_on"])
