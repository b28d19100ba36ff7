"""How the papers of a claim end: kept by a control or an appeal, destroyed when their time has come."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims import upkeep
from escale.domain.claims.actions.draft import discard, take_out
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, Hold, HoldReason
from escale.domain.documents import actions as documents
from escale.domain.journal.models import Entry
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def hold(*, claim: Claim, reason: HoldReason, by: Actor) -> Hold:
    """
    Keep the papers of a claim beyond their time; asked twice for one reason, they are kept once.

    :raises StepRefused: if they are destroyed already, or if the claim is not before the Fund.
    """
    claim.lock()
    if claim.papers_destroyed_at:
        raise StepRefused("Les pièces de cette demande sont déjà détruites.")
    if placed := upkeep.holds(claim).filter(reason=reason).first():
        return placed
    claim.advance("hold_papers", by=by, reason=reason)
    return Hold.objects.create(claim=claim, reason=reason, placed_by=by.signatory)


@transaction.atomic
def release(*, hold: Hold, by: Actor) -> None:
    """Say that a control or an appeal is over; said twice, it is said once."""
    hold.claim.lock()
    hold.refresh_from_db()
    if hold.lifted_at:
        return
    hold.claim.advance("release_papers", by=by, reason=hold.reason)
    hold.lifted_by, hold.lifted_at = by.account, timezone.now()
    hold.save(update_fields=["lifted_by", "lifted_at"])


@transaction.atomic
def destroy_papers(*, claim: Claim) -> bool:
    """
    Destroy the papers of a claim whose time has come, and tell whether it had; what was decided stays.

    Under each other claim that holds the same file, the file stays too.
    """
    claim.lock()
    until = upkeep.papers_until(claim)
    if claim.papers_destroyed_at or until is None or until > timezone.localdate():
        return False
    if upkeep.holds(claim).exists() or upkeep.contested(claim):
        return False
    files = claim.attachments.count()
    claim.attachments.update(replaces=None)
    take_out(claim.attachments.all(), by=SYSTEM)
    for arrival in claim.arrivals.select_related("upload"):
        documents.forget(upload=arrival.upload, by=SYSTEM)
    claim.advance("destroy_papers", by=SYSTEM, files=files)
    claim.papers_destroyed_at = timezone.now()
    claim.save(update_fields=["papers_destroyed_at"])
    return True


@transaction.atomic
def forget_draft(*, claim: Claim, unchanged_since: Entry) -> None:
    """Delete a draft, unless something has happened to it since this."""
    claim.lock()
    if claim.status == Status.DRAFT and upkeep.last_change(claim) == unchanged_since:
        discard(claim=claim, by=SYSTEM)
