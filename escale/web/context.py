"""What every page knows of the house; without a query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from escale.domain.accounts.models import Role
from escale.rules import recourse


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the Fund's name and address, who is signed in under which hat, and what the demonstration must say."""
    return {
        "fund": recourse.FUND,
        "actor": getattr(request, "actor", None),
        "Role": Role,
        "demo": settings.DEMO,
        "scanner_is_for_tests": settings.DEMO and (settings.CLAMD_KNOWS_TEST_ONLY or not settings.CLAMD),
        "mail_is_shown": settings.DEMO and settings.EMAIL_URL.startswith("folder:"),
    }
