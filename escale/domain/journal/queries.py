"""What is asked of the journal: what happened to a case, what is not sealed yet, and whether it was tampered with."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import BigIntegerField, CharField, Func, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

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


def of_each(model: type[Model]) -> QuerySet[Entry]:
    """Return what happened to each row of a query on this model, to be used in a subquery of it."""
    subject = Concat(Value(f"{model._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
    return Entry.objects.filter(subject=subject)


def search(
    *,
    event: str = "",
    subject: str = "",
    hat: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
) -> QuerySet[Entry]:
    """
    Return the entries of an event or a family of events, of a subject or its kind, of a hat, of days; latest first.

    The last day is included; `before` is the entry from which one goes on, towards the past.
    """
    asked = {
        "event__startswith": event, "hat": hat, "at__date__gte": since, "at__date__lte": until, "pk__lt": before,
    }  # fmt: skip
    found = Entry.objects.filter(**{name: value for name, value in asked.items() if value}).order_by("-pk")
    if not subject:
        return found
    return found.filter(Q(subject=subject) | Q(subject__startswith=f"{subject}:"))


def last_seal() -> Block | None:
    """Return the last block that was sealed, whose number and hash are kept elsewhere every day."""
    return Block.objects.defer("entry_ids", "leaves").order_by("-pk").first()


def unsealed() -> QuerySet[Entry]:
    """Return the entries that no block holds yet, oldest first."""
    floor, since = _frontier()
    sealed = Block.objects.filter(pk__gt=since).values_list(
        Func("entry_ids", function="unnest", output_field=BigIntegerField())
    )
    return Entry.objects.filter(pk__gt=floor).exclude(pk__in=sealed).order_by("pk")


def _frontier() -> tuple[int, int]:
    """
    Return the entry up to which all is sealed, and the block after which those above it are sealed, if they are.

    While a block was sealed, entries of unfinished transactions could still appear below its last one, for as long
    as GRACE; all of them were visible when a block was sealed later than that.
    """
    last = Block.objects.order_by("-pk").first()
    settled = last and _sealed_well_before(last)
    earlier = settled and _sealed_well_before(settled)
    return settled.highest if settled else 0, earlier.pk if earlier else 0


def _sealed_well_before(block: Block) -> Block | None:
    return Block.objects.filter(sealed_at__lte=block.sealed_at - GRACE).order_by("-pk").first()


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
    previous, latest = GENESIS, None
    for block in Block.objects.order_by("pk").iterator(chunk_size=50):
        written = Entry.objects.in_bulk(block.entry_ids)
        yield from _faults_of_block(block, written, previous=previous, latest=latest)
        previous = block.digest
        latest = max((entry.at for entry in written.values()), default=latest)
    yield from _faults_outside_blocks()


def _faults_of_block(
    block: Block, written: dict[int, Entry], *, previous: str, latest: datetime | None
) -> Iterator[Fault]:
    if block.previous != previous:
        yield Fault(block.pk, None, "un bloc manque ou a été ajouté avant celui-ci")
    if block.digest != digest(block.previous, block.entry_ids, bytes(block.leaves), block.sealed_at):
        yield Fault(block.pk, None, "le bloc a été modifié")
    for place, entry_id in enumerate(block.entry_ids):
        entry = written.get(entry_id)
        if entry is None:
            yield Fault(block.pk, entry_id, "inscription supprimée")
        elif leaf(entry) != bytes(block.leaves[place * _LEAF : (place + 1) * _LEAF]):
            yield Fault(block.pk, entry_id, "inscription modifiée")
        elif latest and entry.at < latest - GRACE:
            yield Fault(block.pk, entry_id, "inscription ajoutée après coup")


def _faults_outside_blocks() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry.id FROM journal_entry entry"
            " LEFT JOIN (SELECT unnest(entry_ids) AS id FROM journal_block) sealed ON sealed.id = entry.id"
            " WHERE sealed.id IS NULL AND entry.id <= %s ORDER BY entry.id",
            [_frontier()[0]],
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
