"""How a claim comes into one pair of hands, and leaves them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.desk import queries
from escale.domain.desk.models import Holding

RETURNED_FOR = timedelta(hours=4)
"""How long what somebody gave back is not given to them again, as long as there is something else."""

TURNS = {Status.IN_PROGRESS: Role.AGENT, Status.MEDICAL_OPINION: Role.PHYSICIAN}
"""Whose turn it is at each status: whoever else opens the claim only reads, and keeps nobody away."""

_STILL_FRESH = timedelta(minutes=1)


class InOtherHands(Exception):
    """Somebody else has the claim open; the message says who, and since when."""

    def __init__(self, holding: Holding) -> None:
        super().__init__(words(holding))
        self.holding = holding


def words(holding: Holding) -> str:
    """Say who has a claim open, and since when."""
    since = timezone.localtime(holding.since)
    return _("Ouverte par %(name)s depuis %(at)s : lecture seule.") % {
        "name": holding.account, "at": f"{since:%H:%M}"
    }  # fmt: skip


@transaction.atomic
def take_next(*, by: Actor) -> Claim | None:
    """
    Give an agent the claim that is due first among those that nobody has and that their skills cover; None if none is.

    Said twice, or twice at once, it gives the same claim, until it is decided, waits for somebody, or is given back.
    """
    Account.objects.select_for_update(no_key=True).get(pk=by.signatory.pk)
    given = list(Holding.objects.live().filter(account=by.account, given=True).values_list("claim", flat=True))
    known = queries.treatable(by=by).filter(pk__in=given).first() if given else None
    if known:
        _keep(known, by=by, given=True)
        return known
    since = timezone.now() - RETURNED_FOR
    returned = Holding.objects.filter(account=by.account, returned_at__gt=since).values_list("claim", flat=True)
    candidates, not_again = queries.skilled(queries.treatable(by=by), by=by), list(returned)
    first = _first_free(candidates, by=by, but=not_again)
    return first or (_first_free(candidates, by=by, but=[]) if not_again else None)


def _first_free(candidates: QuerySet[Claim], *, by: Actor, but: list[int]) -> Claim | None:
    """Take the first of these claims that nobody else takes at the same moment."""
    free = candidates.select_for_update(of=("self",), no_key=True, skip_locked=True)
    while claim := free.exclude(pk__in=but).first():
        if _keep(claim, by=by, given=True):
            return claim
        but = [*but, claim.pk]  # it was given to another while this one looked
    return None


@transaction.atomic
def take(*, claim: Claim, by: Actor) -> Holding:
    """
    Take a claim in hand by its number.

    :raises InOtherHands: if somebody else has it.
    """
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if not _keep(claim, by=by, given=True):
        raise InOtherHands(Holding.objects.select_related("account").get(claim=claim))
    return Holding.objects.get(claim=claim)


def arrive(*, claim: Claim, by: Actor, holding: Holding | None = None) -> Holding | None:
    """
    Note that somebody has a claim open, if it is their turn, and return who has it: they, another before them, or none.

    What they gave back they do not take again by looking at it. `holding`: who had it a moment ago, if it was asked.
    """
    if TURNS.get(Status(claim.status)) != by.role:
        return None
    holding = holding or Holding.objects.select_related("account").filter(claim=claim).first()
    if holding and _is_settled(holding, claim, by):
        return holding if holding.returned_at is None else None
    with transaction.atomic():
        if Claim.objects.select_for_update(no_key=True).get(pk=claim.pk).status != claim.status:
            return None  # it was decided while the page was asked
        _keep(claim, by=by)
        return Holding.objects.select_related("account").get(claim=claim)


def _is_settled(holding: Holding, claim: Claim, by: Actor) -> bool:
    """Tell whether nothing is to be written: another has it, or one's own sign of life is fresh."""
    holding.claim = claim
    if holding.account_id != by.signatory.pk:
        return holding.is_live()
    if holding.returned_at:
        return holding.stage == claim.status
    return holding.is_live() and holding.seen_at > timezone.now() - _STILL_FRESH


@transaction.atomic
def give_back(*, claim: Claim, by: Actor) -> None:
    """Put a claim back in the queue for others; said twice, it is said once."""
    mine = Holding.objects.filter(claim=claim, account=by.account, returned_at__isnull=True)
    mine.update(returned_at=timezone.now(), given=False)


def leave(*, claim: Claim, by: Actor) -> None:
    """Have a claim in hand no longer, once one has done one's part of it."""
    Holding.objects.filter(claim=claim, account=by.account).delete()


def _keep(claim: Claim, *, by: Actor, given: bool = False) -> bool:
    """Put a claim that is locked in somebody's hands, and tell whether it is in no other's."""
    now, known = timezone.now(), Holding.objects.filter(claim=claim).first()
    if known is None:
        Holding.objects.create(
            claim=claim, account=by.signatory, stage=claim.status, given=given, since=now, seen_at=now
        )
        return True
    known.claim = claim
    is_mine, is_live = known.account_id == by.signatory.pk, known.is_live()
    if is_live and not is_mine:
        return False
    goes_on = is_mine and is_live
    known.account, known.stage, known.seen_at, known.returned_at = by.signatory, claim.status, now, None
    known.given, known.since = given or (known.given and goes_on), known.since if goes_on else now
    known.save()
    return True
