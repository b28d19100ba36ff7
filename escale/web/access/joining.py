"""Whoever FranceConnect, or a code, brought and who was recognised waits to come into their account: ten minutes."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escale.domain.accounts.models import Account, Provider
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson

MINUTES = 10
_KEY = "joining"


def begin(request: HttpRequest, **known: Any) -> None:
    """Note who was recognised, and what FranceConnect told, if they came so."""
    request.session[_KEY] = known | {"at": int(time.time())}


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was noted of whoever waits, if it was less than ten minutes ago."""
    known: dict[str, Any] | None = request.session.get(_KEY)
    return known if known and time.time() - known["at"] < 60 * MINUTES else None


def prove(request: HttpRequest, account: Account | None = None) -> None:
    """Note that they said their number: this account of theirs, or one that they will sign in to, is to be tied."""
    request.session[_KEY] |= {"is_proven": True, "account": account and account.pk, "at": int(time.time())}


def end(request: HttpRequest) -> None:
    """Forget whoever waited."""
    request.session.pop(_KEY, None)


def restart(request: HttpRequest) -> None:
    """Forget all that a browser's session holds, save whoever waits."""
    known = waiting(request)
    request.session.flush()
    if known:
        request.session[_KEY] = known


def complete(request: HttpRequest, account: Account) -> HttpResponse | None:
    """Tie whoever waits to their account, now that all its proofs were given; return the page that says why not."""
    known = waiting(request)
    if known is None or known.get("account") != account.pk:
        return None
    end(request)
    try:
        registry.join(person=InsuredPerson.objects.get(pk=known["person"]), subject=known["subject"])
    except registry.Taken:
        return taken(request)
    return None


def taken(request: HttpRequest) -> HttpResponse:
    """Say that an account is tied to another identity, and how to come in all the same."""
    shown = {"service": Provider.FRANCECONNECT, "why": "taken"}
    return render(request, "access/openid_stopped.html", shown, status=403)
