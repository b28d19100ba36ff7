"""A file is received, destroyed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from escale.domain.accounts.actor import Actor
from escale.domain.documents import queries
from escale.domain.documents.models import Document
from escale.domain.registry.models import InsuredPerson
from escale.gateways import file_kinds, vault

CHUNK = 256 * 1024


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
    return Kept(file_kinds.clean_name(name), kind.type, queries.vault().put(chunks(content), medical=medical))


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


def chunks(content: BinaryIO) -> Iterator[bytes]:
    """Yield what a stream still holds, some bytes at a time."""
    while chunk := content.read(CHUNK):
        yield chunk


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
