"""How an account gets the address where it is written to: only once a message sent there was read."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from escale.domain.accounts.actions.limits import spend
from escale.domain.accounts.models import Account, PendingAddress
from escale.domain.journal import actions as journal
from escale.domain.journal.actions import name_of

ASKED_A_DAY = 5
SENT_AGAIN_AFTER = timedelta(minutes=5)


class AlreadyYours(Exception):
    """This account is already written to at this address."""


class Stale(Exception):
    """Another address was asked since, or this one serves another account: nothing is changed."""


@transaction.atomic
def ask(*, account: Account, address: str) -> None:
    """
    Note the address that an account wants, until a message sent there is read; the last one asked is the one.

    Whether another account has this address is told to nobody but its owner, by the message itself.

    :raises AlreadyYours: if it is the account's already.
    :raises TooManyAttempts: after five in a day, so that nobody uses us to write to strangers.
    """
    address = address.strip().lower()
    account = Account.objects.select_for_update().get(pk=account.pk)
    if address == account.email:
        raise AlreadyYours
    pending = PendingAddress.objects.filter(account=account)
    if pending.filter(address=address, asked_at__gt=timezone.now() - SENT_AGAIN_AFTER).exists():
        return
    spend("address", str(account.pk), most=ASKED_A_DAY, within=timedelta(days=1))
    pending.delete()  # a new row, so that the links sent before prove nothing any more
    asked = PendingAddress.objects.create(account=account, address=address)
    journal.record("account.ask_address", subject=asked, actor=account)


@transaction.atomic
def confirm(*, account: Account, address: str, about: str) -> None:
    """
    Write to an account at this address from now on; `about` is the object of the message that was read there.

    Confirmed twice, it is once.

    :raises Stale: if the account asked for another since, or if this one serves another account meanwhile.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    asked = PendingAddress.objects.filter(account=account, address=address).first()
    if asked is None or name_of(asked) != about:
        if account.email == address:
            return
        raise Stale
    try:
        with transaction.atomic():
            account.email = address
            account.save(update_fields=["email"])
    except IntegrityError:
        raise Stale from None
    journal.record("account.change_address", subject=asked, actor=account)
    asked.delete()


@transaction.atomic
def replace(*, account: Account, address: str) -> None:
    """Write from now on to the address read by somebody who proved otherwise whose account it is."""
    forget(account=account)
    if account.email != address:
        account.email = address
        account.save(update_fields=["email"])
        journal.record("account.replace_address", subject=account, actor=account)


@transaction.atomic
def forget(*, account: Account) -> None:
    """Give up the address that was asked, if there is one: its link proves nothing any more."""
    for asked in PendingAddress.objects.select_for_update().filter(account=account):
        journal.record("account.forget_address", subject=asked, actor=account)
        asked.delete()
