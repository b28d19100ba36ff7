"""What is asked of the accounts."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from escale.domain.accounts.models import (
    Account,
    Device,
    Identity,
    Passkey,
    Provider,
    RecoveryCode,
    Role,
    Session,
    TotpKey,
)
from escale.gateways import keyring, totp
from escale.gateways.cipher import Altered

_DEMO_ADDRESSES = "@demo.example"
_TO_BE_READ = timedelta(hours=72)


def has_factor(account: Account) -> bool:
    """Tell whether this account gives a second proof, besides its password, each time it enters."""
    return Passkey.objects.filter(account=account).exists() or TotpKey.objects.filter(account=account).exists()


def is_of_the_fund(account: Account) -> bool:
    """Tell whether this account may wear a hat of the Fund."""
    return account.hats.exclude(role=Role.INSURED).exists()


def settled_at(account: Account) -> datetime:
    """
    Return from when the second proofs of an account may decide where it is written to.

    Three days after the oldest was added, so that its owner has read, at the address of before, that it was.
    """
    keys = Passkey.objects.filter(account=account).values_list("added_at", flat=True)
    applications = TotpKey.objects.filter(account=account).values_list("added_at", flat=True)
    return min([*keys, *applications], default=timezone.now()) + _TO_BE_READ


def known_by(provider: Provider, subject: str) -> Account | None:
    """Return the account whose owner this service knows under this name, if there is one."""
    return Account.objects.filter(identities__provider=provider, identities__subject=subject).first()


def opens_without(identity: Identity, *, account: Account) -> bool:
    """Tell whether the owner of this account could enter without this identity."""
    by_password = bool(account.email) and account.has_usable_password()
    others = account.identities.exclude(pk=identity.pk)
    return by_password or account.passkeys.exists() or others.exists()


def codes_left(account: Account) -> int:
    """Return how many recovery codes of this account were not used yet."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def is_known(account: Account, device: str) -> bool:
    """Tell whether this account was used before on the browser that keeps this token."""
    return Device.objects.filter(account=account, token_digest=digest(device)).exists()


def last_on(device: str) -> Account | None:
    """Return who last signed in on the browser that keeps this token, if anybody did."""
    known = Device.objects.filter(token_digest=digest(device), account__is_active=True).select_related("account")
    last = known.order_by("-last_seen_at").first()
    return last.account if last else None


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sealed(account: Account, secret: str) -> bytes:
    """Return a secret of this account as it is kept: it opens for no other."""
    return _keys().wrap(secret.encode(), name=_name(account.pk), medical=False)


def opened(key: TotpKey) -> str:
    """Return the secret of an application; raises keyring.NoKey or Altered."""
    return _keys().unwrap(bytes(key.sealed), name=_name(key.account_id)).decode()


def is_current(key: TotpKey) -> bool:
    """Tell whether the current key of the house seals this secret."""
    return _keys().is_current(bytes(key.sealed))


def unsealed(account: Account, kept: str) -> str:
    """Return the secret that a session of this account keeps, in hexadecimal; nothing if it is none."""
    try:
        return _keys().unwrap(bytes.fromhex(kept), name=_name(account.pk)).decode()
    except (ValueError, Altered, keyring.NoKey):
        return ""


def is_fictitious(account: Account) -> bool:
    """Tell whether this is somebody of the demonstration, who share one password."""
    return settings.DEMO and (account.email or "").endswith(_DEMO_ADDRESSES)


def shown_code(account: Account) -> str:
    """Return the code that the application of somebody of the demonstration would show; of nobody else."""
    key = TotpKey.objects.filter(account=account).first()
    if not (key and is_fictitious(account)):
        return ""
    step = max(totp.step_at(timezone.now()), key.last_step + 1)
    return totp.code(opened(key), step)


def _keys() -> keyring.Keyring:
    return keyring.read(Path(settings.VAULT_KEYS))


def _name(account: int) -> str:
    return f"totp/{account}"


def sessions(account: Account) -> QuerySet[Session]:
    """Return the open sessions of an account, the one last used first."""
    return account.sessions.filter(expire_date__gt=timezone.now()).order_by("-seen_at")


def session_key(account: Account, reference: str) -> str:
    """Return the key of the open session that a page named by its reference; nothing if there is none."""
    return next((one.session_key for one in sessions(account) if one.reference == reference), "")
