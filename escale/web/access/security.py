"""« Sécurité » : how one enters, and what is open."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from escale.domain.accounts import queries
from escale.web import hats


@hats.wearing(*hats.EVERY_HAT, oneself=True, bareheaded=True)
@require_GET
def page(request: hats.ActorRequest) -> HttpResponse:
    """Show by what one enters, which sessions are open and which devices are known."""
    account = request.user
    shown = {
        "account": account,
        "application": getattr(account, "totp", None),
        "passkeys": account.passkeys.order_by("pk"),
        "codes_left": queries.codes_left(account),
        "sessions": queries.sessions(account),
        "devices": account.devices.order_by("-last_seen_at"),
        "bareheaded": not request.session.get("hat"),
    }
    return render(request, "access/security.html", shown)
