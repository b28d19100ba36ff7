"""Half of a sign-in: who gave a password and has yet to give a second proof is nobody, for ten minutes at most."""

import time
from typing import Any

from django.http import HttpRequest

from escale.domain.accounts.models import Account
from escale.web.access import joining

MINUTES = 10
_KEY = "half"


def begin(request: HttpRequest, account: Account, *, kept: str, going: str) -> None:
    """Note who is at the door, where they were going and what they had typed, in a session that opens nothing."""
    joining.restart(request)
    request.session[_KEY] = {"account": account.pk, "at": int(time.time()), "next": going, "kept": kept}
    request.session.set_expiry(60 * MINUTES)


def account(request: HttpRequest) -> Account | None:
    """Return who is at the door, if they came less than ten minutes ago."""
    half: dict[str, Any] = request.session.get(_KEY) or {}
    if not half or time.time() - half["at"] > 60 * MINUTES:
        return None
    return Account.objects.filter(pk=half["account"], is_active=True).first()


def end(request: HttpRequest) -> tuple[str, str]:
    """Forget who was at the door; return where they were going and what they had typed."""
    half = request.session.pop(_KEY, None) or {}
    return half.get("next", ""), half.get("kept", "")
