"""What became of a claim that was sent: where it stands, its receipt, its statement."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, waiting
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Attachment, Claim, ClaimLine
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.rules import deadlines, recourse
from escale.rules.deadlines import Residence
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.journey import own


@wearing(Role.INSURED)
@require_safe
def claim(request: ActorRequest, number: str) -> HttpResponse:
    """Show where a claim stands; a draft opens where it can be sent."""
    followed = own(request, number)
    if not followed.sent_at:
        return redirect("insured:review", number)
    files, timeline = _files(followed, request), list(queries.timeline(followed))
    replaced = {file.replaces_id for file in files if file.replaces_id}
    found = {file.document.status for file in files if file.pk not in replaced}
    shown = {
        "claim": followed,
        "files": files,
        "replaced": replaced,
        "awaited": waiting.to_replace(followed),
        "asked": waiting.asked(followed, story=timeline),
        "labels": queries.paper_labels(queries.as_sent(followed, story=timeline)),
        "lines": _lines(followed),
        "timeline": timeline,
        "scanning": followed.status in {Status.SENT, *WORKED_ON} and DocumentStatus.QUARANTINED in found,
        "request_key": uuid.uuid4(),
        **_payment(followed),
        **_decision(followed),
    }
    return render(request, "insured/claim.html", shown)


def _files(claim: Claim, request: ActorRequest) -> list[Attachment]:
    files = Attachment.objects.visible_to(request.actor).filter(claim=claim)
    return list(files.select_related("document", "bill", "answers").order_by("pk"))


def _lines(claim: Claim) -> Any:
    return ClaimLine.objects.filter(bill__claim=claim).select_related("bill__claim").order_by("bill_id", "pk")


def _payment(claim: Claim) -> dict[str, Any]:
    paid_on = claim.order and claim.order.paid_on
    return {"paid_on": paid_on, "originals_until": paid_on and deadlines.originals_until(paid_on)}


def _decision(claim: Claim) -> dict[str, Any]:
    if claim.status not in {Status.PROCESSED, Status.REFUSED}:
        return {}
    decision = queries.decision(claim)
    if decision is None:
        return {}
    on = timezone.localdate(decision.at)
    appeal = recourse.appeal(residence=Residence(claim.insured.residence), on=on)
    return {"decision": decision, "reason": queries.refusal(decision), "appeal": appeal}


@wearing(Role.INSURED)
@require_safe
def receipt(request: ActorRequest, number: str) -> HttpResponse:
    """Show the receipt of a claim that was sent."""
    sent = own(request, number)
    if not sent.sent_at:
        return redirect("insured:review", number)
    as_sent = queries.as_sent(sent, story=queries.timeline(sent))
    received_on = timezone.localdate(sent.sent_at)
    told = recourse.receipt(received_on=received_on, residence=Residence(sent.insured.residence))
    files = [file for file in _files(sent, request) if not file.came_later]  # what was sent that day
    labels, place = queries.paper_labels(as_sent), queries.place(as_sent)
    shown = {"claim": sent, "files": files, "labels": labels, "told": told, "place": place}
    return render(request, "insured/receipt.html", shown)


@wearing(Role.INSURED)
@require_safe
def statement(request: ActorRequest, number: str) -> HttpResponse:
    """Show, line by line, what is paid back and why."""
    processed = own(request, number)
    if processed.status != Status.PROCESSED:
        return redirect("insured:claim", number)  # a letter gave this link before the claim was taken up again
    shown = {"claim": processed, "lines": _lines(processed), **_payment(processed), **_decision(processed)}
    return render(request, "insured/statement.html", shown)


@wearing(Role.INSURED)
@require_POST
def start_again(request: ActorRequest, number: str) -> HttpResponse:
    """Open a new draft with all that an unusable claim still holds."""
    unusable = get_object_or_404(
        Claim.objects.visible_to(request.actor).with_people(), number=number, status=Status.UNUSABLE
    )
    try:
        key = uuid.UUID(request.POST.get("request_key", ""))
    except ValueError:
        key = uuid.uuid4()
    draft = claims.start_again(claim=unusable, request_key=key, by=request.actor)
    messages.success(request, _("Tout le reste est repris dans cette nouvelle demande : joignez à nouveau la pièce."))
    return redirect("insured:documents", draft.number)
