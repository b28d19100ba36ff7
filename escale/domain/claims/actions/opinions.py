"""What the Fund asks of the medical service, and what it answers."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import notes
from escale.domain.claims.actions import clock
from escale.domain.claims.actions.assessing import lock_undecided
from escale.domain.claims.models import Attachment, Claim, MedicalOpinion, OpinionCode, Outcome


@transaction.atomic
def ask_opinion(*, claim: Claim, question: str, attachments: Iterable[Attachment], by: Actor) -> MedicalOpinion:
    """Ask the medical service a question, on the papers chosen; papers under medical seal go with it by themselves."""
    lock_undecided(claim)
    claim.advance("ask_opinion", by=by)
    opinion = MedicalOpinion.objects.create(claim=claim, question=question, asked_by=by.signatory)
    opinion.attachments.set(attachments)
    clock.keep_time(claim=claim, by=by)
    return opinion


@transaction.atomic
def give_opinion(*, opinion: MedicalOpinion, outcome: Outcome, code: OpinionCode, note: str, by: Actor) -> None:
    """Answer the agent with an outcome and a code; the note stays between physicians."""
    opinion.claim.advance("give_opinion", by=by, outcome=outcome, code=code)
    opinion.outcome, opinion.code, opinion.given_by, opinion.given_at = outcome, code, by.account, timezone.now()
    opinion.save(update_fields=["outcome", "code", "given_by", "given_at"])
    notes.write(opinion, note)
    clock.keep_time(claim=opinion.claim, by=by)
