"""What the Fund does with a claim whose lines are computed: ask the physician, approve or refuse."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims import computing
from escale.domain.claims.actions import clock, papers, places
from escale.domain.claims.actions.assessing import lock_undecided
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import (
    Attachment,
    Claim,
    ClaimLine,
    Decision,
    MedicalNote,
    MedicalOpinion,
    OpinionCode,
    Outcome,
)
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.rules import refusal


class NotAssessed(Exception):
    """A line has no amount yet, nothing would be paid back, or the total is not the one that was shown."""


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
    MedicalNote.objects.create(opinion=opinion, text=note)
    clock.keep_time(claim=opinion.claim, by=by)


@transaction.atomic
def approve(*, claim: Claim, by: Actor, shown: Decimal | None = None) -> Decision:
    """
    Accept the claim and order its payment, of the total that was shown if one is given.

    :raises StepRefused: if somebody else has decided meanwhile (the message says who and when), or if nobody knows
        where care was given.
    :raises NotAssessed: if a line has no amount, if nothing is due, if the total has changed since it was shown, or if
        the lines were computed for the ceilings of another year.
    :raises PaperAwaited: if a paper is to be replaced, or if the one that replaces it is not scanned yet.
    :raises payments.NoBankAccount: if the registry knows no account to pay on.
    """
    lock_undecided(claim)
    places.refuse_unknown(claim)
    papers.refuse_awaiting(claim)
    lines = list(ClaimLine.objects.filter(bill__claim=claim))
    dues = [line.due for line in lines]
    if not dues or None in dues:
        raise NotAssessed("Chaque ligne doit avoir un montant avant d’accepter la demande.")
    total = sum((due for due in dues if due is not None), Decimal(0))
    if not total:
        raise NotAssessed("Rien n’est à rembourser : refusez la demande avec un motif.")
    if shown is not None and shown != total:
        raise NotAssessed("Un autre gestionnaire a recalculé une ligne : vérifiez le nouveau total avant d’accepter.")
    if not all(computing.in_its_year(line) for line in lines):
        raise NotAssessed(
            "Les plafonds annuels sont ceux de l’année du remboursement, et cette demande a été calculée pour une "
            "autre : recalculez une ligne, les autres suivront, puis vérifiez le total."
        )
    rank = claim.decisions.count()
    reference = f"{claim.number}-{rank + 1}" if rank else claim.number
    claim.order = payments.order(to=claim.insured, amount=total, reference=reference, by=by)
    claim.save(update_fields=["order"])
    decision = Decision.objects.create(claim=claim, approved=True, total=total, by=by.signatory)
    claim.advance("approve", by=by, total=total)
    return decision


@transaction.atomic
def refuse(*, claim: Claim, reason_code: str, explanation: str, by: Actor) -> Decision:
    """
    Refuse the claim for a coded reason, and say why in words that the person understands.

    :raises StepRefused: if somebody else has decided meanwhile; the message says who and when.
    """
    lock_undecided(claim)
    refusal.reason(reason_code)
    decision = Decision.objects.create(
        claim=claim, approved=False, reason_code=reason_code, explanation=explanation, by=by.signatory
    )
    claim.advance("refuse", by=by, reason=reason_code)
    clock.keep_time(claim=claim, by=by)
    return decision


@transaction.atomic
def reopen(*, order: PaymentOrder) -> None:
    """Give back to the agents a claim whose payment the accountant refused; once only for each order."""
    claim = Claim.objects.select_for_update(of=("self",)).filter(order=order, status=Status.PROCESSED).first()
    if claim:
        claim.advance("reopen", by=SYSTEM)
