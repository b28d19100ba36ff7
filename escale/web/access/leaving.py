"""Who came by FranceConnect or ProConnect leaves it too, so that nobody comes back in after them."""

import secrets
from hmac import compare_digest

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from escale.domain.accounts.models import Provider
from escale.gateways import openid

_CAME, _LEAVING = "came_by", "leaving"


def note(request: HttpRequest, provider: Provider, id_token: str) -> None:
    """Remember by which service somebody came, with the proof that it will ask to let them out."""
    request.session[_CAME] = {"provider": provider.value, "id_token": id_token}


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
