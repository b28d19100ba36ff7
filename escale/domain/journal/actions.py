"""What is done with the journal: write in it, follow it, seal it."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from escale.domain.journal import queries
from escale.domain.journal.models import Block, Entry

Fact = str | int | bool | None | Decimal | date | list[str]

_TOKEN = re.compile(r"[\w.:+/-]{0,80}", re.ASCII)
_SEPARATORS = str.maketrans("", "", ".:+/-")
_PERSONAL_NUMBER = re.compile(r"(?<!\w)([1-478]\d{5}[\dAB]\d{6}(\d{2})?|[A-Z]{2}\d{2}[A-Z0-9]{11,30})(?!\w)")
_LOCK = 0x0E5CA1E
BLOCK_SIZE = 1_000
_AT_ONCE = 2_000

_followers: list[Callable[[Sequence[Entry]], None]] = []


class Indiscreet(ValueError):
    """A fact holds free text, a NIR or a bank number: the journal keeps codes, dates and amounts only."""


def follow(follower: Callable[[Sequence[Entry]], None]) -> None:
    """Call this follower with the entries of one event that are written together, inside their transaction."""
    _followers.append(follower)


def record(event: str, *, subject: models.Model, actor: Any = None, hat: str = "", **facts: Fact) -> Entry:
    """
    Write what happened, and let the followers queue what comes next.

    :raises Indiscreet: if a fact could name somebody, or tell of their health or their bank.
    """
    entry = Entry.objects.create(
        event=event,
        subject=name_of(subject),
        actor=actor,
        hat=hat,
        facts={name: _discreet(name, fact) for name, fact in facts.items()},
    )
    for follower in _followers:
        follower([entry])
    return entry


def record_all(event: str, *, subjects: Iterable[models.Model], actor: Any = None, hat: str = "") -> None:
    """Write that the same happened to many, some thousands at a time, and let the followers queue what comes next."""
    entries = (Entry(event=event, subject=name_of(subject), actor=actor, hat=hat, facts={}) for subject in subjects)
    while some := list(islice(entries, _AT_ONCE)):
        written = Entry.objects.bulk_create(some)
        for follower in _followers:
            follower(written)


def consult(*, days: dict[str, date], exported: bool, actor: Any, hat: str) -> Entry:
    """Write that the journal was read, or taken away, and of which days; what else was asked stays out of it."""
    return record("journal.export" if exported else "journal.read", subject=Entry(), actor=actor, hat=hat, **days)


def name_of(subject: models.Model) -> str:
    """Return the name under which the journal knows an object (`claims.claim:12`), or its kind if it has no key."""
    label = subject._meta.label_lower
    return label if subject.pk is None else f"{label}:{subject.pk}"


def _discreet(name: str, fact: Fact) -> Any:
    if isinstance(fact, list):
        return [_discreet(name, part) for part in fact]
    if isinstance(fact, Decimal | date | datetime):
        return str(fact)
    if isinstance(fact, str) and not _is_discreet(fact):
        raise Indiscreet(name)
    return fact


def _is_discreet(text: str) -> bool:
    written = text.upper()
    numbers = map(_PERSONAL_NUMBER.search, (written, written.translate(_SEPARATORS)))
    return bool(_TOKEN.fullmatch(text)) and not any(numbers)


@transaction.atomic
def seal() -> int:
    """
    Seal the entries that no block holds yet, and return how many.

    Writers never wait: only one sealer at a time works, on what is already committed. An entry whose
    transaction ends late goes into a later block.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Block.objects.order_by("-pk").first()
    entries = list(queries.unsealed()[:BLOCK_SIZE])
    if not entries:
        return 0
    previous = last.digest if last else queries.GENESIS
    entry_ids = [entry.pk for entry in entries]
    leaves = b"".join(queries.leaf(entry) for entry in entries)
    sealed_at = timezone.now()
    Block.objects.create(
        entry_ids=entry_ids,
        highest=max(entry_ids[-1], last.highest if last else 0),
        leaves=leaves,
        previous=previous,
        digest=queries.digest(previous, entry_ids, leaves, sealed_at),
        sealed_at=sealed_at,
    )
    return len(entries)
