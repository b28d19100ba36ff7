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
"""Failures of one key in an hour, from anywhere, after which unknown devices have one try in `WAIT_WHEN_SPREAD`."""
WAIT_WHEN_SPREAD = timedelta(minutes=10)

_TOGETHER = frozenset({"factor"})
"""Where so few guesses suffice that all places share one try a minute then; who knocks there has the password."""
_FEW_BY_ITSELF = frozenset({"code"})
"""What is void after some failures, wherever they come from: its owner is not made to wait besides."""

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


def knock(purpose: str, *, key: str, place: str, device: str = "") -> Knock:
    """
    Count one more guess at this key (an account, a code, a number) from this place, unless there were too many.

    Each waits for its own failures only. Whoever comes by a `device` that the key's owner used before (its token, only
    when it is one) is counted by it, and is slowed neither by neighbours at the same place nor by strangers.

    :raises TooManyAttempts: it does not count then: who insists while refused does not wait longer.
    """
    counted = [f"{key}|{device}"] if device else [f"{key}|{place}", f"|{place}", f"{key}|"]
    # counted as failures until forgiven, so that guessing from many connections at once is no quicker
    attempts = Attempt.objects.bulk_create(
        Attempt(purpose=purpose, key_digest=_digest(purpose, what)) for what in counted
    )
    mine, *others = (_earlier(attempt) for attempt in attempts)
    untils = [_until(mine, most=PER_KEY_AND_PLACE, within=WINDOW), _growing(mine)]
    if others:
        here, anywhere = others
        untils += [_until(here, most=PER_PLACE, within=WINDOW), _spread(purpose, mine, anywhere)]
    wait = max(untils) - timezone.now()
    if wait > timedelta(0):
        Knock(attempts).forgive()
        raise TooManyAttempts(wait)
    return Knock(attempts)


def spend(purpose: str, key: str, *, most: int, within: timedelta) -> Knock:
    """
    Count one more use of what is rationed: at most so many within this time, which is a day or less.

    :raises TooManyAttempts: when all were used; it does not count then.
    """
    attempt = Attempt.objects.create(purpose=purpose, key_digest=_digest(purpose, key))
    wait = _until(_earlier(attempt), most=most, within=within) - timezone.now()
    if wait > timedelta(0):
        attempt.delete()
        raise TooManyAttempts(wait)
    return Knock([attempt])


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


def _spread(purpose: str, mine: Sequence[datetime], anywhere: Sequence[datetime]) -> datetime:
    """Return from when one may try at a key that is guessed from everywhere: at once where one has not failed yet."""
    since = timezone.now() - timedelta(hours=1)
    if purpose in _FEW_BY_ITSELF or sum(at > since for at in anywhere) <= SPREAD:
        return _NEVER
    if purpose in _TOGETHER:
        return _until(anywhere, most=1, within=WINDOW)
    return _until(mine, most=1, within=WAIT_WHEN_SPREAD)
