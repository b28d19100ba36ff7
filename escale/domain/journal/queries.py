"""What is asked of the journal: what happened to a case, what is not sealed yet, and whether it was tampered with."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from escale.domain.journal.models import Block, Entry

GENESIS = "0" * 64
GRACE = timedelta(hours=1)
"""No transaction lasts longer: an entry that appears later among sealed ones was put there by hand."""

_LEAF = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Fault:
    """One place where the journal is not what was written."""

    block: int | None
    entry: int | None
    what: str


def of(subject: str) -> QuerySet[Entry]:
    """Return what happened to this subject, in the order in which it was written."""
    return Entry.objects.filter(subject=subject).select_related("actor").order_by("pk")


def unsealed() -> QuerySet[Entry]:
    """Return the entries that no block holds yet, oldest first."""
    floor, sealed = _frontier()
    return Entry.objects.filter(pk__gt=floor).exclude(pk__in=sealed).order_by("pk")


def _frontier() -> tuple[int, list[int]]:
    """Return the id under which all is sealed, and the sealed ids above it."""
    recent = list(Block.objects.filter(sealed_at__gt=timezone.now() - GRACE).values_list("entry_ids", flat=True))
    if not recent:
        recent = list(Block.objects.order_by("-pk").values_list("entry_ids", flat=True)[:1])
    sealed = [entry_id for ids in recent for entry_id in ids]
    return (min(sealed) - 1 if sealed else 0), sealed


def leaf(entry: Entry) -> bytes:
    """Return the SHA-256 of all that an entry says."""
    said = [entry.pk, entry.event, entry.subject, entry.actor_id, entry.hat, entry.facts, entry.at.timestamp()]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).digest()


def digest(previous: str, entry_ids: list[int], leaves: bytes, sealed_at: datetime) -> str:
    """Return the SHA-256 of a block, in hexadecimal."""
    head = json.dumps([previous, entry_ids, sealed_at.timestamp()])
    return hashlib.sha256(head.encode() + leaves).hexdigest()


def faults() -> Iterator[Fault]:
    """Read the whole journal again, and yield each place where it was altered, cut or added to."""
    previous, sealed_before = GENESIS, None
    for block in Block.objects.order_by("pk").iterator(chunk_size=50):
        yield from _faults_of_block(block, previous=previous, sealed_before=sealed_before)
        previous, sealed_before = block.digest, block.sealed_at
    yield from _faults_outside_blocks()


def _faults_of_block(block: Block, *, previous: str, sealed_before: datetime | None) -> Iterator[Fault]:
    if block.previous != previous:
        yield Fault(block.pk, None, "un bloc manque ou a été ajouté avant celui-ci")
    if block.digest != digest(block.previous, block.entry_ids, bytes(block.leaves), block.sealed_at):
        yield Fault(block.pk, None, "le bloc a été modifié")
    written = Entry.objects.in_bulk(block.entry_ids)
    for place, entry_id in enumerate(block.entry_ids):
        entry = written.get(entry_id)
        if entry is None:
            yield Fault(block.pk, entry_id, "inscription supprimée")
        elif leaf(entry) != bytes(block.leaves[place * _LEAF : (place + 1) * _LEAF]):
            yield Fault(block.pk, entry_id, "inscription modifiée")
        elif sealed_before and entry.at < sealed_before - GRACE:
            yield Fault(block.pk, entry_id, "inscription ajoutée après coup")


def _faults_outside_blocks() -> Iterator[Fault]:
    floor, _ = _frontier()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry.id FROM journal_entry entry"
            " LEFT JOIN (SELECT unnest(entry_ids) AS id FROM journal_block) sealed ON sealed.id = entry.id"
            " WHERE sealed.id IS NULL AND entry.id <= %s ORDER BY entry.id",
            [floor],
        )
        for (entry_id,) in cursor.fetchall():
            yield Fault(None, entry_id, "inscription ajoutée après coup")


def anchor() -> str:
    """Return the number and the hash of the last block: kept elsewhere, it shows that the end was not cut off."""
    last = Block.objects.order_by("-pk").first()
    return str(last) if last else f"0:{GENESIS}"


def holds(anchor: str) -> bool:
    """Tell whether the journal still holds the block that was noted under this anchor."""
    number, _, noted = anchor.partition(":")
    return anchor == f"0:{GENESIS}" or Block.objects.filter(pk=int(number), digest=noted).exists()
