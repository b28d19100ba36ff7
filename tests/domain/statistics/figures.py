"""Figures as folding leaves them."""

from datetime import date
from itertools import product

from django.db.models import F

from escale.domain.statistics.models import ALL, Measure, Tally


def counted(
    measure: Measure,
    territory: str,
    care: str,
    *,
    day: date,
    count: int,
    key: str = "",
    bucket: int = 0,
    total: int = 0,
) -> None:
    """Count so many of a sort, in their place and care and in all of them."""
    for place, kind in product((territory, ALL), (care, ALL)):
        tally, _made = Tally.objects.get_or_create(
            measure=measure, territory=place, care=kind, day=day, key=key, bucket=bucket, defaults={"count": 1}
        )
        more = count - 1 if _made else count
        Tally.objects.filter(pk=tally.pk).update(count=F("count") + more)
