"""How somebody signs in and out."""

import secrets

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actions import limits, passwords
from escale.domain.accounts.models import Account, Device
from escale.domain.accounts.queries import digest, is_known
from escale.domain.journal import actions as journal
from escale.domain.journal import queries as past


class WrongCredentials(Exception):
    """No active account has this address and this password."""


def sign_in(*, email: str, password: str, ip: str, device: str = "") -> Account:
    """
    Check an address and a password, and count the failures; `device` is the token that a known browser keeps.

    :raises limits.TooManyAttempts: after too many failures for this account from this place.
    :raises WrongCredentials: with the same answer, in the same time, whether or not the account exists.
    """
    known = Device.objects.filter(token_digest=digest(device), account__email=email.strip().lower()).exists()
    knock = limits.knock("sign_in", key=email, place=ip, device=device if known else "")
    if len(password) > passwords.LONGEST:
        raise WrongCredentials
    account = authenticate(username=email, password=passwords.normal(password))
    if not isinstance(account, Account):
        raise WrongCredentials
    knock.forgive()
    return account


@transaction.atomic
def arrive(*, account: Account, factor: bool, device: str, label: str) -> str:
    """Write that an account is let in, and return the token by which its browser will be known again."""
    is_first = not past.of(journal.name_of(account)).filter(event="account.sign_in").exists()
    journal.record("account.sign_in", subject=account, actor=account, second_factor=factor)
    presented = Device.objects.filter(token_digest=digest(device))
    if presented.filter(account=account).update(last_seen_at=timezone.now(), label=label):
        return device
    token = device if presented.exists() else secrets.token_urlsafe(32)  # those who share a browser share its token
    new = Device.objects.create(account=account, token_digest=digest(token), label=label)
    journal.record("account.first_device" if is_first else "account.new_device", subject=new, actor=account)
    return token


def prove_by_password(*, account: Account, password: str, ip: str, device: str = "") -> None:
    """
    Check the password of somebody who is signed in, before they change what matters.

    :raises limits.TooManyAttempts: after too many failures.
    :raises WrongCredentials: if it is not theirs.
    """
    known = device if is_known(account, device) else ""
    knock = limits.knock("password_again", key=str(account.pk), place=ip, device=known)
    if len(password) > passwords.LONGEST or not account.check_password(passwords.normal(password)):
        raise WrongCredentials
    knock.forgive()


def sign_out(*, account: Account) -> None:
    """Write that this account has left."""
    journal.record("account.sign_out", subject=account, actor=account)
