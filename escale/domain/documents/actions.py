"""What is done with a file: receive it, scan it, make images of its pages, destroy it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.domain.registry.models import InsuredPerson
from escale.gateways import file_kinds, inspection, vault
from escale.gateways.antivirus import Scan, Verdict

CHUNK = 256 * 1024

_STEP_AFTER = {Verdict.CLEAN: "clear", Verdict.INFECTED: "infect", Verdict.UNSCANNABLE: "set_aside"}


@dataclass(frozen=True)
class Kept:
    """Bytes that are durable in the vault, and that no row of the database knows yet."""

    name: str
    media_type: str
    stored: vault.Stored


def keep(*, content: BinaryIO, name: str, declared_type: str) -> Kept:
    """
    Make a file durable in the vault, before any transaction begins; what nobody then receives is swept.

    :raises file_kinds.Refused: if it is not a paper that the house can read; the message is for the sender.
    """
    kind = file_kinds.examine(content, name=name, declared_type=declared_type, limits=settings.FILE_LIMITS)
    content.seek(0)
    return Kept(file_kinds.clean_name(name), kind.type, queries.vault().put(_chunks(content)))


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

    :raises vault.Missing: if the vault no longer holds what was received.
    """
    stored = queries.vault().put(queries.vault().chunks(document.key))
    if stored.sha256 != document.sha256:
        queries.vault().delete(stored.key)
        raise vault.Missing(document.key)
    return receive(kept=Kept(document.name, document.media_type, stored), insured=document.insured, by=by)


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


def scan(*, document: Document) -> None:
    """
    Have a quarantined file scanned, and write the verdict; a file that is no longer what was received is lost.

    :raises antivirus.Unavailable: when the scanner gives no verdict; the file stays in quarantine.
    """
    if document.status != Status.QUARANTINED:
        return
    try:
        intact = queries.vault().digest(document.key) == document.sha256
    except (vault.Missing, vault.Altered):
        intact = False
    if not intact:
        document.advance("lose", by=SYSTEM)
        return
    with queries.vault().open(document.key) as content:
        verdict = queries.antivirus().scan(content)
    _write(verdict, document=document)


@transaction.atomic
def _write(verdict: Scan, *, document: Document) -> None:
    document.lock()
    if document.status != Status.QUARANTINED:
        return
    document.finding, document.signatures = verdict.name, verdict.signatures
    document.save(update_fields=["finding", "signatures"])
    document.advance(_STEP_AFTER[verdict.verdict], by=SYSTEM)


def render(*, document: Document) -> None:
    """Make the images of a clean file's pages, once; a file that cannot be read has none."""
    if document.status != Status.CLEAN or document.rendered_at:
        return
    with tempfile.TemporaryDirectory() as folder, queries.vault().open(document.key) as content:
        try:
            images = inspection.inspect(
                content, kind=document.media_type, folder=Path(folder), limits=settings.FILE_LIMITS
            ).pages
        except inspection.Unreadable:
            images = []
        pages = [
            Page(
                document=document,
                number=number,
                key=queries.vault().put(_chunks_of(image.path)).key,
                width=image.width,
                height=image.height,
            )
            for number, image in enumerate(images, start=1)
        ]
    _keep(pages, document=document)


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as image:
        yield from _chunks(image)


@transaction.atomic
def _keep(pages: list[Page], *, document: Document) -> None:
    document.lock()
    if document.rendered_at:
        return
    Page.objects.bulk_create(pages)
    document.rendered_at = timezone.now()
    document.save(update_fields=["rendered_at"])
    document.advance("render", by=SYSTEM, pages=len(pages))


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
