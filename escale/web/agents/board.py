"""The supervisor's counter: what waits, and for how long."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.documents import queries as documents
from escale.domain.notices import queries as notices
from escale.web.hats import ActorRequest, wearing

SCAN_MINUTES = 15


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the stock of claims, the files that the scanner forgot, and the letters that have not left."""
    context = {
        "stock": queries.stock(actor=request.actor),
        "unscanned": documents.forgotten_in_quarantine(minutes=SCAN_MINUTES).count(),
        "unsent": notices.waiting().count(),
        "minutes": SCAN_MINUTES,
    }
    return render(request, "agents/board.html", context)
