"""Second proofs: a key, an application, codes for the day when both are out of reach."""

import hashlib
import secrets
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts import queries
from escale.domain.accounts.actions import limits
from escale.domain.accounts.actions.sessions import close_sessions
from escale.domain.accounts.models import Account, Passkey, RecoveryCode, TotpKey
from escale.domain.journal import actions as journal
from escale.gateways import passkeys, totp
from escale.gateways.turning import Turned, turned

CODES = 10
_SIGNS, _LENGTH = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24
"""120 bits: what is drawn among so many needs no slow digest (ASVS 6.5.2)."""


class WrongProof(Exception):
    """This is not, or no more, a proof of this account."""


class LastProof(Exception):
    """The owner of this account wears a hat of the Fund, which asks for a second proof: one stays."""


@transaction.atomic
def add_application(*, account: Account, secret: str, code: str, keep: str = "") -> None:
    """
    Keep the secret that an application of the account's owner shares with us, once it showed that it has it.

    :raises WrongProof: if the code is not of this secret.
    """
    _hold(account)
    step = totp.accepted(secret, code, at=timezone.now(), after=0)
    if step is None:
        raise WrongProof
    kept = {"sealed": queries.sealed(account, secret), "last_step": step, "added_at": timezone.now()}
    TotpKey.objects.update_or_create(account=account, defaults=kept)
    _added("application", account, keep)


@transaction.atomic
def add_passkey(*, account: Account, key: passkeys.Key, name: str, keep: str = "") -> Passkey:
    """Keep a key that the account's owner made; one that is sent twice is kept once."""
    _hold(account)
    known = account.passkeys.filter(credential_id=key.credential_id).first()
    if known:
        return known
    added = Passkey.objects.create(
        account=account,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        name=name,
    )
    _added("passkey", account, keep)
    return added


@transaction.atomic
def remove_application(*, account: Account, keep: str = "") -> None:
    """
    Forget the application of an account.

    :raises LastProof: if a hat needs it; nothing is changed.
    """
    _hold(account)
    if TotpKey.objects.filter(account=account).delete()[0]:
        _removed("application", account, keep)
        _keep_one(account)


@transaction.atomic
def remove_passkey(*, passkey: Passkey, keep: str = "") -> None:
    """
    Forget a key.

    :raises LastProof: if a hat needs it; nothing is changed.
    """
    account = passkey.account
    _hold(account)
    if Passkey.objects.filter(pk=passkey.pk).delete()[0]:
        _removed("passkey", account, keep)
        _keep_one(account)


@transaction.atomic
def remove_factors(*, account: Account) -> None:
    """Forget all the second proofs of somebody who lost them, and close their sessions; they proved who they are."""
    _hold(account)
    for proofs in (account.passkeys, account.recovery_codes, TotpKey.objects.filter(account=account)):
        proofs.all().delete()
    _removed("all", account, "")


@transaction.atomic
def draw_codes(*, account: Account, keep: str = "") -> list[str]:
    """Draw new recovery codes in place of the old ones, close the other sessions, and return them for this once."""
    _hold(account)
    account.recovery_codes.all().delete()
    codes = [_code() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(code)) for code in codes)
    close_sessions(account=account, keep=keep)
    journal.record("account.draw_codes", subject=account, actor=account)
    return codes


def prove_by_code(*, account: Account, code: str, ip: str, device: str = "") -> None:
    """
    Check the code of an application, or a recovery code; each serves once.

    :raises limits.TooManyAttempts: after five failures in a minute, then for longer and longer.
    :raises WrongProof: if it is none.
    """
    known = device if queries.is_known(account, device) else ""
    knock = limits.knock("factor", key=str(account.pk), place=ip, device=known)
    if not (_is_of_application(account, code) or _is_recovery_code(account, code)):
        raise WrongProof
    knock.forgive()


@transaction.atomic
def prove_by_passkey(*, service: passkeys.Service, state: dict[str, Any], answer: str) -> Account:
    """
    Check the signature of a key, and return whose it is.

    :raises WrongProof: if no key of an active account signed what was asked.
    """
    try:
        passkey = Passkey.objects.select_for_update().get(credential_id=passkeys.named(answer), account__is_active=True)
        key = passkeys.Key(bytes(passkey.credential_id), bytes(passkey.public_key), passkey.sign_count)
        passkey.sign_count = passkeys.signed(service, state=state, key=key, answer=answer)
    except (Passkey.DoesNotExist, passkeys.Refused) as error:
        raise WrongProof from error
    passkey.used_at = timezone.now()
    passkey.save(update_fields=["sign_count", "used_at"])
    return passkey.account


def reseal() -> Turned:
    """Seal again by the current key the secrets that an older one seals; the old may then go."""
    keys = TotpKey.objects.order_by("pk")
    return sum((turned(partial(_turn, key.pk), name=journal.name_of(key)) for key in keys.only("pk")), Turned())


@transaction.atomic
def _turn(pk: int) -> bool:
    key = TotpKey.objects.select_for_update().select_related("account").filter(pk=pk).first()
    if key is None or queries.is_current(key):
        return False
    key.sealed = queries.sealed(key.account, queries.opened(key))
    key.save(update_fields=["sealed"])
    return True


def user_handle(account: Account) -> bytes:
    """Return the name under which keys know an account, which says nothing of its owner."""
    return hashlib.sha256(f"escale|{account.pk}".encode()).digest()


@transaction.atomic
def _is_of_application(account: Account, code: str) -> bool:
    key = TotpKey.objects.select_for_update().filter(account=account).first()
    if key is None:
        return False
    step = totp.accepted(queries.opened(key), code, at=timezone.now(), after=key.last_step)
    if step is None:
        return False
    key.last_step = step
    key.save(update_fields=["last_step"])
    return True


@transaction.atomic
def _is_recovery_code(account: Account, code: str) -> bool:
    unused = RecoveryCode.objects.filter(account=account, digest=_digest(code), used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    journal.record("account.use_code", subject=account, actor=account, kind="code")
    return True


def _hold(account: Account) -> None:
    """Do one thing at a time to the proofs of an account."""
    Account.objects.select_for_update().get(pk=account.pk)


def _keep_one(account: Account) -> None:
    if queries.is_of_the_fund(account) and not queries.has_factor(account):
        raise LastProof


def _added(kind: str, account: Account, keep: str) -> None:
    close_sessions(account=account, keep=keep)
    journal.record("account.add_factor", subject=account, actor=account, kind=kind)


def _removed(kind: str, account: Account, keep: str) -> None:
    if not queries.has_factor(account):
        account.recovery_codes.all().delete()
    close_sessions(account=account, keep=keep)
    journal.record("account.remove_factor", subject=account, actor=account, kind=kind)


def _code() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, _LENGTH, 4))


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
