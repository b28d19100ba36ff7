"""How an account is tied to the name under which FranceConnect or ProConnect knows its owner."""

from django.conf import settings
from django.db import transaction

from escale.domain.accounts import queries
from escale.domain.accounts.actions.sessions import close_sessions
from escale.domain.accounts.models import Account, Identity, Provider
from escale.domain.journal import actions as journal


class Taken(Exception):
    """This identity is tied to another account, or this account to another identity of the same service."""


class Unknown(Exception):
    """ProConnect names somebody who has no account at the Fund."""


class OnlyWayIn(Exception):
    """Without this identity its owner could enter no more."""


@transaction.atomic
def bind_identity(*, account: Account, provider: Provider, subject: str) -> None:
    """
    Tie an account to the name that a service gives its owner; tied already, it stays so. Nothing is ever moved.

    :raises Taken: if either is tied elsewhere.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.identities.filter(provider=provider).exclude(subject=subject).exists():
        raise Taken
    identity, is_new = Identity.objects.get_or_create(provider=provider, subject=subject, defaults={"account": account})
    if identity.account_id != account.pk:
        raise Taken
    if is_new:
        journal.record("account.bind_identity", subject=identity, actor=account, provider=provider.value)


@transaction.atomic
def unbind_identity(*, identity: Identity, keep: str = "") -> None:
    """
    Untie an account from the name that a service gives its owner, and close its sessions, save the one of this key.

    Untied twice, it is once.

    :raises OnlyWayIn: if there is no other way into the account.
    """
    account = Account.objects.select_for_update().get(pk=identity.account_id)
    if not queries.opens_without(identity, account=account):
        raise OnlyWayIn
    if Identity.objects.filter(pk=identity.pk).delete()[0]:
        close_sessions(account=account, keep=keep)
        journal.record("account.unbind_identity", subject=account, actor=account, kind=identity.provider)


@transaction.atomic
def welcome(*, subject: str, email: str, siret: str) -> Account:
    """
    Return the account of the agent whom ProConnect names; the first time, it is found by the address of their service.

    :raises Unknown: if there is none that is active and wears a hat of the Fund, or if it is tied to somebody else.
    """
    account = queries.known_by(Provider.PROCONNECT, subject)
    if account is None and settings.PROCONNECT_SIRET and siret == settings.PROCONNECT_SIRET:
        account = Account.objects.filter(email=email.strip().lower()).first()
    if account is None or not account.is_active or not queries.is_of_the_fund(account):
        raise Unknown
    try:
        bind_identity(account=account, provider=Provider.PROCONNECT, subject=subject)
    except Taken:
        raise Unknown from None
    return account
