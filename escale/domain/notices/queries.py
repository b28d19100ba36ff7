"""What is asked of the messages."""

from django.db.models import QuerySet

from escale.domain.notices.lifecycle import Status
from escale.domain.notices.models import Notice


def waiting() -> QuerySet[Notice]:
    """Return the messages that have not left yet, oldest first."""
    return Notice.objects.filter(status=Status.QUEUED).order_by("pk")
