"""What every page knows of the house; without a query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from escale.domain.accounts.models import Role
from escale.rules import recourse
from escale.web import hats


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the Fund's name and address, who is signed in and for whom, and what the demonstration must say."""
    actor = getattr(request, "actor", None)
    return {
        "fund": recourse.FUND,
        "actor": actor,
        "bareheaded": actor is None and getattr(request, "is_bareheaded", False),
        "session_left": hats.left(request) if actor else 0,
        "mandate": getattr(request, "mandate", None),
        "space": _("Mon compte CNMSS") if actor is None or actor.role == Role.INSURED else _("Gestion CNMSS"),
        "demo": settings.DEMO,
        "openid": settings.OPENID,
        "scanner_is_for_tests": settings.DEMO and (settings.CLAMD_KNOWS_TEST_ONLY or not settings.CLAMD),
        "mail_is_shown": settings.DEMO and settings.EMAIL_URL.startswith("folder:"),
    }
