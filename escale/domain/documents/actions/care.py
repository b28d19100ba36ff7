"""A file that was received is looked after: read under the journal's eyes, scanned again, verified, watched over."""

import math
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import chain
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
from escale.gateways.antivirus import Unavailable, Verdict

BATCH = 10
"""Files that one task looks after: a first scan never waits for more."""
_TRIED = 100
_REMINDED_AFTER = timedelta(days=1)


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


def read_original(*, document: Document, by: Actor) -> Iterator[bytes]:
    """
    Write in the journal that somebody takes a file as it was received, and yield its bytes.

    :raises vault.NoKey: if it is under medical seal, and this process does not hold the keys.
    :raises Doubtful: if it is no longer the file that was received.
    """
    try:
        chunks = queries.vault().chunks(document.key)
        first = next(chunks, b"")
    except (vault.Missing, vault.Altered) as error:
        journal.record("document.doubt", subject=document, actor=by.account, hat=by.role, page=0)
        raise Doubtful from error
    journal.record("document.read", subject=document, actor=by.account, hat=by.role, page=0)
    return chain([first], chunks)


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
    Scan again the files whose last scan is the oldest, if the signatures have changed since; tell whether any was.

    :raises antivirus.Unavailable, OSError: when the scanner gives no verdict; when the store does not answer.
    """
    version = queries.antivirus().version()
    old = [document for document in queries.scanned_longest_ago()[:_TRIED] if document.signatures != version]
    return _look_after(old, rescan, most=BATCH) > 0


def _look_after(documents: list[Document], care: Callable[..., None], *, most: int) -> int:
    """
    Take care of the first files that it can, and return of how many: a file that resists does not hold up the others.

    :raises antivirus.Unavailable, OSError: when the scanner, or the store, answers for no file.
    :raises vault.NoKey: when the key of none is held.
    """
    done = 0
    fault: Exception | None = None
    for document in documents:
        try:
            care(document=document)
            done += 1
        except Document.DoesNotExist:  # destroyed meanwhile
            continue
        except Unavailable as error:
            queries.antivirus().version()  # raises, where it is not this file
            fault = error
        except (OSError, vault.NoKey) as error:
            if not queries.others_open(document):
                raise
            fault = error
        if done == most:
            return done
    if fault and not done:
        raise fault
    return done


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
            scanning.read_through(document)
            pages = [] if all(map(_is_intact, document.pages.order_by("number"))) else _drawn_again(document)
        except (vault.Missing, vault.Altered):
            scanning.lose(document)
            return
        _write_verified(document, pages)


def _is_intact(page: Page) -> bool:
    try:
        return queries.vault().digest(page.key) == page.sha256
    except (vault.Missing, vault.Altered):
        return False


def _drawn_again(document: Document) -> list[Page]:
    with tempfile.TemporaryDirectory() as folder:
        return scanning.drawn(scanning.inspect(document, Path(folder)), document=document)


@transaction.atomic
def _write_verified(document: Document, pages: list[Page]) -> None:
    """Write that a file is intact, and put the images drawn again, if any could be, in the place of the others."""
    document.lock()
    document.verified_at = timezone.now()
    document.save(update_fields=["verified_at"])
    if pages and document.status == Status.CLEAN:
        document.pages.all().delete()  # what the vault may still hold of them is swept
        Page.objects.bulk_create(pages)


def share() -> int:
    """Return how many files to verify in an hour so that each is read within the period, those overdue included."""
    kept, period = queries.kept(), timedelta(days=settings.VERIFY_DAYS)
    overdue = kept.filter(verified_at__lt=timezone.now() - period).count()
    return max(BATCH, math.ceil(kept.count() / (settings.VERIFY_DAYS * 24)), overdue)


def verify_some(*, most: int) -> int:
    """
    Verify the files read the longest ago, at most so many and at most a batch; return how many were.

    :raises OSError: when the store does not answer. :raises vault.NoKey: likewise.
    """
    return _look_after(list(queries.read_longest_ago()[:_TRIED]), verify, most=min(most, BATCH))


@transaction.atomic
def watch(*, late: bool, waiting: bool) -> Entry | None:
    """
    Write that scans no longer go through, or that they do again; return where the outage began, while one lasts.

    An outage begins when a file is late, and lasts until none waits any more; one that lasts is written again each day.
    """
    last = queries.last_outage()
    stalled = last if last and last.event == "scan.stall" else None
    if stalled and not waiting:
        journal.record("scan.resume", subject=Document())
        return None
    if late and (not stalled or stalled.at < timezone.now() - _REMINDED_AFTER):
        return journal.record("scan.stall", subject=Document())
    return stalled
