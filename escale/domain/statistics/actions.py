"""How the figures are kept: the sealed journal is followed, and each claim that moved is counted anew."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Count, Max, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from escale.domain.claims.models import Claim
from escale.domain.documents.models import Finding
from escale.domain.journal import actions as journal
from escale.domain.journal.models import Block
from escale.domain.statistics import shares
from escale.domain.statistics.models import ALL, CountedClaim, Measure, Progress, Reading, Tally
from escale.domain.statistics.publishing import publish

__all__ = ["fold", "publish", "recount"]

BLOCKS = 20
"""Blocks of the journal that are followed in one transaction."""
CLAIMS = 5_000
"""Claims that are counted in one transaction when all are."""

Sort = tuple[str, str, str, date, str, int]

_MOVED = """
WITH moved AS (
    SELECT DISTINCT split_part(subject, ':', 1) AS kind, split_part(subject, ':', 2) AS pk FROM journal_entry
    WHERE id = ANY(%s) AND split_part(subject, ':', 1) IN ('claims.claim', 'payments.paymentorder', 'payments.batch'))
SELECT pk::bigint FROM moved WHERE kind = 'claims.claim' AND pk <> ''
UNION
SELECT claim_id FROM claims_decision JOIN moved ON kind = 'payments.paymentorder' AND order_id = pk::bigint
UNION
SELECT claim_id FROM claims_decision JOIN payments_paymentorder paid ON paid.id = order_id
JOIN moved ON kind = 'payments.batch' AND paid.batch_id = pk::bigint
"""
_MERGE = """
MERGE INTO statistics_tally kept USING (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::smallint[], %s::bigint[],
        %s::numeric[]) AS change (measure, territory, care, day, key, bucket, count, total)) change
ON kept.measure = change.measure AND kept.territory = change.territory AND kept.care = change.care
    AND kept.day = change.day AND kept.key = change.key AND kept.bucket = change.bucket
WHEN MATCHED AND kept.count + change.count = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET count = kept.count + change.count, total = kept.total + change.total
WHEN NOT MATCHED THEN INSERT (measure, territory, care, day, key, bucket, count, total)
    VALUES (change.measure, change.territory, change.care, change.day, change.key, change.bucket, change.count,
        change.total)
"""


def fold() -> int:
    """
    Seal what was written in the journal, then count the claims that moved; return how many entries were followed.

    A block holds only what is committed, and blocks come one after the other: none is missed, and each is followed
    once. Several may fold at the same time: they take turns.
    """
    began = timezone.now()
    while journal.seal() == journal.BLOCK_SIZE:
        pass
    followed = 0
    while more := _follow():
        followed += more
    _count_readings(since=Tally.objects.filter(measure=Measure.READING).aggregate(last=Max("day"))["last"])
    Progress.objects.filter(pk=1).update(at=began)
    return followed


@transaction.atomic
def _follow() -> int:
    """Follow the next blocks of the journal, and return how many entries they hold."""
    progress = _hold()
    blocks = list(Block.objects.filter(pk__gt=progress.block).order_by("pk").values_list("pk", "entry_ids")[:BLOCKS])
    if not blocks:
        return 0
    entries = [entry for _block, entry_ids in blocks for entry in entry_ids]
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [entries])
        moved = [pk for (pk,) in cursor.fetchall()]
    _count(moved)
    progress.block = blocks[-1][0]
    progress.save(update_fields=["block"])
    return len(entries)


def recount(*, from_zero: bool = False) -> int:
    """
    Count every claim anew, and return how many there are; figures that were right stay as they are.

    `from_zero` empties the figures first; the board says that they are being counted until it is done.
    """
    if from_zero:
        _empty()
    last, counted = 0, 0
    while True:
        with transaction.atomic():
            _hold()
            sent = Claim.objects.filter(pk__gt=last, sent_at__isnull=False).order_by("pk")
            claim_ids = list(sent.values_list("pk", flat=True)[:CLAIMS])
            _count(claim_ids)
        if not claim_ids:
            break
        last, counted = claim_ids[-1], counted + len(claim_ids)
    Progress.objects.filter(pk=1).update(recounting=False)
    return counted


@transaction.atomic
def _empty() -> None:
    progress = _hold()
    CountedClaim.objects.all().delete()
    Tally.objects.all().delete()  # what the machine read is counted anew by the next fold
    progress.recounting = True
    progress.save(update_fields=["recounting"])


@transaction.atomic
def _count_readings(*, since: date | None) -> None:
    """Count anew, from this day or from the first, what agents kept of what the machine read."""
    _hold()
    judged = Finding.objects.filter(judged_at__isnull=False)
    if since:
        morning = timezone.make_aware(datetime.combine(since, time.min))
        judged = judged.filter(judged_at__gte=morning)
        Tally.objects.filter(measure=Measure.READING, day__gte=since).delete()
    became = Case(When(agreed=True, then=Reading.KEPT), When(value="", then=Reading.SILENT), default=Reading.CORRECTED)
    rows = judged.values_list(TruncDate("judged_at"), "field", became).annotate(Count("pk"))
    Tally.objects.bulk_create(
        Tally(measure=Measure.READING, day=day, key=field, bucket=bucket, count=count)
        for day, field, bucket, count in rows
    )


def _hold() -> Progress:
    """Take one's turn: nobody else counts until the end of the transaction."""
    Progress.objects.get_or_create(pk=1)
    return Progress.objects.select_for_update().get(pk=1)


def _count(claim_ids: Collection[int]) -> None:
    """Put in the figures what these claims count for now, in the place of what they did."""
    before = CountedClaim.objects.in_bulk(claim_ids)
    after = {
        pk: CountedClaim(claim_id=pk, territory=course.territory, care=course.care,
                         counted=shares.together(shares.of(course)))
        for pk, course in shares.courses(claim_ids).items()
    }  # fmt: skip
    moved = [pk for pk, one in after.items() if pk not in before or _differ(before[pk], one)]
    CountedClaim.objects.bulk_create(
        [after[pk] for pk in moved],
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["territory", "care", "counted"],
    )
    changes: defaultdict[Sort, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for sign, counted in ((-1, before), (1, after)):
        for claim in (counted[pk] for pk in moved if pk in counted):
            for sort, count, total in _sorts(claim):
                changes[sort][0] += sign * count
                changes[sort][1] += sign * total
    rows = [(*sort, count, total) for sort, (count, total) in sorted(changes.items()) if count or total]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_MERGE, [list(column) for column in zip(*rows, strict=True)])


def _differ(one: CountedClaim, other: CountedClaim) -> bool:
    return (one.territory, one.care, one.counted) != (other.territory, other.care, other.counted)


def _sorts(claim: CountedClaim) -> Iterator[tuple[Sort, int, Decimal]]:
    """Yield what a claim counts for: of its territory and of all, of its care and of all."""
    for measure, day, key, bucket, count, total in claim.counted:
        for territory, care in product((claim.territory, ALL), (claim.care, ALL)):
            yield (measure, territory, care, date.fromisoformat(day), key, bucket), count, Decimal(total)
