"""The supervisor's counter: what waits, and for how long."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from escale.domain.accounts.models import Role
from escale.domain.claims import queries, upkeep
from escale.domain.documents import queries as documents
from escale.domain.notices import queries as notices
from escale.domain.registry import queries as registry
from escale.web.hats import ActorRequest, wearing

FAILURES = 3
INFECTED_FOR = timedelta(days=30)


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the stock of claims, and what does not go through: scans, viruses, letters, tasks."""
    context = {
        "stock": queries.stock(actor=request.actor),
        "late": upkeep.late(minutes=settings.SCAN_MINUTES),
        "minutes": settings.SCAN_MINUTES,
        "infected": documents.infected_once_read(since=timezone.now() - INFECTED_FOR),
        "resisting": documents.resisting().count(),
        "failing": ProcrastinateJob.objects.filter(status="todo", attempts__gte=FAILURES).count(),
        "openings": registry.openings_to_review(actor=request.actor).count(),
        "unsent": notices.waiting().count(),
    }
    return render(request, "agents/board.html", context)
