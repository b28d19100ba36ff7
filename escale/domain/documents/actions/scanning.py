"""A file is looked into and scanned, and images are made of its pages."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries
from escale.domain.documents.actions.files import chunks
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.gateways import inspection, screening, vault
from escale.gateways.antivirus import Scan, Verdict

_TRIES = 2
_STEP_AFTER = {Verdict.CLEAN: "clear", Verdict.INFECTED: "infect", Verdict.UNSCANNABLE: "set_aside"}


def scan(*, document: Document) -> None:
    """
    Have a quarantined file looked into and scanned; write the verdict, with the images of its pages if it is clean.

    A file that is no longer what was received is lost; one that cannot be read has no image.

    :raises antivirus.Unavailable, OSError, vault.NoKey: when the scanner gives no verdict, when the store or the key is
        not there; the file stays in quarantine.
    """
    if document.status != Status.QUARANTINED:
        return
    try:
        with judged(document) as (verdict, inspected):
            removed = [what for what in inspected.removed if what in inspection.ACTIVE] if inspected else []
            pages = drawn(inspected, document=document) if verdict.verdict == Verdict.CLEAN else []
    except (vault.Missing, vault.Altered):
        lose(document)
        return
    _write(verdict, removed, pages, document=document)


@contextmanager
def judged(document: Document) -> Iterator[tuple[Scan, inspection.Inspection | None]]:
    """
    Give what the scanner says of a file and of what is inside it, and what can be shown of it for as long as it lasts.

    :raises antivirus.Unavailable: when the scanner gives no verdict.
    :raises vault.Missing, vault.Altered: when the file is no longer what was received.
    """
    read_through(document)
    queries.antivirus().version()  # while nobody answers, nothing is opened for nothing
    with tempfile.TemporaryDirectory() as folder, queries.vault().open(document.key) as content:
        inspected = inspect(document, Path(folder))
        yield screening.scan(content, inspected, queries.antivirus()), inspected


def read_through(document: Document) -> None:
    """
    Read a file and its copy without a password to their ends.

    :raises vault.Missing, vault.Altered: if one is no longer what was received, or what was made of it then.
    """
    for key, sha256 in ((document.key, document.sha256), (document.unlocked_key, document.unlocked_sha256)):
        if key and queries.vault().digest(key) != sha256:
            raise vault.Altered(key)


def inspect(document: Document, folder: Path) -> inspection.Inspection | None:
    """
    Look into a file, or into its copy that opens without a password; None if it cannot be read.

    Where the process is killed, it is tried once more: the machine may have been too busy at that moment.
    """
    with queries.vault().open(document.unlocked_key or document.key) as content:
        for _try in range(_TRIES):
            content.seek(0)
            try:
                return inspection.inspect(content, kind=document.media_type, folder=folder, limits=settings.FILE_LIMITS)
            except inspection.Unreadable as refusal:
                if not refusal.killed:
                    break
    return None


def drawn(inspected: inspection.Inspection | None, *, document: Document) -> list[Page]:
    """Put the images of the pages in the vault, sealed as their file is; their rows are not written yet."""
    medical = queries.vault().is_medical(document.key)
    pages = []
    for number, image in enumerate(inspected.pages if inspected else (), start=1):
        with image.path.open("rb") as content:
            stored = queries.vault().put(chunks(content), medical=medical)
        page = Page(document=document, number=number, key=stored.key, sha256=stored.sha256)
        page.width, page.height = image.width, image.height
        pages.append(page)
    return pages


def lose(document: Document) -> None:
    """
    Write that a file is no longer what was received, unless its life is over already.

    :raises vault.Unavailable: when no other file opens either; nothing is known then of any.
    """
    if not queries.others_open(document):
        raise vault.Unavailable("no file opens: this is another store, or these are other keys")
    with transaction.atomic():
        document.lock()
        if "lose" in document.steps_open_to(SYSTEM):
            document.advance("lose", by=SYSTEM)


@transaction.atomic
def _write(verdict: Scan, removed: list[str], pages: list[Page], *, document: Document) -> None:
    document.lock()
    if document.status != Status.QUARANTINED:
        return
    document.removed = removed
    document.save(update_fields=["removed"])
    note(verdict, document=document)
    Page.objects.bulk_create(pages)
    document.advance(_STEP_AFTER[verdict.verdict], by=SYSTEM)


def note(verdict: Scan, *, document: Document) -> None:
    """Write what the scanner said of a file, when, and with which signatures."""
    document.finding, document.signatures, document.scanned_at = verdict.name, verdict.signatures, timezone.now()
    document.save(update_fields=["finding", "signatures", "scanned_at"])
