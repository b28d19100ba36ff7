"""A file is received, destroyed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.documents import queries
from escale.domain.documents.models import Document, Transcript
from escale.domain.registry.models import InsuredPerson
from escale.gateways import file_kinds, inspection, vault

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Kept:
    """Bytes that are durable in the vault, and that no row of the database knows yet."""

    name: str
    media_type: str
    stored: vault.Stored
    unlocked: vault.Stored | None = None

    @property
    def keys(self) -> list[str]:
        """Where these bytes lie in the vault."""
        return [stored.key for stored in (self.stored, self.unlocked) if stored]


class Locked(Exception):
    """A PDF that asks for a password, which its sender has not given."""


class NotKept(Exception):
    """The disk or the object store refuses for now; the message is for the sender."""


@contextmanager
def keeping() -> Iterator[None]:
    """Say in the words of the house that the store refuses; raises NotKept."""
    try:
        yield
    except OSError as error:
        sentence = _(
            "Nous ne pouvons pas enregistrer ce fichier en ce moment ; ce qui est déjà reçu n’est pas perdu. "
            "Réessayez dans quelques minutes."
        )
        raise NotKept(sentence) from error


def keep(*, content: BinaryIO, name: str, declared_type: str, medical: bool) -> Kept:
    """
    Make a file durable in the vault, before any transaction begins; what nobody then receives is swept.

    A medical file is sealed for those who may open medical papers, and so are the images of its pages.

    :raises file_kinds.Refused: if it is not a paper that the house can read; the message is for the sender.
    :raises Locked, NotKept: if it asks for a password; if the store refuses.
    """
    let_go_of_the_database()
    with keeping():
        kind = examine(content, name=name, declared_type=declared_type)
        refuse_locked(content, kind)
        return Kept(file_kinds.clean_name(name), kind.type, queries.vault().put(chunks(content), medical=medical))


def let_go_of_the_database() -> None:
    """Give the connection back to the pool, which is far smaller than the number of slow senders, stores and locks."""
    if not connection.in_atomic_block:
        connection.close()


def examine(content: BinaryIO, *, name: str, declared_type: str) -> file_kinds.Kind:
    """Return what a file is; raises file_kinds.Refused."""
    return file_kinds.examine(content, name=name, declared_type=declared_type, limits=settings.FILE_LIMITS)


def refuse_locked(content: BinaryIO, kind: file_kinds.Kind) -> None:
    """Let pass what opens without a password; raises Locked, and file_kinds.Refused for a lock that nobody opens."""
    try:
        inspection.refuse_locked(content, kind=kind.type, limits=settings.FILE_LIMITS)
    except inspection.Unreadable as refusal:
        if refusal.code == "locked":
            raise Locked from refusal
        raise file_kinds.Refused(refusal.code, str(refusal)) from refusal


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
        unlocked_key=kept.unlocked.key if kept.unlocked else "",
        unlocked_sha256=kept.unlocked.sha256 if kept.unlocked else "",
    )


def chunks(content: BinaryIO) -> Iterator[bytes]:
    """Yield what a stream still holds, some bytes at a time."""
    while chunk := content.read(CHUNK):
        yield chunk


@transaction.atomic
def discard(*, document: Document, by: Actor) -> None:
    """Destroy a file: the bytes go once nothing in the database needs them any more."""
    words = Transcript.objects.filter(document=document).values_list("key", flat=True)
    keys = [document.key, document.unlocked_key, *document.pages.values_list("key", flat=True), *words]
    document.advance("discard", by=by)
    destroy_on_commit(filter(None, keys))


def destroy_on_commit(keys: Iterable[str]) -> None:
    """Destroy files of the vault once the transaction is over; what the store refuses to destroy is swept later."""
    for key in list(keys):
        transaction.on_commit(partial(queries.vault().delete, key), robust=True)


def sweep(*, others: Callable[[list[str]], Iterable[str]]) -> int:
    """
    Delete from the vault what a crash left there without a row in the database; return how many files.

    `others` answers which of some keys the rooms above know.
    """

    def known(keys: list[str]) -> set[str]:
        return {*queries.known(keys), *others(keys)}

    return len(queries.vault().sweep(known, older_than=settings.ORPHANS_KEPT))
