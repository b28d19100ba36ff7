"""What is asked of the messages."""

from datetime import timedelta

from django.core import signing
from django.db.models import QuerySet

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
