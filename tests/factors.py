"""The second proof of a test's people: the application on their telephone."""

from datetime import timedelta

from django.utils import timezone

from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, Passkey, TotpKey
from escale.gateways import totp


def protect(account: Account) -> str:
    """Give an account an application, as if it had been there for long, and return its secret."""
    secret = totp.draw()
    TotpKey.objects.create(account=account, sealed=queries.sealed(account, secret))
    TotpKey.objects.filter(account=account).update(added_at=timezone.now() - timedelta(days=30))
    return secret


def code(account: Account) -> str:
    """Return what the application shows; once it has served, what it will show next."""
    key = TotpKey.objects.get(account=account)
    step = max(totp.step_at(timezone.now()), key.last_step + 1)
    return totp.code(queries.opened(key), step)


def passkey(account: Account) -> Passkey:
    """Give an account a passkey, which no test's browser holds."""
    return Passkey.objects.create(account=account, credential_id=b"%d" % account.pk, public_key=b"", name="Clé")
