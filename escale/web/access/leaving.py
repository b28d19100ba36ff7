"""Who came by FranceConnect or ProConnect leaves it too, so that nobody comes back in after them."""

import secrets
import time
from hmac import compare_digest

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from escale.domain.accounts.models import Account, Provider
from escale.gateways import openid

MINUTES = 10
_CAME, _LEAVING = "came_by", "leaving"


def note(request: HttpRequest, account: Account, provider: Provider, id_token: str) -> None:
    """Remember by which service somebody came, and when, with the proof that it will ask to let them out."""
    came = {"provider": provider.value, "id_token": id_token, "account": account.pk, "at": int(time.time())}
    request.session[_CAME] = came


def came_lately(request: HttpRequest) -> bool:
    """Tell whether FranceConnect said, less than ten minutes ago, that this is the owner of the account."""
    return came_by_franceconnect(request) and bool(time.time() - request.session[_CAME]["at"] < 60 * MINUTES)


def came_by_franceconnect(request: HttpRequest) -> bool:
    """Tell whether FranceConnect said in this session that this is the owner of the account."""
    came = request.session.get(_CAME) or {}
    return (came.get("provider"), came.get("account")) == (Provider.FRANCECONNECT, request.user.pk)


def away(request: HttpRequest) -> HttpResponse:
    """Sign somebody out of here, and lead them out of the service by which they came."""
    came = request.session.get(_CAME) or {}
    logout(request)
    registration = settings.OPENID.get(came.get("provider", ""))
    if registration is None:
        return redirect("public:home")
    state, back = secrets.token_urlsafe(32), reverse(f"access:{came['provider']}_left")
    try:
        address = openid.leave(
            registration, id_token=came["id_token"], back_to=f"{settings.COUNTER_URL}{back}", state=state
        )
    except openid.Unavailable:
        return redirect("public:home")
    request.session[_LEAVING] = state
    return redirect(address)


@require_GET
def left(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Come back from a service that one has left."""
    state = request.session.pop(_LEAVING, "")
    if state and compare_digest(state.encode(), request.GET.get("state", "").encode()):
        messages.success(
            request, _("Vous êtes déconnecté de Mon compte et de %(service)s.") % {"service": provider.label}
        )
    return redirect("public:home")
