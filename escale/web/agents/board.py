"""The supervisor's counter: what waits, and for how long."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.notices import queries as notices
from escale.web.hats import ActorRequest, wearing

SCAN_MINUTES = 15
FAILURES = 3


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the stock of claims, and what does not go through: scans, letters, tasks."""
    context = {
        "stock": queries.stock(actor=request.actor),
        "unscanned": queries.kept_from_scanner(minutes=SCAN_MINUTES).count(),
        "failing": ProcrastinateJob.objects.filter(status="todo", attempts__gte=FAILURES).count(),
        "unsent": notices.waiting().count(),
        "minutes": SCAN_MINUTES,
    }
    return render(request, "agents/board.html", context)
