"""The link of a message leads to an address that holds no proof: the session notes, for a while, what was read."""

import time
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from escale.domain.notices import queries
from escale.domain.notices.models import Notice

MINUTES = 30
"""For how long what was read may serve, once its link is followed."""


def follow(request: HttpRequest, token: str, *, kind: str, within: timedelta, to: str) -> HttpResponse:
    """Note which message was read, if its link still serves, and send on to a page; reading changes nothing."""
    forget(request, kind)
    if notice := queries.proven(token, kind=kind, within=within):
        request.session[kind] = {"notice": notice.pk, "at": int(time.time())}
    response = redirect(to)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def read(request: HttpRequest, kind: str) -> Notice | None:
    """Return the message of this kind that this visitor read a moment ago, if there is one."""
    noted: dict[str, Any] | None = request.session.get(kind)
    if not noted or time.time() - noted["at"] > 60 * MINUTES:
        return None
    return Notice.objects.filter(pk=noted["notice"], kind=kind).first()


def forget(request: HttpRequest, kind: str) -> None:
    """Forget that a message of this kind was read: it has served."""
    request.session.pop(kind, None)
