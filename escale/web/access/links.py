"""The links of messages at the door: read once, they lead to an address that holds no proof."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from escale.domain.enrolment import queries
from escale.domain.enrolment.models import TO_CONFIRM, Enrolment, Purpose
from escale.domain.notices.queries import proven

_KINDS = {Purpose.CREATE: "account_asked", Purpose.RECOVER: "recovery_asked"}


def follow(request: HttpRequest, token: str, purpose: Purpose, *, to: str) -> HttpResponse:
    """Note which message was read, and send on to a page whose address tells nothing; reading changes nothing."""
    request.session.pop(purpose.value, None)
    if notice := proven(token, kind=_KINDS[purpose], within=TO_CONFIRM[purpose]):
        request.session[purpose.value] = int(notice.about.rpartition(":")[2])
    response = redirect(to)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def read(request: HttpRequest, purpose: Purpose) -> Enrolment | None:
    """Return the request whose message this visitor read, while it waits for its address to be confirmed."""
    pk: Any = request.session.get(purpose.value)
    return queries.to_confirm(pk, purpose=purpose) if pk else None


def forget(request: HttpRequest, purpose: Purpose) -> None:
    """Forget which message was read: it has served."""
    request.session.pop(purpose.value, None)
