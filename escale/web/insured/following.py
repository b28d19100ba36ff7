"""What became of a claim that was sent: where it stands, its receipt, its statement."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import figures, letters, queries, secrecy, waiting
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.controls import queries as controls
from escale.domain.desk import queries as desk
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.journal.models import Entry
from escale.domain.payments.lifecycle import BACK
from escale.domain.statements import queries as statements
from escale.rules import contesting, deadlines, recourse
from escale.rules.deadlines import Residence
from escale.web.hats import ActorRequest, wearing
from escale.web.insured import appeals
from escale.web.insured.journey import own


@wearing(Role.INSURED)
@require_safe
def claim(request: ActorRequest, number: str) -> HttpResponse:
    """Show where a claim stands; a draft opens where it can be sent."""
    followed = own(request, number, decided=True)
    if not followed.sent_at:
        return redirect("insured:review", number)
    story, files = list(queries.timeline(followed)), queries.all_files(followed)
    hidden, lines = secrecy.hides_nature(followed, reader=request.actor), lines_of(followed)
    replaced = {file.replaces_id for file in files if file.replaces_id}
    found = {file.document.status for file in files if file.pk not in replaced}
    standing = {
        "claim": followed,
        "steps": followed.steps_open_to(request.actor),
        **awaited(followed, files, story=story),
        "control": controls.asked_of(followed, actor=request.actor) if followed.status == Status.PROCESSED else None,
        "excuse": desk.excuse(followed) if followed.status in WORKED_ON else None,
        "timeline": secrecy.story(story, hidden=hidden),
        "scanning": followed.status in {Status.SENT, *WORKED_ON} and DocumentStatus.QUARANTINED in found,
        "request_key": uuid.uuid4(),
        **_payment(followed),
        **decided(followed, lines, hidden=hidden),
        **appeals.standing(followed, lines, actor=request.actor),
    }
    if hidden:
        known = {"lines": secrecy.veiled(lines), "files": len(files) - len(replaced)}
        return render(request, "insured/veiled_claim.html", standing | known)
    named = secrecy.open_to(files, followed, reader=request.actor)
    known = {
        **care(followed, lines, story=story),
        "files": named,
        "replaced": replaced,
        "confidential": len(files) - len(named),
        "kept": {file.pk for file in files if file not in named},
    }
    return render(request, "insured/claim.html", standing | known)


def awaited(claim: Claim, files: Iterable[Any], *, story: Iterable[Entry]) -> dict[str, Any]:
    """Return what is still to be sent: papers in the place of others, and those that never came."""
    refused, asked = [file for file in files if file.awaited], waiting.asked(claim, story=story)
    return {"awaited": refused, "asked": asked, "several": len(refused) + len(asked) > 1}


def care(claim: Claim, lines: Sequence[ClaimLine], *, story: Iterable[Entry]) -> dict[str, Any]:
    """Return what tells the nature of the care: its lines, the names of its papers, and why a decision refused some."""
    sent, cares = queries.as_sent(claim, story=story), {line.care for line in lines}
    return {
        "lines": lines,
        "labels": queries.paper_labels(sent, needed=queries.papers(sent, cares=cares)),
        "refusals": queries.refusals(
            (line for line in lines if _stands(line)), rule_set=queries.competence(claim).rule_set
        ),
    }


def _stands(line: ClaimLine) -> bool:
    return line.decision is not None and line.decision.stands


def lines_of(claim: Claim) -> list[ClaimLine]:
    """Return the lines of a claim with their bills, as they were typed (1 query)."""
    lines = ClaimLine.objects.filter(bill__claim=claim).select_related("bill__claim", "decision")
    return list(lines.order_by("bill_id", "pk"))


def _payment(claim: Claim) -> dict[str, Any]:
    paid_on = claim.paid_on
    orders = [one.order for one in claim.decisions.all() if one.order and one.stands]
    return {
        "came_back": BACK,
        "payments": orders,
        "told": statements.kept_by(orders),
        "paid_on": paid_on,
        "originals_until": paid_on and deadlines.originals_until(paid_on),
    }


def decided(claim: Claim, lines: Iterable[ClaimLine], *, hidden: bool) -> dict[str, Any]:
    """Return what the Fund answered, be it for a part, and how to contest it, as its letter says; nothing before."""
    decision = queries.answer(claim)
    if decision is None:
        return {}
    concerned = (one for one in lines if one.decision_id == decision.pk)
    ways = letters.ways(decision, concerned, under=figures.today(claim), veiled=hidden)
    until = letters.appeal_until(decision)
    last = _("Vous pouvez contester cette décision jusqu’au %s inclus.") % recourse.in_words(until) if until else ""
    total = sum((one.total for one in claim.decisions.all() if one.stands), Decimal(0))
    return {"decision": decision, "total": total, "appeal": [*ways, last or contesting.FROM_READING]}


@wearing(Role.INSURED)
@require_safe
def receipt(request: ActorRequest, number: str) -> HttpResponse:
    """Show the receipt of a claim that was sent."""
    sent = own(request, number)
    if not sent.sent_at:
        return redirect("insured:review", number)
    story = list(queries.timeline(sent))
    as_sent = queries.as_sent(sent, story=story)
    received_on = timezone.localdate(sent.sent_at)
    told = recourse.receipt(received_on=received_on, residence=Residence(sent.insured.residence))
    files = [file for file in queries.all_files(sent) if not file.came_later]  # what was sent that day
    hidden = secrecy.hides_nature(sent, reader=request.actor)
    named = [] if hidden else secrecy.open_to(files, sent, reader=request.actor)
    shown = {
        "claim": sent,
        "sending": next((entry for entry in story if entry.event == "claim.submit"), None),
        "files": named,
        "total": len(files),
        "confidential": len(files) - len(named),
        "labels": queries.paper_labels(as_sent),
        "told": told,
        "place": queries.place(as_sent),
    }
    return render(request, "insured/receipt.html", shown)


@wearing(Role.INSURED)
@require_safe
def statement(request: ActorRequest, number: str) -> HttpResponse:
    """Show, line by line, what is paid back and why."""
    processed = own(request, number, decided=True)
    lines, hidden = lines_of(processed), secrecy.hides_nature(processed, reader=request.actor)
    answered = decided(processed, lines, hidden=hidden)
    if not answered or not answered["total"]:
        return redirect("insured:claim", number)  # a letter gave this link before the claim was taken up again
    decided_lines = [line for line in lines if _stands(line)]
    shown = {"claim": processed, **_payment(processed), **answered, "open": len(lines) - len(decided_lines)}
    if hidden:
        shown["lines"] = secrecy.veiled(decided_lines)
        return render(request, "insured/veiled_statement.html", shown)
    return render(request, "insured/statement.html", shown | {"lines": decided_lines})


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
