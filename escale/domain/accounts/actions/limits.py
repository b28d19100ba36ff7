"""How guessing is slowed, for all web processes alike, without ever letting a stranger lock somebody out."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import NamedTuple

from django.utils import timezone

from escale.domain.accounts.models import Attempt

PER_KEY_AND_PLACE = 5
PER_PLACE = 20
WINDOW = timedelta(seconds=60)

PATIENCE = 10
"""Failures of one key from one place, within a day, after which each one more doubles the wait."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=12)

SPREAD = 50
"""Failures of one key in an hour, from anywhere, after which an unknown device waits a minute between two tries."""


_NEVER = datetime.min.replace(tzinfo=UTC)


class TooManyAttempts(Exception):
    """Too many failures; try again after `retry_after` seconds."""

    def __init__(self, retry_after: timedelta = WINDOW) -> None:
        super().__init__()
        self.retry_after = max(1, ceil(retry_after.total_seconds()))


class Knock(NamedTuple):
    """A try that counts as a failure until it is forgiven."""

    attempts: Sequence[Attempt]

    def forgive(self) -> None:
        """Count it no more: it was no guess."""
        Attempt.objects.filter(pk__in=[attempt.pk for attempt in self.attempts]).delete()


def knock(purpose: str, *, key: str, place: str, known: bool = False) -> Knock:
    """
    Count one more guess at this key (an account, a code, a number) from this place, unless there were too many.

    Each waits for its own failures only: somebody elsewhere, or on a device that the key's owner used before
    (`known`), is not slowed by what a stranger does.

    :raises TooManyAttempts: it does not count then: who insists while refused does not wait longer.
    """
    pair, alone, anywhere = f"{key}|{place}", f"|{place}", f"{key}|"
    # counted as failures until forgiven, so that guessing from many connections at once is no quicker
    attempts = Attempt.objects.bulk_create(
        Attempt(purpose=purpose, key_digest=_digest(purpose, what)) for what in (pair, alone, anywhere)
    )
    mine, here, spread = (_earlier(attempt) for attempt in attempts)
    now = timezone.now()
    waits = [
        _until(mine, most=PER_KEY_AND_PLACE, within=WINDOW) - now,
        _until(here, most=PER_PLACE, within=WINDOW) - now,
        _growing(mine) - now,
    ]
    if not known and sum(at > now - timedelta(hours=1) for at in spread) > SPREAD:
        waits.append(_until(spread, most=1, within=WINDOW) - now)
    if max(waits) > timedelta(0):
        Knock(attempts).forgive()
        raise TooManyAttempts(max(waits))
    return Knock(attempts)


def spend(purpose: str, key: str, *, most: int, within: timedelta) -> None:
    """
    Count one more use of what is rationed: at most so many within this time, which is a day or less.

    :raises TooManyAttempts: when all were used; it does not count then.
    """
    attempt = Attempt.objects.create(purpose=purpose, key_digest=_digest(purpose, key))
    wait = _until(_earlier(attempt), most=most, within=within) - timezone.now()
    if wait > timedelta(0):
        attempt.delete()
        raise TooManyAttempts(wait)


def forget_attempts() -> int:
    """Delete the tries older than a day, and return how many there were."""
    return Attempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _digest(purpose: str, key: str) -> str:
    return hashlib.sha256(f"{purpose}|{key.strip().lower()}".encode()).hexdigest()


def _earlier(attempt: Attempt) -> list[datetime]:
    """Return when the others of a day were made, the latest first."""
    since = timezone.now() - timedelta(days=1)
    others = Attempt.objects.filter(key_digest=attempt.key_digest, at__gt=since).exclude(pk=attempt.pk)
    return list(others.order_by("-at").values_list("at", flat=True)[: 4 * SPREAD])


def _until(tries: Sequence[datetime], *, most: int, within: timedelta) -> datetime:
    """Return from when there are fewer than so many tries within this time."""
    return tries[most - 1] + within if len(tries) >= most else _NEVER


def _growing(tries: Iterable[datetime]) -> datetime:
    """Return from when one may try again after many failures: ten minutes, then twice as long each time."""
    failures = list(tries)
    if len(failures) < PATIENCE:
        return _NEVER
    doublings = min(len(failures) - PATIENCE, 10)
    return failures[0] + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
