"""A file arrives over as many connections as it takes: part by part, then whole."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.documents import queries
from escale.domain.documents.actions.files import (
    Kept,
    chunks,
    destroy_on_commit,
    examine,
    keeping,
    let_go_of_the_database,
    refuse_locked,
)
from escale.domain.documents.lifecycle import ON_ITS_WAY, UploadStatus
from escale.domain.documents.models import Document, Part, Upload
from escale.domain.registry.models import InsuredPerson
from escale.gateways import file_kinds, inspection, vault
from escale.gateways.joined import joined

PART_BYTES = 2 * 1024 * 1024
PART_SECONDS = 5
SILENCE_SECONDS = 2
"""A part is made durable when so many bytes came, when its first byte is so old, or when nothing came for so long."""


class Overtaken(Exception):
    """The file goes on from another byte: another connection has carried it further, or it is no longer on its way."""


class Corrupted(Exception):
    """What arrived is not what was announced with it; nothing of it is kept."""


class WrongPassword(Exception):
    """This password does not open the file; the message is for the sender."""


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one connection must give: an algorithm of `hashlib`, and its digest."""

    algorithm: str
    digest: bytes


@transaction.atomic
def expect(
    *,
    insured: InsuredPerson,
    token: UUID,
    name: str,
    declared_type: str,
    size: int,
    sha256: str,
    document: Document | None = None,
    by: Actor,
) -> Upload:
    """Open the way for a file of so many bytes; nothing is left to send of one that the house already holds."""
    upload = Upload.open(
        by=by,
        token=token,
        insured=insured,
        name=file_kinds.clean_name(name),
        declared_type=declared_type,
        size=size,
        sha256=sha256,
        received=size if document else 0,
    )
    if document:
        complete(upload=upload, document=document, by=by)
    return upload


def append(*, upload: Upload, offset: int, arriving: Iterator[bytes], checksum: Checksum | None = None) -> None:
    """
    Keep what arrives of a file, part by part, each durable once it is recorded; `upload.received` says how far it came.

    No connection to the database is held while bytes are awaited. What arrives is given as it comes, and empty from
    time to time while nothing does. With a checksum all is kept at its end, or none.

    :raises Overtaken: if the file does not go on from there, or no longer.
    :raises Corrupted, NotKept: if the checksum is another; if the store refuses.
    """
    let_go_of_the_database()
    for part in [_verified(arriving, checksum)] if checksum else _parts(arriving):
        with keeping():
            stored = queries.vault().put(part)
        try:
            _record(upload, offset, stored)
        except (Overtaken, Upload.DoesNotExist) as late:
            queries.vault().delete(stored.key)
            raise Overtaken from late
        finally:
            let_go_of_the_database()
        offset += stored.size


def _parts(arriving: Iterator[bytes]) -> Iterator[Iterator[bytes]]:
    for first in arriving:
        if first:
            yield _part(first, arriving)


def _part(first: bytes, arriving: Iterator[bytes]) -> Iterator[bytes]:
    began = heard = time.monotonic()
    size = len(first)
    yield first
    while size < PART_BYTES and time.monotonic() - began < PART_SECONDS:
        chunk = next(arriving, None)
        if chunk is None or not chunk and time.monotonic() - heard > SILENCE_SECONDS:
            return
        if chunk:
            heard, size = time.monotonic(), size + len(chunk)
            yield chunk


def _verified(arriving: Iterator[bytes], checksum: Checksum) -> Iterator[bytes]:
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
    for chunk in arriving:
        digest.update(chunk)
        yield chunk
    if digest.digest() != checksum.digest:
        raise Corrupted


@transaction.atomic
def _record(upload: Upload, offset: int, stored: vault.Stored) -> None:
    upload.lock()
    if not stored.size or (upload.status, upload.received) != (UploadStatus.ARRIVING, offset):
        raise Overtaken
    Part.objects.create(upload=upload, offset=offset, size=stored.size, key=stored.key)
    upload.received, upload.moved_at = offset + stored.size, timezone.now()
    upload.save(update_fields=["received", "moved_at"])


def assemble(*, upload: Upload, medical: bool, password: str = "") -> Kept:
    """
    Make one file of the parts that arrived, as `keep` does of one that comes at once; the parts stay until `complete`.

    With a password, the copy that opens is kept beside what was sent, and the password is forgotten.

    :raises file_kinds.Refused: if it is not a paper that the house can read, or not the file that was announced.
    :raises Locked, WrongPassword, NotKept: if it asks for a password; if that is another; if the store refuses.
    """
    parts = list(upload.parts.order_by("offset"))
    let_go_of_the_database()
    try:
        with keeping(), _whole(parts) as content, tempfile.TemporaryDirectory() as folder:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
            if upload.sha256 not in ("", sha256):
                raise vault.Altered(upload.sha256)
            content.seek(0)
            kind = examine(content, name=upload.name, declared_type=upload.declared_type)
            unlocked = None
            if password:
                with _unlocked(content, password, Path(folder)).open("rb") as copy:
                    unlocked = queries.vault().put(chunks(copy), medical=medical)
            else:
                refuse_locked(content, kind)
            if len(parts) == 1 and not medical:
                stored = vault.Stored(parts[0].key, sha256, upload.size)
            else:
                content.seek(0)
                stored = queries.vault().put(chunks(content), medical=medical)
    except (vault.Missing, vault.Altered) as error:
        raise file_kinds.Refused("altered", _("Ce fichier a été abîmé en chemin : envoyez-le à nouveau.")) from error
    return Kept(upload.name, kind.type, stored, unlocked)


def _whole(parts: list[Part]) -> AbstractContextManager[BinaryIO]:
    return joined([part.size for part in parts], lambda rank: queries.vault().open(parts[rank].key))


def _unlocked(content: BinaryIO, password: str, folder: Path) -> Path:
    try:
        return inspection.unlock(content, password=password, folder=folder, limits=settings.FILE_LIMITS)
    except inspection.Unreadable as refusal:
        if refusal.code == "wrong_password":
            raise WrongPassword(str(refusal)) from refusal
        raise file_kinds.Refused(refusal.code, str(refusal)) from refusal


@transaction.atomic
def complete(*, upload: Upload, document: Document, by: Actor) -> None:
    """Say which document a file on its way has become, and destroy the parts that are not it."""
    upload.document = document
    upload.save(update_fields=["document"])
    _destroy_parts(upload)
    upload.advance("receive", by=by)


@transaction.atomic
def refuse(*, upload: Upload, why: str, by: Actor) -> None:
    """Say why a file on its way is not received, and destroy what arrived of it."""
    upload.lock()
    if upload.status in ON_ITS_WAY:
        upload.refusal = why[:500]
        upload.save(update_fields=["refusal"])
        _destroy_parts(upload)
        upload.advance("refuse", by=by)


@transaction.atomic
def lock(*, upload: Upload, by: Actor) -> None:
    """Say that a file that arrived asks for its password."""
    upload.lock()
    if upload.status == UploadStatus.ARRIVING:
        upload.advance("lock", by=by)


@transaction.atomic
def forget(*, upload: Upload, by: Actor) -> None:
    """Give a file on its way up, once, and destroy what arrived of it; the document that it became stays."""
    with suppress(Upload.DoesNotExist):
        upload.lock()
        _destroy_parts(upload)
        upload.advance("discard", by=by)


def _destroy_parts(upload: Upload) -> None:
    adopted = upload.document.key if upload.document else ""
    destroy_on_commit(upload.parts.exclude(key=adopted).values_list("key", flat=True))
    upload.parts.all().delete()


def expire() -> None:
    """Give up what has not moved for too long."""
    late = Upload.objects.filter(moved_at__lt=timezone.now() - settings.UPLOADS_KEPT)
    for upload in late.order_by("moved_at").iterator():
        with suppress(Upload.DoesNotExist), transaction.atomic():
            upload.lock()
            if upload.expires_at < timezone.now():
                forget(upload=upload, by=SYSTEM)
