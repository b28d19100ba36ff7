"""Figures as folding leaves them, put in at once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import product

from escale.domain.statistics.models import ALL, Measure, Tally

Row = tuple[str, str, str, date, str, int, int]


def row(measure: Measure, territory: str, care: str, *, day: date, count: int, key: str = "", bucket: int = 0) -> Row:
    """So many of a sort in a place, for a care."""
    return measure.value, territory, care, day, key, bucket, count


def put(rows: Iterable[Row]) -> None:
    """Count each in its place and care, and in all of them."""
    counts: Counter[tuple[str, str, str, date, str, int]] = Counter()
    for measure, territory, care, day, key, bucket, count in rows:
        for place, kind in product((territory, ALL), (care, ALL)):
            counts[measure, place, kind, day, key, bucket] += count
    Tally.objects.bulk_create(
        Tally(measure=measure, territory=territory, care=care, day=day, key=key, bucket=bucket, count=count)
        for (measure, territory, care, day, key, bucket), count in counts.items()
    )
