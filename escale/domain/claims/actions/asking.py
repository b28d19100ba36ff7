"""The papers that never came: the agent asks for them, and the insured person sends each."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims import asking
from escale.domain.claims.actions import clock
from escale.domain.claims.actions.assessing import lock_undecided
from escale.domain.claims.actions.papers import NotReplaceable, Unexplained
from escale.domain.claims.models import AskedPaper, Attachment, Claim
from escale.domain.documents.models import Document
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def ask_papers(*, claim: Claim, wanted: Mapping[str, str], by: Actor) -> list[AskedPaper]:
    """
    Ask for papers at once, each with a sentence for the insured person; what is asked for already is asked once.

    `wanted`: the sentences, by the key of what `asking.askable` gives.

    :raises StepRefused: if the claim is no longer worked on; the message says who decided, and when.
    :raises Unexplained: if one is asked for without a sentence.
    """
    lock_undecided(claim)
    chosen = [(one, wanted[one.key].strip()) for one in asking.askable(claim, by=by) if one.key in wanted]
    if not chosen and "ask_papers" in claim.steps_open_to(by):
        return []
    if not all(words for _one, words in chosen):
        raise Unexplained
    claim.advance("ask_papers", by=by, papers=len(chosen))  # their codes could tell of somebody's health
    together = {"claim": claim, "asked_by": by.signatory, "asked_at": timezone.now()}
    asked = [
        AskedPaper.objects.create(**together, bill=one.bill, paper=one.paper.code, label=one.paper.label, words=words)
        for one, words in chosen
    ]
    clock.keep_time(claim=claim, by=by)
    return asked


@transaction.atomic
def forgo_paper(*, asked: AskedPaper, by: Actor) -> None:
    """
    Wait no more for a paper that was asked for; said twice, it is said once.

    :raises StepRefused: if it came meanwhile, or if the claim is no longer worked on.
    """
    claim = asked.claim
    claim.lock()
    asked.refresh_from_db(fields=["answer", "ended_at"])
    if asked.answer_id:
        raise StepRefused("Cette pièce est arrivée entre-temps : regardez-la.")
    if asked.ended_at and "forgo_paper" in claim.steps_open_to(by):
        return
    claim.advance("forgo_paper", by=by, asked=asked.pk)
    asked.ended_at = timezone.now()
    asked.save(update_fields=["ended_at"])
    clock.keep_time(claim=claim, by=by)


def answer(*, to: AskedPaper, sha256: str) -> Attachment | None:
    """
    Return the file with the same bytes that answered this request; none yet, if it is waited for.

    Called with the claim locked, before anything is written: the same file sent twice gets the same answer.

    :raises NotReplaceable: if another came first, or if none is waited for any more.
    """
    came = Attachment.objects.filter(answers=to).select_related("document").first()
    if came and came.document.sha256 == sha256:
        return came
    if came:
        raise NotReplaceable(_("Cette pièce est déjà arrivée : « %s ».") % came.document.name)
    if not AskedPaper.objects.awaited().filter(pk=to.pk).exists():
        raise NotReplaceable(_("Cette pièce n’est plus demandée."))
    return None


@transaction.atomic
def provide(*, to: AskedPaper, document: Document, medical: bool, by: Actor) -> Attachment:
    """
    Answer a request with a file.

    :raises StepRefused: if the claim is no longer worked on.
    """
    to.claim.advance("provide_paper", by=by, asked=to.pk)
    to.answer = Attachment.objects.create(
        claim=to.claim, bill=to.bill, document=document, paper=to.paper, medical=medical
    )
    to.ended_at = timezone.now()
    to.save(update_fields=["answer", "ended_at"])
    clock.keep_time(claim=to.claim, by=by)
    return to.answer
