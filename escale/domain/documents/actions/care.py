"""A file that was received is looked after: read under the journal's eyes, scanned again, verified, watched over."""

import math
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.documents import queries
from escale.domain.documents.actions import scanning
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.domain.journal import actions as journal
from escale.domain.journal.models import Entry
from escale.gateways import vault
from escale.gateways.antivirus import Verdict

BATCH = 10
"""Files that one task looks after: a first scan never waits for more."""


class Doubtful(Exception):
    """What the vault holds is not the image that was drawn: it is not shown, and the file is verified."""


def read(*, page: Page, by: Actor) -> bytes:
    """
    Write in the journal that somebody looks at a page, and return its image.

    :raises Doubtful: if it is no longer the image that was drawn.
    """
    try:
        image = queries.content(page)
    except (vault.Missing, vault.Altered) as error:
        journal.record("document.doubt", subject=page.document, actor=by.account, hat=by.role, page=page.number)
        raise Doubtful from error
    journal.record("document.read", subject=page.document, actor=by.account, hat=by.role, page=page.number)
    return image


def rescan(*, document: Document) -> None:
    """
    Scan a clean file again, with the signatures of today; only a virus changes what was said of it.

    :raises antivirus.Unavailable: when the scanner gives no verdict; nothing changes.
    """
    if document.status != Status.CLEAN:
        return
    try:
        with scanning.judged(document) as (verdict, _inspected):
            pass
    except (vault.Missing, vault.Altered):
        scanning.lose(document)
        return
    with transaction.atomic():
        document.lock()
        if document.status == Status.CLEAN:
            scanning.note(verdict, document=document)
            if verdict.verdict == Verdict.INFECTED:
                document.advance("infect", by=SYSTEM)


def rescan_some() -> bool:
    """
    Scan again the files whose last scan is the oldest, if the signatures have changed since; tell whether any had.

    :raises antivirus.Unavailable: when the scanner gives no verdict.
    """
    version = queries.antivirus().version()
    old = [document for document in queries.scanned_longest_ago()[:BATCH] if document.signatures != version]
    for document in old:
        with suppress(Document.DoesNotExist):  # destroyed meanwhile
            rescan(document=document)
    return bool(old)


def verify(*, document: Document) -> None:
    """
    Read a file, its copy without a password and the images of its pages; lose it if it is not what was received.

    Images alone that are gone or altered are drawn again. Nothing is held in the database while the bytes are read.

    :raises OSError: when the store does not answer; nothing is known then. :raises vault.NoKey: likewise.
    """
    if document.status in {Status.LOST, Status.INFECTED}:
        return
    with suppress(Document.DoesNotExist):  # destroyed meanwhile
        try:
            _read_through(document)
            pages = None if all(map(_is_intact, document.pages.order_by("number"))) else _drawn_again(document)
        except (vault.Missing, vault.Altered):
            scanning.lose(document)
            return
        _write_verified(document, pages)


def _read_through(document: Document) -> None:
    if queries.vault().digest(document.key) != document.sha256:
        raise vault.Altered(document.key)
    if document.unlocked_key:
        queries.vault().digest(document.unlocked_key)


def _is_intact(page: Page) -> bool:
    try:
        return queries.vault().digest(page.key) == page.sha256
    except (vault.Missing, vault.Altered):
        return False


def _drawn_again(document: Document) -> list[Page]:
    with tempfile.TemporaryDirectory() as folder:
        return scanning.drawn(scanning.inspect(document, Path(folder)), document=document)


@transaction.atomic
def _write_verified(document: Document, pages: list[Page] | None) -> None:
    document.lock()
    document.verified_at = timezone.now()
    document.save(update_fields=["verified_at"])
    if pages is not None and document.status == Status.CLEAN:
        document.pages.all().delete()  # what the vault may still hold of them is swept
        Page.objects.bulk_create(pages)


def share() -> int:
    """Return how many files to verify in an hour so that each is read within the period, those overdue included."""
    kept, period = queries.kept(), timedelta(days=settings.VERIFY_DAYS)
    overdue = kept.filter(verified_at__lt=timezone.now() - period).count()
    return max(BATCH, math.ceil(kept.count() / (settings.VERIFY_DAYS * 24)), overdue)


def verify_some(*, most: int) -> int:
    """
    Verify the files read the longest ago, at most so many and at most a batch; return how many there were.

    :raises OSError: when the store does not answer. :raises vault.NoKey: likewise.
    """
    documents = list(queries.read_longest_ago()[: min(most, BATCH)])
    for document in documents:
        verify(document=document)
    return len(documents)


@transaction.atomic
def watch(*, late: bool, waiting: bool) -> Entry | None:
    """
    Write that scans no longer go through, or that they do again; return where the outage began, while one lasts.

    An outage begins when a file is late, and lasts until none waits any more.
    """
    last = queries.last_outage()
    stalled = last if last and last.event == "scan.stall" else None
    if stalled and not waiting:
        journal.record("scan.resume", subject=Document())
        return None
    if not stalled and late:
        return journal.record("scan.stall", subject=Document())
    return stalled
