"""What those who treat a claim write to one another beside it."""

from django.db import transaction

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Claim, Remark


@transaction.atomic
def remark(*, claim: Claim, text: str, by: Actor) -> Remark:
    """
    Write a note beside a claim, for those who will treat it; the same words twice in a row are said once.

    :raises StepRefused: if the claim is not, or no longer, the Fund's.
    """
    claim.lock()
    last = claim.remarks.order_by("pk").last()
    if last and (last.text, last.by_id) == (text, by.signatory.pk):
        return last
    claim.advance("remark", by=by)
    return Remark.objects.create(claim=claim, text=text, by=by.signatory)
