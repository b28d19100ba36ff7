"""What is asked of the messages."""

from collections.abc import Iterable
from datetime import timedelta

from django.core import signing
from django.db.models import Model, QuerySet

from escale.domain.accounts.models import Account
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.notices.lifecycle import Status
from escale.domain.notices.models import SALT, LetterBatch, Notice


def waiting() -> QuerySet[Notice]:
    """Return the messages that have not left yet, oldest first."""
    return Notice.objects.filter(status=Status.QUEUED).order_by("pk")


def proven(token: str, *, kind: str, within: timedelta) -> Notice | None:
    """Return the message of this kind that was read by whoever holds this token, if it left so recently, else None."""
    try:
        pk = signing.loads(token, salt=f"{SALT}.{kind}", max_age=within)
    except signing.BadSignature:
        return None
    return Notice.objects.filter(pk=pk, kind=kind).first()


def has_taken(account: Account, *, about: Model) -> bool:
    """Tell whether somebody took a file to print that held a letter about this object."""
    batches = LetterBatch.objects.filter(letters__about=name_of(about))
    taken = Entry.objects.filter(event="letter_batch.take", actor=account)
    return taken.filter(subject__in=[name_of(batch) for batch in batches]).exists()


def any_about(objects: Iterable[Model]) -> bool:
    """Tell whether somebody was written to about one of these."""
    return Notice.objects.filter(about__in=[name_of(one) for one in objects]).exists()


def address_of(*, kind: str, about: Model) -> str:
    """Return where a message of this kind about this object was sent, if it was written."""
    return Notice.objects.filter(kind=kind, about=name_of(about)).values_list("address", flat=True).first() or ""


def last_address(*, kind: str, about: Model) -> str:
    """Return the last address of whoever was written a message of this kind about this object, if anybody was."""
    first = Notice.objects.filter(kind=kind, about=name_of(about)).order_by("pk").first()
    if first is None:
        return ""
    theirs = Notice.objects.filter(account=first.account) if first.account_id else Notice.objects.filter(pk=first.pk)
    return theirs.order_by("pk").values_list("address", flat=True).last() or ""
