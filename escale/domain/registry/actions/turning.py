"""How the numbers follow when the keys of the house turn."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from escale.domain.registry import writing
from escale.domain.registry.models import Numbered, numbers

BATCH = 1_000


def reseal(rows: "QuerySet[Any]") -> int:
    """
    Seal again by the current key the numbers that an older one seals, and return how many; the old may then go.

    It may be cut short and done again; whoever is looked for meanwhile is found under both keys.
    """
    older = list(numbers.under_older_keys(rows).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(older), BATCH):
        with transaction.atomic():
            writing.hold()
            batch: list[Numbered] = list(rows.select_for_update().filter(pk__in=older[first : first + BATCH]))
            for row in batch:
                row.nir = row.nir  # opened by the key that its seal names, sealed by the current one
            rows.bulk_update(batch, ["nir_digest", "nir_sealed"])
    return len(older)
