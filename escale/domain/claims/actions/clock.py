"""The agent's clock: it stops while a claim waits for somebody else, and runs anew once it is given back."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import waiting
from escale.domain.claims.models import Claim, Pause
from escale.rules import deadlines


@transaction.atomic
def keep_time(*, claim: Claim, by: Actor) -> None:
    """
    Open a pause for each thing that a claim waits for from now on, and end those of what came; said twice, it is once.

    Called by each step that asks for something or brings it; the date due told to the insured person stays. What came
    is to be read: the claim keeps since when.
    """
    today, reasons = timezone.localdate(), waiting.reasons(claim)
    opened = claim.pauses.filter(paused_until=None)
    opened.exclude(reason__in=reasons).update(paused_until=today)
    known = set(opened.values_list("reason", flat=True))
    Pause.objects.bulk_create(
        Pause(claim=claim, reason=reason, paused_from=today, author=by.account)
        for reason in reasons
        if reason not in known
    )
    if claim.unread_since != (unread_since := waiting.unread_since(claim)):
        claim.unread_since = unread_since
        claim.save(update_fields=["unread_since"])


def start_again(*, claim: Claim) -> None:
    """Have both clocks of a claim that is given back to the agents run anew from today, with a new day promised."""
    claim.reopened_on = timezone.localdate()
    claim.due_on = deadlines.due_on(claim.reopened_on, territory=claim.territory)
    claim.save(update_fields=["reopened_on", "due_on"])
