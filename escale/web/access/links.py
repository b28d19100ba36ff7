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


def waiting(request: HttpRequest, purpose: Purpose) -> list[Enrolment]:
    """Return what waits at the address whose message this visitor read: their request, and what others typed."""
    asked = read(request, purpose)
    return list(queries.waiting(asked.email, purpose=purpose)) if asked else []


def served(request: HttpRequest, purpose: Purpose) -> bool:
    """Tell whether the message that this visitor read has served: a second click is answered as the first."""
    pk: Any = request.session.get(purpose.value)
    return bool(pk) and queries.served(pk)


def note(request: HttpRequest, enrolment: Enrolment, purpose: Purpose) -> None:
    """Note which request this visitor goes on with."""
    request.session[purpose.value] = enrolment.pk
