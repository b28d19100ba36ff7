"""What is asked of the messages."""

from datetime import timedelta

from django.core import signing
from django.db.models import Model, QuerySet

from escale.domain.journal.actions import name_of
from escale.domain.notices.lifecycle import Status
from escale.domain.notices.models import SALT, Notice


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


def last_address(*, about: Model) -> str:
    """Return the last address of whoever was first written to about this object, if anybody was."""
    first = Notice.objects.filter(about=name_of(about)).order_by("pk").first()
    if first is None:
        return ""
    theirs = Notice.objects.filter(account=first.account) if first.account_id else Notice.objects.filter(pk=first.pk)
    return theirs.order_by("pk").values_list("address", flat=True).last() or ""
