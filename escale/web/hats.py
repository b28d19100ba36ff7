"""At the door of each space, the visitor wears one hat."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.web.access import typed

View = Callable[..., HttpResponse]

IDLE_MINUTES = {Role.INSURED: 30}
IDLE_MINUTES_AT_THE_FUND = 15
_REFRESH_SECONDS = 60


class ActorRequest(HttpRequest):
    """A request that came through a door."""

    actor: Actor
    user: Account


def put_on(request: HttpRequest, role: Role) -> None:
    """Put this hat on for the rest of the session; the account must hold it."""
    request.session["hat"] = role.value
    _keep_alive(request, role, now=int(time.time()))


def wearing(*roles: Role) -> Callable[[View], View]:
    """Let in those who wear one of these hats, and set `request.actor`; send the others to the sign-in page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _private(typed.ask_to_sign_in(request))
            account = request.user
            assert isinstance(account, Account)
            prefetch_related_objects([account], "hats")  # the header of the page reads them again
            hats = {hat.role for hat in account.hats.all()}
            hat = request.session.get("hat")
            if hat not in hats or hat not in roles:
                wanted = hats.intersection(roles)
                return _private(render(request, "access/other_hat.html", {"wanted": wanted}, status=403))
            role = Role(hat)
            request.actor = Actor(role, account)  # type: ignore[attr-defined]
            _keep_alive(request, role, now=int(time.time()))
            return _private(view(request, *args, **kwargs))

        enter.roles = frozenset(roles)  # type: ignore[attr-defined]
        return enter

    return decorate


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the page out of every cache, so that nobody finds it after the session."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _keep_alive(request: HttpRequest, role: Role, *, now: int) -> None:
    """Push back the end of the session, at most once a minute so that reading a page writes nothing."""
    if now - request.session.get("seen", 0) >= _REFRESH_SECONDS:
        request.session["seen"] = now
        request.session.set_expiry(60 * IDLE_MINUTES.get(role, IDLE_MINUTES_AT_THE_FUND))
