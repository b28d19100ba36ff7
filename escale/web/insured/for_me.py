"""« Demandes faites pour moi »: what another who answers for somebody asked for their care."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, secrecy
from escale.domain.claims.models import Claim, SecrecyReason
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing
from escale.web.insured import following

MOST = 100


@wearing(Role.INSURED, oneself=True)
@require_safe
def for_me(request: ActorRequest) -> HttpResponse:
    """List the claims that another sent for one's own care."""
    found = Claim.objects.concerning(request.actor).with_people().newest_first()[:MOST]
    return render(request, "insured/for_me.html", {"claims": found})


def concerning(request: ActorRequest, number: str) -> Claim:
    """Return the claim of this number if another sent it for the visitor; else there is no such page."""
    claims = Claim.objects.concerning(request.actor).with_people().with_decisions()
    return get_object_or_404(claims, number=number)


@wearing(Role.INSURED, oneself=True)
@require_safe
def claim(request: ActorRequest, number: str) -> HttpResponse:
    """Show what one received, what it cost, what the Fund answered and why, and the papers that it waits for."""
    read = concerning(request, number)
    story, lines = list(queries.timeline(read)), following.lines_of(read)
    shown: dict[str, Any] = {
        "claim": read,
        **following.awaited(read, queries.all_files(read), story=story),
        **following.care(read, lines, story=story),
        **following.decided(read, lines, hidden=False),
        "steps": (),
        "kept": (),
        "may_be_kept": secrecy.may_be_kept(read) and "keep_from_family" in read.steps_open_to(request.actor),
    }
    return render(request, "insured/for_me_claim.html", shown)


@wearing(Role.INSURED, oneself=True)
@require_POST
def keep(request: ActorRequest, number: str) -> HttpResponse:
    """Keep one's care from one's family, or tell it again."""
    read = concerning(request, number)
    act = claims.tell_family if "tell" in request.POST else claims.keep_from_family
    try:
        act(claim=read, reason=SecrecyReason.ACCOUNT, by=request.actor)
        messages.success(request, _("C’est enregistré."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("insured:for_me_claim", number)
