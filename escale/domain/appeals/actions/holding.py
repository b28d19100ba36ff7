"""What each step holds: the claim, then its appeal; and the papers, as long as an appeal goes on."""

from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.appeals.models import Appeal
from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import HoldReason


def lock(appeal: Appeal) -> None:
    """Hold the claim, then its appeal: no file joins meanwhile."""
    appeal.decision.claim.lock()
    appeal.lock()


def end(appeal: Appeal) -> None:
    """Hold an appeal, and keep the moment when it ended."""
    lock(appeal)
    appeal.ended_at = timezone.now()
    appeal.save(update_fields=["ended_at"])


def hold(appeal: Appeal, by: Actor) -> None:
    """Keep the papers of the claim for an appeal, unless they are destroyed, or kept by hand for appeals already."""
    claim = appeal.decision.claim
    kept_by_hand = upkeep.holds(claim).filter(reason=HoldReason.APPEAL, appeals=None).exists()
    if claim.papers_destroyed_at is None and not kept_by_hand:
        appeal.hold = claims.hold(claim=claim, reason=HoldReason.APPEAL, by=by)
        appeal.save(update_fields=["hold"])


def release(appeal: Appeal) -> None:
    """Let go of the papers that appeals kept, unless one still goes on; what somebody keeps by hand stays kept."""
    claim = appeal.decision.claim
    if Appeal.objects.going_on().filter(decision__claim=claim).exists():
        return
    for held in upkeep.holds(claim).filter(appeals__isnull=False).distinct():
        claims.release(hold=held, by=SYSTEM)
