"""A file is looked into and scanned, and images are made of its pages."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries
from escale.domain.documents.actions.files import chunks
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.gateways import inspection, screening, vault
from escale.gateways.antivirus import Scan, Verdict

_STEP_AFTER = {Verdict.CLEAN: "clear", Verdict.INFECTED: "infect", Verdict.UNSCANNABLE: "set_aside"}


def scan(*, document: Document) -> None:
    """
    Have a quarantined file looked into and scanned; write the verdict, with the images of its pages if it is clean.

    A file that is no longer what was received is lost; one that cannot be read has no image.

    :raises antivirus.Unavailable: when the scanner gives no verdict; the file stays in quarantine.
    """
    if document.status != Status.QUARANTINED:
        return
    try:
        if queries.vault().digest(document.key) != document.sha256:
            raise vault.Altered(document.key)
        queries.antivirus().version()  # while nobody answers, nothing is opened for nothing
        with tempfile.TemporaryDirectory() as folder, queries.vault().open(document.key) as content:
            inspected = _inspected(content, kind=document.media_type, folder=Path(folder))
            verdict = screening.scan(content, inspected, queries.antivirus())
            removed = [what for what in inspected.removed if what in inspection.ACTIVE] if inspected else []
            images = inspected.pages if inspected and verdict.verdict == Verdict.CLEAN else []
            pages = [_kept(image, number, document=document) for number, image in enumerate(images, start=1)]
    except (vault.Missing, vault.Altered):
        document.advance("lose", by=SYSTEM)
        return
    _write(verdict, removed, pages, document=document)


def _inspected(content: BinaryIO, *, kind: str, folder: Path) -> inspection.Inspection | None:
    try:
        return inspection.inspect(content, kind=kind, folder=folder, limits=settings.FILE_LIMITS)
    except inspection.Unreadable:
        return None


def _kept(image: inspection.Page, number: int, *, document: Document) -> Page:
    medical = queries.vault().is_medical(document.key)
    with image.path.open("rb") as content:
        key = queries.vault().put(chunks(content), medical=medical).key
    return Page(document=document, number=number, key=key, width=image.width, height=image.height)


@transaction.atomic
def _write(verdict: Scan, removed: list[str], pages: list[Page], *, document: Document) -> None:
    document.lock()
    if document.status != Status.QUARANTINED:
        return
    document.finding, document.signatures, document.removed = verdict.name, verdict.signatures, removed
    document.save(update_fields=["finding", "signatures", "removed"])
    Page.objects.bulk_create(pages)
    document.advance(_STEP_AFTER[verdict.verdict], by=SYSTEM)
