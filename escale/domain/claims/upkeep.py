"""What is asked of the papers of claims, from their first scan to their destruction."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, DateTimeField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from escale.domain.claims import queries
from escale.domain.claims.lifecycle import CLOSED, WORKED_ON, Status
from escale.domain.claims.models import Arrival, Attachment, Claim, Hold
from escale.domain.claims.models.papers import AttachmentQuerySet
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.lifecycle import UploadStatus
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.rules import retention
from escale.rules.retention import End

_FINISHED_WITHIN = timedelta(minutes=5)


class Late(NamedTuple):
    """How many files wait for the scanner for too long, and since when the first of them waits."""

    files: int
    since: datetime | None


def to_scan() -> AttachmentQuerySet:
    """Return the papers of claims that were sent, or of their appeals, that nobody has scanned yet."""
    looked_at = Q(claim__status__in=[Status.SENT, *WORKED_ON]) | Q(claim__status__in=CLOSED) & ~Q(appeal="")
    return Attachment.objects.current().filter(looked_at, document__status=DocumentStatus.QUARANTINED)


def late(*, minutes: int) -> Late:
    """Return what has waited for the scanner for longer than this."""
    waiting = to_scan().annotate(since=Greatest("claim__sent_at", "document__received_at"))
    counted = waiting.filter(since__lt=timezone.now() - timedelta(minutes=minutes)).aggregate(
        files=Count("document", distinct=True), first=Min("since")
    )
    return Late(files=counted["files"], since=counted["first"])


def to_settle() -> QuerySet[Claim]:
    """Return the claims of which some file is still to be scanned, or that nobody received since it was."""
    return Claim.objects.filter(Q(status=Status.SENT) | Q(pk__in=to_scan().values("claim"))).order_by("pk")


def left_unfinished() -> list[Arrival]:
    """Return the files that came whole some minutes ago, and of which nothing was made yet; the oldest first."""
    whole = Arrival.objects.filter(upload__status=UploadStatus.ARRIVING, upload__received=F("upload__size"))
    left = whole.filter(upload__moved_at__lt=timezone.now() - _FINISHED_WITHIN).order_by("upload__moved_at")
    return list(left.select_related("upload", "claim__insured__account", "replaces__document", "answers"))


def shown_of(document: Document) -> QuerySet[Claim]:
    """Return the claims by which somebody of the Fund may have seen a file."""
    return Claim.objects.filter(attachments__document=document).exclude(status=Status.DRAFT).order_by("pk").distinct()


_LAST_CHANGE = journal.of_each(Claim).order_by("-pk")


def old_drafts() -> QuerySet[Claim]:
    """Return the drafts of which it is time to say that they will be deleted, with when each was `changed_at` last."""
    today = timezone.localdate()
    oldest = today - (retention.draft_told_from(today) - today)
    return (
        Claim.objects.filter(status=Status.DRAFT, opened_at__lt=_morning_after(oldest))
        .annotate(changed_at=Subquery(_LAST_CHANGE.values("at")[:1], output_field=DateTimeField()))
        .filter(changed_at__lt=_morning_after(oldest))
        .select_related("insured__account")
        .order_by("pk")
    )


def last_change(draft: Claim) -> Entry:
    """Return the last thing that happened to a draft."""
    entry = journal.of(name_of(draft)).last()
    assert entry
    return entry


def perhaps_due() -> QuerySet[Claim]:
    """Return the claims that ended, sent long enough ago to be due, and whose papers nothing holds."""
    before = retention.papers_sent_before(timezone.localdate())
    return (
        Claim.objects.filter(status__in=sorted(CLOSED), papers_destroyed_at=None, sent_at__lt=_morning_of(before))
        .exclude(Exists(Hold.objects.filter(claim=OuterRef("pk"), lifted_at=None)))
        .with_decisions()
        .order_by("sent_at", "pk")
    )


def papers_until(claim: Claim) -> date | None:
    """Return the day from which the papers of a claim are destroyed; None as long as it has not ended."""
    ended = _end(claim)
    return retention.papers_until(ended[0], on=ended[1]) if ended else None


def _end(claim: Claim) -> tuple[End, date] | None:
    match claim.status:
        case Status.PROCESSED:
            return (End.PAID, claim.paid_on) if claim.paid_on else None
        case Status.REFUSED:
            answer = queries.answer(claim)
            return (End.REFUSED, timezone.localdate(answer.taken_at)) if answer and answer.taken_at else None
        case Status.UNUSABLE:
            set_aside = journal.of(name_of(claim)).filter(event="claim.set_aside").last()
            return (End.SET_ASIDE, timezone.localdate(set_aside.at)) if set_aside else None
    return None


def holds(claim: Claim) -> QuerySet[Hold]:
    """Return the open controls and appeals of a claim, oldest first."""
    return claim.holds.filter(lifted_at=None).select_related("placed_by").order_by("pk")


def contested(claim: Claim, *, by: str = "") -> bool:
    """Tell whether an appeal against a decision of a claim is open, or this one by its number."""
    named = {"appeals__reference": by} if by else {"appeals__isnull": False}
    return claim.decisions.filter(**named, appeals__ended_at=None).exists()


def _morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _morning_after(day: date) -> datetime:
    return _morning_of(day + timedelta(days=1))
