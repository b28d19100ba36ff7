"""At the door of each space, the visitor wears one hat."""

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.auth import logout
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.web import acting
from escale.web.access import typed

View = Callable[..., HttpResponseBase]

EVERY_HAT = tuple(role for role in Role if role != Role.SYSTEM)
IDLE_MINUTES, IDLE_MINUTES_AT_THE_FUND = 30, 15
LONGEST_HOURS, LONGEST_HOURS_AT_THE_FUND = 12, 10
_REFRESH_SECONDS = 60


class ActorRequest(HttpRequest):
    """A request that came through a door."""

    actor: Actor
    user: Account


class First(Exception):
    """Another page comes before the one that was asked."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Instead(Exception):
    """A page is shown in the place of the one that was asked."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def may_put_on(request: HttpRequest, role: Role) -> bool:
    """Tell whether this hat needs nothing more: those of the Fund need a second proof, and a password that is long."""
    return role == Role.INSURED or (bool(request.session.get("second_factor_at")) and not came_by_short(request))


def note_length(request: HttpRequest, account: Account, *, is_long: bool) -> None:
    """Remember whether the password by which this account enters is long enough for the hats of the Fund."""
    request.session["short"] = None if is_long else account.pk


def came_by_short(request: HttpRequest) -> bool:
    """Tell whether this session was opened by a password that is too short for the hats of the Fund."""
    short = request.session.get("short")
    return short is not None and short == request.user.pk


def put_on(request: HttpRequest, role: Role) -> None:
    """Put this hat on for the rest of the session, in one's own name; the account must hold it."""
    request.session.update({"hat": role.value, "seen": 0})  # each hat has its own idle time, from now on
    acting.cease(request)
    _keep_alive(request, now=int(time.time()))


def put_on_first(request: HttpRequest, account: Account) -> bool:
    """Put on the first of the hats that may be, and tell whether there is one."""
    hats = [Role(hat.role) for hat in account.hats.order_by("pk")]
    first = next((role for role in hats if may_put_on(request, role)), None)
    if first:
        put_on(request, first)
    return first is not None


def stay(request: HttpRequest) -> int:
    """Push back the end of the session, and return in how many seconds it comes; 0 if it has come."""
    if not request.user.is_authenticated or _is_over(request):
        return 0
    request.session["seen"] = 0
    _keep_alive(request, now=int(time.time()))
    return left(request)


def left(request: HttpRequest) -> int:
    """Return in how many seconds this session ends if nothing more is asked."""
    now, session = int(time.time()), request.session
    longest = session.get("began", now) + 3600 * _longest_hours(request)
    return max(0, min(session.get("seen", now) + 60 * _idle_minutes(request), longest) - now)


def wearing(
    *roles: Role, oneself: bool = False, bareheaded: bool = False, hatless: bool = False, in_person: bool = False
) -> Callable[[View], View]:
    """
    Let in those who wear one of these hats, and set `request.actor`; send the others to the sign-in page.

    `bareheaded` lets in those too who wear none yet: a hat of the Fund waits for a second proof. `hatless` lets in
    those too who have none, and only act for others. Who acts in another's name is kept out where one is `oneself`.
    Where one comes `in_person` the hat says nothing: who works at the Fund acts there as anybody may.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and _is_over(request):
                logout(request)
            if not request.user.is_authenticated:
                return _private(typed.ask_to_sign_in(request))
            account = request.user
            assert isinstance(account, Account)
            prefetch_related_objects([account], "hats")  # the header of the page reads them again
            hats = {hat.role for hat in account.hats.all()}
            hat = request.session.get("hat")
            if Role.INSURED in roles and acting.is_on(request):
                _keep_alive(request, now=int(time.time()))
                enter_as = partial(view, request, *args, **kwargs)
                return _private(acting.enter(request, account, enter_as, oneself=oneself))
            if Role.INSURED in roles and (refused := acting.astray(request, account)):
                return _private(refused)
            if (hatless and not hats) or (in_person and (hat in hats or not hats)):
                request.actor = Actor(Role.INSURED, account)  # type: ignore[attr-defined]
            elif hat in hats and hat in roles:
                request.actor = Actor(Role(hat), account)  # type: ignore[attr-defined]
            elif hat is None and not bareheaded and hats:
                return _private(redirect("access:security"))
            elif hat is not None or not bareheaded:
                wanted = hats.intersection(roles)
                return _private(render(request, "access/other_hat.html", {"wanted": wanted}, status=403))
            else:
                request.is_bareheaded = True  # type: ignore[attr-defined]
            _keep_alive(request, now=int(time.time()))
            try:
                return _private(view(request, *args, **kwargs))
            except First as first:
                return _private(redirect(first.address))
            except Instead as other:
                return _private(other.response)

        enter.roles = frozenset(roles)  # type: ignore[attr-defined]
        enter.oneself = oneself  # type: ignore[attr-defined]
        return enter

    return decorate


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep the page out of every cache, so that nobody finds it after the session."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _is_at_the_fund(request: HttpRequest) -> bool:
    """Tell whether one works there; who wears nothing only acts for others, or sees no more than the door."""
    return request.session.get("hat", Role.INSURED) != Role.INSURED


def _idle_minutes(request: HttpRequest) -> int:
    return IDLE_MINUTES_AT_THE_FUND if _is_at_the_fund(request) else IDLE_MINUTES


def _longest_hours(request: HttpRequest) -> int:
    return LONGEST_HOURS_AT_THE_FUND if _is_at_the_fund(request) else LONGEST_HOURS


def _is_over(request: HttpRequest) -> bool:
    now = int(time.time())
    return now - request.session.get("began", now) >= 3600 * _longest_hours(request)


def _keep_alive(request: HttpRequest, *, now: int) -> None:
    """Push back the end of the session, at most once a minute so that reading a page writes nothing."""
    if now - request.session.get("seen", 0) >= _REFRESH_SECONDS:
        request.session["seen"] = now
        request.session.set_expiry(60 * _idle_minutes(request))
