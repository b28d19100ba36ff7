"""How somebody signs in and out, and how guessing is slowed."""

import hashlib
from datetime import timedelta

from django.contrib.auth import authenticate
from django.utils import timezone

from escale.domain.accounts.models import Account, SignInAttempt
from escale.domain.journal import actions as journal

PER_ACCOUNT_AND_IP = 5
PER_IP = 20
WINDOW = timedelta(seconds=60)


class TooManyAttempts(Exception):
    """Too many failures from this place; try again after `retry_after` seconds."""

    retry_after = int(WINDOW.total_seconds())


class WrongCredentials(Exception):
    """No active account has this address and this password."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()


def sign_in(*, email: str, password: str, ip: str) -> Account:
    """
    Check an address and a password, and count the failures.

    The limit is kept by account *and* place, so that a stranger can never lock somebody out.

    :raises TooManyAttempts: above 5 failures a minute for this account from this place, or 20 from this place.
    :raises WrongCredentials: with the same answer, in the same time, whether or not the account exists.
    """
    # counted as a failure until it succeeds, so that guessing from many connections at once is no quicker
    attempt = SignInAttempt.objects.create(email_digest=_digest(email), ip_digest=_digest(ip))
    if _is_one_too_many(attempt):
        attempt.delete()
        raise TooManyAttempts
    account = authenticate(username=email, password=password)
    if not isinstance(account, Account):
        raise WrongCredentials
    attempt.delete()
    journal.record("account.sign_in", subject=account, actor=account)
    return account


def _is_one_too_many(attempt: SignInAttempt) -> bool:
    since = timezone.now() - WINDOW
    others = SignInAttempt.objects.filter(ip_digest=attempt.ip_digest, at__gt=since).exclude(pk=attempt.pk)
    accounts = list(others.values_list("email_digest", flat=True)[:PER_IP])
    return len(accounts) >= PER_IP or accounts.count(attempt.email_digest) >= PER_ACCOUNT_AND_IP


def sign_out(*, account: Account) -> None:
    """Write that this account has left."""
    journal.record("account.sign_out", subject=account, actor=account)


def forget_attempts() -> int:
    """Delete the failed tries older than a day, and return how many there were."""
    return SignInAttempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]
