"""The folder from which the bank takes our files: where each is laid, and which the database does not know."""

from pathlib import Path

from django.conf import settings

from escale.domain.payments.models import Batch
from escale.gateways import outbox


def file_of(batch: Batch) -> tuple[Path, str]:
    """Return the folder from which the bank takes the file of a batch, and its name."""
    return Path(settings.BANK_FOLDER), f"{batch.reference}.xml"


def unknown_batches() -> set[str]:
    """Return the batches that were laid before the bank and that the database does not know: it was put back as it was
    before they left, and what they paid would be paid again.
    """
    laid = {name.removesuffix(".xml") for name in outbox.delivered(Path(settings.BANK_FOLDER))}
    laid = {name for name in laid if name.startswith(Batch.PREFIX)}
    return laid - set(Batch.objects.filter(reference__in=laid).values_list("reference", flat=True))
