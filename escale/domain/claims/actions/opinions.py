"""What the Fund asks of the medical service, and what it answers; what it finds by itself in papers under seal."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims import medical, notes
from escale.domain.claims.actions import clock
from escale.domain.claims.actions.assessing import lock_undecided
from escale.domain.claims.models import Attachment, Claim, ClaimLine, MedicalOpinion, OpinionCode, Outcome
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def ask_opinion(
    *, claim: Claim, question: str, attachments: Iterable[Attachment], lines: Iterable[ClaimLine] = (), by: Actor
) -> MedicalOpinion:
    """
    Ask the medical service a question, on the papers chosen; papers under medical seal go with it by themselves.

    `lines`: those that wait for the answer, all unless said; the others may be decided meanwhile.
    """
    lock_undecided(claim)
    claim.advance("ask_opinion", by=by)
    opinion = MedicalOpinion.objects.create(claim=claim, question=question, asked_by=by.signatory)
    opinion.attachments.set(attachments)
    opinion.lines.set(lines)
    clock.keep_time(claim=claim, by=by)
    return opinion


@transaction.atomic
def give_opinion(*, opinion: MedicalOpinion, outcome: Outcome, code: OpinionCode, note: str, by: Actor) -> None:
    """Answer the agent with an outcome and a code; the note stays between physicians."""
    opinion.claim.advance("give_opinion", by=by, outcome=outcome, code=code)
    _give(opinion, outcome, code, note, by)
    clock.keep_time(claim=opinion.claim, by=by)


@transaction.atomic
def consider_papers(*, claim: Claim, outcome: Outcome, code: OpinionCode, note: str, by: Actor) -> MedicalOpinion:
    """
    Give an opinion that nobody asked for, on papers that came under medical seal.

    :raises StepRefused: if the claim is no longer worked on, or if a physician has answered for them meanwhile.
    """
    claim.advance("consider_papers", by=by, outcome=outcome, code=code)
    if not medical.unread().filter(claim=claim).exists():
        raise StepRefused(_("Un avis a déjà été rendu sur ces pièces."))
    opinion = MedicalOpinion(claim=claim, asked_by=by.signatory)
    _give(opinion, outcome, code, note, by)
    return opinion


def _give(opinion: MedicalOpinion, outcome: Outcome, code: OpinionCode, note: str, by: Actor) -> None:
    """Write the answer, its note, and on which papers under seal it was given."""
    papers = list(medical.unread().filter(claim=opinion.claim))
    opinion.outcome, opinion.code, opinion.given_by, opinion.given_at = outcome, code, by.account, timezone.now()
    opinion.save()
    opinion.attachments.add(*papers)
    notes.write(opinion, note)
