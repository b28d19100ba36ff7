"""A file joins a claim: once for each paper that it is, under one seal, as far as there is room."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims import upkeep
from escale.domain.claims.actions import asking, papers
from escale.domain.claims.actions.draft import TooMuch
from escale.domain.claims.models import Arrival, Attachment
from escale.domain.documents import actions as documents
from escale.domain.documents.lifecycle import ON_ITS_WAY
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.rules import contesting, recourse
from escale.rules.lifecycle import StepRefused

APPEAL_STEP = "join_to_appeal"


class ByPostOnly(StepRefused):
    """This file joins no appeal online; the message, for the sender, says where to write."""


def check_room(arrival: Arrival, size: int) -> None:
    """
    Count what the claim holds and what is on its way to it, but not the papers that another replaces.

    What the agent asks for has its own room, and so has an appeal; in the place of another, a file is not one more.

    :raises TooMuch: if this file is one too many, or too big.
    """
    claim, where = arrival.claim, {"answers": arrival.answers, "appeal": arrival.appeal}
    kept = claim.attachments.current().filter(**where).exclude(pk=arrival.replaces_id or 0)
    coming = claim.arrivals.filter(upload__status__in=ON_ITS_WAY, **where).exclude(pk=arrival.pk)
    sizes = [*kept.values_list("document__size", flat=True), *coming.values_list("upload__size", flat=True)]
    if len(sizes) >= settings.FILES_PER_CLAIM and not arrival.replaces_id:
        of_claim = _("Une demande contient %(most)d fichiers au plus.")
        of_appeal = _("Un recours contient %(most)d fichiers au plus : envoyez celui-ci par courrier.")
        raise TooMuch((of_appeal if arrival.appeal else of_claim) % {"most": settings.FILES_PER_CLAIM})
    if sum(sizes) + size > settings.BYTES_PER_CLAIM:
        of_claim = _("Les fichiers d’une demande font %(most)d Mo au plus : envoyez celui-ci dans une autre demande.")
        of_appeal = _("Les fichiers d’un recours font %(most)d Mo au plus : envoyez celui-ci par courrier.")
        most = settings.BYTES_PER_CLAIM // (1024 * 1024)
        raise TooMuch((of_appeal if arrival.appeal else of_claim) % {"most": most})


def refuse_by_post_only(arrival: Arrival) -> None:
    """
    Let a file join an appeal only while it is open, while the papers of the claim are kept, and if it is not medical.

    What is medical goes to the medical commission: not to the service whose opinion is contested. Whoever ends an
    appeal holds the claim first: called with the claim locked, it stays open until the file has joined.

    :raises ByPostOnly: otherwise.
    """
    if not arrival.appeal:
        return
    where = {"address": recourse.COMMISSION, "appeal": arrival.appeal}
    if arrival.medical:
        sealed = _(
            "Un document médical ne se joint pas en ligne : envoyez-le par lettre, sous pli fermé portant la mention "
            "« secret médical » et le numéro %(appeal)s, à : %(address)s."
        )
        raise ByPostOnly(sealed % (where | {"address": contesting.MEDICAL_COMMISSION}))
    if not upkeep.contested(arrival.claim, by=arrival.appeal):
        raise ByPostOnly(_("Le recours %(appeal)s est clos : écrivez, avec son numéro, à : %(address)s.") % where)
    if arrival.claim.papers_destroyed_at:
        destroyed = _(
            "Les pièces de cette demande sont détruites : envoyez celle-ci par courrier, avec le numéro %(appeal)s, "
            "à : %(address)s."
        )
        raise ByPostOnly(destroyed % where)


@transaction.atomic
def join(
    arrival: Arrival, *, sha256: str, size: int, kept: documents.Kept | None = None, by: Actor
) -> Attachment | None:
    """
    Join a file that is kept, or else one whose bytes the claim already holds; None if they are to be sent.

    :raises TooMuch, StepRefused, papers.NotReplaceable: if the claim, or that paper's place, does not take it.
    :raises ByPostOnly: if the appeal does not.
    """
    claim, refused, asked = arrival.claim, arrival.replaces, arrival.answers
    claim.lock()
    twins = claim.attachments.filter(document__sha256=sha256, medical=arrival.medical).select_related("document")
    twin = twins.exclude(document__status=DocumentStatus.LOST).order_by("pk").first()
    known = _known(arrival, twin, sha256=sha256)
    if kept and (known or twin):
        documents.destroy_on_commit(kept.keys)
    if known or not (kept or twin):
        return known
    refuse_by_post_only(arrival)
    check_room(arrival, size)
    if refused:
        document = _document(arrival, twin, kept, by=by)
        return papers.put_in_place(of=refused, document=document, medical=arrival.medical, by=by)
    if asked:
        document = _document(arrival, twin, kept, by=by)
        return asking.provide(to=asked, document=document, medical=arrival.medical, by=by)
    if arrival.appeal:
        claim.advance(APPEAL_STEP, by=by, appeal=arrival.appeal)
    else:
        claim.advance("change", by=by, what="attachment")
    said = {"bill": arrival.bill, "paper": arrival.paper, "medical": arrival.medical, "appeal": arrival.appeal}
    return Attachment.objects.create(claim=claim, document=_document(arrival, twin, kept, by=by), **said)


def _known(arrival: Arrival, twin: Attachment | None, *, sha256: str) -> Attachment | None:
    """Return the attachment of these bytes in this very place."""
    if arrival.replaces:
        return papers.replacement(of=arrival.replaces, sha256=sha256)
    if arrival.answers:
        return asking.answer(to=arrival.answers, sha256=sha256)
    if not twin:
        return None
    place = {"paper": arrival.paper, "bill": arrival.bill, "appeal": arrival.appeal}
    return arrival.claim.attachments.filter(document=twin.document, **place).order_by("pk").first()


def _document(arrival: Arrival, twin: Attachment | None, kept: documents.Kept | None, *, by: Actor) -> Document:
    if twin:
        return twin.document
    assert kept
    return documents.receive(kept=kept, insured=arrival.claim.insured, by=by)
