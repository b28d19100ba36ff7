"""What an owner closes: sessions left open somewhere, devices that are no longer theirs."""

from collections import Counter

from django.db import transaction

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account, Device, Session
from escale.domain.journal import actions as journal


@transaction.atomic
def close_sessions(*, account: Account, keep: str = "", only: str = "") -> int:
    """Close the sessions of an account, save the one of key `keep`, or only that of key `only`; return how many."""
    sessions = Session.objects.filter(account=account).exclude(session_key=keep)
    closed = sessions.filter(**{"session_key": only} if only else {}).delete()[0]
    if closed:
        journal.record("account.close_sessions", subject=account, actor=account, sessions=closed)
    return closed


@transaction.atomic
def end_sessions(*, account: Account | None = None, only: str = "", by: Actor = SYSTEM) -> int:
    """
    Close somebody else's sessions, or only that of key `only`; those of everybody for who runs the service.

    Return how many there were.
    """
    sessions = Session.objects.filter(account=account) if account else Session.objects.all()
    sessions = sessions.filter(session_key=only) if only else sessions
    theirs = Counter(sessions.exclude(account=None).values_list("account", flat=True))
    closed = sessions.delete()[0]
    for owner in Account.objects.filter(pk__in=theirs).order_by("pk"):
        open_ones = theirs[owner.pk]
        journal.record("account.close_sessions", subject=owner, actor=by.account, hat=by.role, sessions=open_ones)
    return closed


@transaction.atomic
def forget_device(*, device: Device) -> None:
    """Treat a device as new when it comes again."""
    journal.record("account.forget_device", subject=device, actor=device.account)
    device.delete()
