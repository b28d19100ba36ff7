"""How somebody leaves: their account opens no more, and nothing with which they entered is kept."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts import queries
from escale.domain.accounts.actions.sessions import close_sessions
from escale.domain.accounts.models import (
    Account,
    Device,
    Grant,
    Identity,
    Passkey,
    PendingAddress,
    RecoveryCode,
    TotpKey,
)
from escale.domain.journal import actions as journal

PROOFS = (Passkey, TotpKey, RecoveryCode, Identity, Device, PendingAddress)
"""What an account keeps of how its owner entered."""


class StillServes(Exception):
    """Somebody who serves the Fund keeps their account as long as they do."""


@transaction.atomic
def close(*, account: Account) -> None:
    """
    Close an account for good, from everywhere at once; closed twice, it is once.

    What the law has the Fund keep stays with the insured person, who may have a new account on another day.

    :raises StillServes: while its owner holds a hat other than the insured person's.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.is_active:
        return
    if queries.is_of_the_fund(account):
        raise StillServes
    for kept in PROOFS:
        kept.objects.filter(account=account).delete()
    account.hats.all().delete()
    for grant in Grant.objects.select_for_update().filter(account=account, given__isnull=True).order_by("pk"):
        grant.given, grant.settled_at = False, timezone.now()
        grant.save(update_fields=["given", "settled_at"])
        journal.record("hat.decline", subject=grant, actor=account, account=account.pk)
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    close_sessions(account=account)
    journal.record("account.close", subject=account, actor=account)


@transaction.atomic
def erase(*, account: Account) -> None:
    """Forget the name and the address of a closed account; the journal keeps its number."""
    account.name, account.email = f"Compte fermé {account.pk}", None
    account.save(update_fields=["name", "email"])
