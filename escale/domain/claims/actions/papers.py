"""One paper at a time: what the agent finds of each, and the one that takes its place."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escale.domain.accounts.actor import Actor
from escale.domain.claims import waiting
from escale.domain.claims.actions import clock
from escale.domain.claims.models import Attachment, Claim, PaperVerdict
from escale.domain.claims.models.papers import FAILED
from escale.domain.documents.models import Document
from escale.rules.lifecycle import StepRefused


class Unexplained(Exception):
    """A paper is refused without a word to the insured person."""


class NotReplaceable(Exception):
    """This file cannot take the place of that paper, nor answer that request; the message is for the sender."""


class PaperAwaited(Exception):
    """The claim waits for a paper of the insured person; the message is for the agent."""


def refuse_awaiting(claim: Claim) -> None:
    """Let only a claim go on that waits for no paper of the insured person. :raises PaperAwaited: otherwise."""
    if awaited := waiting.awaited(claim):
        raise PaperAwaited(
            ngettext(
                "%(n)d pièce est attendue de l’assuré : attendez-la, ou ne l’attendez plus.",
                "%(n)d pièces sont attendues de l’assuré : attendez-les, ou ne les attendez plus.",
                len(awaited),
            )
            % {"n": len(awaited)}
        )
    if waiting.being_scanned(claim):
        raise PaperAwaited(_("Une pièce reçue passe le contrôle antivirus : regardez-la avant d’accepter."))


@transaction.atomic
def judge(*, attachment: Attachment, verdict: PaperVerdict, words: str = "", by: Actor) -> None:
    """
    Say what the agent finds of a paper, with a sentence for the insured person; said twice, it is said once.

    Of a file that was waited for and came to nothing, all that can be said is that no other is waited for.

    :raises StepRefused: if the claim is no longer worked on, if the paper is not for this agent's eyes, or if another
        has taken its place.
    :raises Unexplained: if the paper is refused without a sentence.
    """
    claim = attachment.claim
    claim.lock()
    attachment.refresh_from_db()
    words = words.strip() if verdict.refuses else ""
    if verdict.refuses and not words:
        raise Unexplained
    if Attachment.objects.filter(replaces=attachment).exists():
        raise StepRefused("Cette pièce a été remplacée entre-temps : regardez la nouvelle.")
    forsaken = attachment.came_later and attachment.document.status in FAILED and not verdict.refuses
    if not forsaken and not Attachment.objects.visible_to(by).filter(pk=attachment.pk).exists():
        raise StepRefused("Cette pièce n’est pas de celles que vous pouvez regarder.")
    if (attachment.verdict, attachment.verdict_words) == (verdict, words) and "judge_paper" in claim.steps_open_to(by):
        return
    claim.advance("judge_paper", by=by, paper=attachment.pk, verdict=verdict, before=attachment.verdict)
    attachment.verdict, attachment.verdict_words = verdict, words
    attachment.judged_by, attachment.judged_at = by.signatory, timezone.now()
    attachment.save(update_fields=["verdict", "verdict_words", "judged_by", "judged_at"])
    clock.keep_time(claim=claim, by=by)


def replacement(*, of: Attachment, sha256: str) -> Attachment | None:
    """
    Return the paper that took the place of this one with the same bytes; none yet, if another is waited for.

    Called with the claim locked, before anything is written: the same file sent twice gets the same answer.

    :raises NotReplaceable: if it is the refused file again, if another came first, or if none is waited for any more.
    """
    came = Attachment.objects.filter(replaces=of).select_related("document").first()
    if came and came.document.sha256 == sha256:
        return came
    if came:
        raise NotReplaceable(_("Cette pièce a déjà été remplacée, par « %s ».") % came.document.name)
    if not Attachment.objects.to_replace().filter(pk=of.pk).exists():
        raise NotReplaceable(_("Cette pièce n’est plus à remplacer."))
    if of.document.sha256 == sha256:
        raise NotReplaceable(_("C’est le fichier qui n’a pas pu être retenu : choisissez-en un autre."))
    return None


@transaction.atomic
def put_in_place(*, of: Attachment, document: Document, medical: bool, by: Actor) -> Attachment:
    """
    Put a file in the place of a refused paper, which stays as evidence; physicians asked about it get the new one.

    :raises StepRefused: if the claim is no longer worked on.
    """
    of.claim.advance("replace_paper", by=by, paper=of.pk)
    attachment = Attachment.objects.create(
        claim=of.claim, bill=of.bill, document=document, paper=of.paper, medical=medical or of.medical, replaces=of,
        kept_from_family=of.kept_from_family, appeal=of.appeal,
    )  # fmt: skip
    for opinion in of.opinions.filter(given_at__isnull=True):
        opinion.attachments.add(attachment)
    clock.keep_time(claim=of.claim, by=by)
    return attachment
