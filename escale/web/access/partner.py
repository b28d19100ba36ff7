"""Where partners arrive until their counter opens."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.PARTNER)
def show(request: ActorRequest) -> HttpResponse:
    """Say that the partners' counter comes."""
    return render(request, "access/partner.html")
