"""What is done with a file: receive it, scan it, make images of its pages, destroy it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.domain.registry.models import InsuredPerson
from escale.gateways import file_kinds, inspection, screening, vault
from escale.gateways.antivirus import Scan, Verdict

CHUNK = 256 * 1024

_STEP_AFTER = {Verdict.CLEAN: "clear", Verdict.INFECTED: "infect", Verdict.UNSCANNABLE: "set_aside"}


@dataclass(frozen=True)
class Kept:
    """Bytes that are durable in the vault, and that no row of the database knows yet."""

    name: str
    media_type: str
    stored: vault.Stored


def keep(*, content: BinaryIO, name: str, declared_type: str, medical: bool) -> Kept:
    """
    Make a file durable in the vault, before any transaction begins; what nobody then receives is swept.

    A medical file is sealed for those who may open medical papers, and so are the images of its pages.

    :raises file_kinds.Refused: if it is not a paper that the house can read; the message is for the sender.
    """
    kind = file_kinds.examine(content, name=name, declared_type=declared_type, limits=settings.FILE_LIMITS)
    file_kinds.refuse_locked(content, kind)
    return Kept(file_kinds.clean_name(name), kind.type, queries.vault().put(_chunks(content), medical=medical))


def receive(*, kept: Kept, insured: InsuredPerson, by: Actor) -> Document:
    """Put a file that is kept in quarantine."""
    return Document.open(
        by=by,
        insured=insured,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.stored.size,
        sha256=kept.stored.sha256,
        key=kept.stored.key,
    )


def copy(*, document: Document, by: Actor) -> Document:
    """
    Receive again, for another use, the bytes of a file that the house still holds; it will be scanned again.

    :raises vault.Missing, vault.Altered: if the vault no longer holds what was received.
    """
    medical = queries.vault().is_medical(document.key)
    stored = queries.vault().put(queries.vault().chunks(document.key), medical=medical)
    if stored.sha256 != document.sha256:
        queries.vault().delete(stored.key)
        raise vault.Altered(document.key)
    return receive(kept=Kept(document.name, document.media_type, stored), insured=document.insured, by=by)


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


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
        key = queries.vault().put(_chunks(content), medical=medical).key
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


@transaction.atomic
def discard(*, document: Document, by: Actor) -> None:
    """Destroy a file: the bytes go once nothing in the database needs them any more."""
    keys = [document.key, *document.pages.values_list("key", flat=True)]
    document.advance("discard", by=by)

    def destroy() -> None:
        for key in keys:
            queries.vault().delete(key)

    transaction.on_commit(destroy)


def sweep() -> int:
    """Delete from the vault what a crash left there without a row in the database; return how many files."""
    return len(queries.vault().sweep(queries.known, older_than=settings.ORPHANS_KEPT))
