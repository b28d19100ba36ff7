"""In whose name one acts: the mandate that a session took up, asked again of each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import BeyondAuthority
from escale.domain.mandates import queries as mandates
from escale.domain.mandates.models import Mandate
from escale.web.access import typed

_KEPT = "mandate"
WHOSE = "whose"
"""The field by which a page says in whose name it was made: the key of a mandate, nothing for oneself."""
_DIGITS = 9
_NOT_WRITTEN = {"csrfmiddlewaretoken", "request_key", "password", WHOSE}


def begin(request: HttpRequest, mandate: Mandate) -> None:
    """Act in somebody's name from the next request on."""
    cease(request)
    request.session[_KEPT] = mandate.pk
    request.session.cycle_key()


def cease(request: HttpRequest) -> None:
    """Act in one's own name again; what was looked for among another's claims and payments is forgotten."""
    for kept in (_KEPT, "looked_for", "looked_for_paid"):
        request.session.pop(kept, None)


def is_on(request: HttpRequest) -> bool:
    """Tell whether this session acts in somebody's name."""
    return _KEPT in request.session


def enter(
    request: HttpRequest, account: Account, view: Callable[[], HttpResponseBase], *, oneself: bool
) -> HttpResponseBase:
    """
    Open a page in the name of whoever trusts this account, as long as they do.

    :raises BeyondAuthority: if one may only be `oneself` there.
    """
    mandate = _in_force(request.session[_KEPT], account)
    request.actor = Actor(Role.INSURED, account, mandate.authority if mandate else None)  # type: ignore[attr-defined]
    if mandate is None:
        cease(request)
        return _over(request)
    request.mandate = mandate  # type: ignore[attr-defined]
    if oneself:
        raise BeyondAuthority
    return astray(request, account) or view()


def astray(request: HttpRequest, account: Account) -> HttpResponse | None:
    """
    Keep what a page was to write in one name out of the file of another, taken up since in another tab.

    What was typed is carried to the name in which it was meant, if one may still act in it.
    """
    meant, current = request.POST.get(WHOSE), str(request.session.get(_KEPT, ""))
    if meant is None or meant == current:
        return None
    if not hasattr(request, "actor"):
        request.actor = Actor(Role.INSURED, account)  # type: ignore[attr-defined]
    mandate = _in_force(int(meant), account) if meant.isdecimal() and len(meant) <= _DIGITS else None
    if meant and mandate is None:
        return _over(request)
    return render(request, "insured/astray.html", {"meant": mandate, "typed": typed.sealed(request)}, status=409)


def _in_force(pk: int, account: Account) -> Mandate | None:
    return mandates.acting(pk, account=account, on=timezone.localdate())


def _over(request: HttpRequest) -> HttpResponse:
    """Say that one may act in that name no more, and show what was typed."""
    written = [one for name, all_of in request.POST.lists() if name not in _NOT_WRITTEN for one in all_of if one]
    return render(request, "insured/mandate_over.html", {"written": written}, status=403)
