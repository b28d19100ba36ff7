"""In whose name one acts: the mandate that a session took up, asked again of each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import BeyondAuthority
from escale.domain.mandates import queries as mandates
from escale.domain.mandates.models import Mandate

_KEPT = "mandate"
_NOT_WRITTEN = {"csrfmiddlewaretoken", "request_key", "password"}


def begin(request: HttpRequest, mandate: Mandate) -> None:
    """Act in somebody's name from the next request on."""
    cease(request)
    request.session[_KEPT] = mandate.pk
    request.session.cycle_key()


def cease(request: HttpRequest) -> None:
    """Act in one's own name again; what was looked for among another's claims is forgotten."""
    request.session.pop(_KEPT, None)
    request.session.pop("looked_for", None)


def is_on(request: HttpRequest) -> bool:
    """Tell whether this session acts in somebody's name."""
    return _KEPT in request.session


def enter(request: HttpRequest, account: Account, view: Callable[[], HttpResponse], *, oneself: bool) -> HttpResponse:
    """
    Open a page in the name of whoever trusts this account, as long as they do.

    :raises BeyondAuthority: if one may only be `oneself` there.
    """
    mandate = mandates.acting(request.session[_KEPT], account=account, on=timezone.localdate())
    request.actor = Actor(Role.INSURED, account, mandate.authority if mandate else None)  # type: ignore[attr-defined]
    if mandate is None:
        cease(request)
        written = [one for name, all_of in request.POST.lists() if name not in _NOT_WRITTEN for one in all_of if one]
        return render(request, "insured/mandate_over.html", {"written": written}, status=403)
    request.mandate = mandate  # type: ignore[attr-defined]
    if oneself:
        raise BeyondAuthority
    return view()
