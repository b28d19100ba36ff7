"""Whether a claim is whole: what a draft misses before it can be sent, and the files that leave a sent one unusable."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escale.domain.claims import queries
from escale.domain.claims.models import Attachment, Bill, Claim
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Upload
from escale.rules import intake
from escale.rules.intake import Paper

_UNUSABLE = {
    DocumentStatus.INFECTED: gettext_lazy("Retirez la pièce « %s » : elle contient un virus."),
    DocumentStatus.LOST: gettext_lazy("Retirez la pièce « %s », puis joignez-la de nouveau : elle a été perdue."),
}


def missing(
    claim: Claim,
    *,
    needed: tuple[Paper, ...] | None = None,
    typed: Iterable[Bill] | None = None,
    files: Iterable[Attachment] | None = None,
) -> list[str]:
    """
    Return what a draft misses before it can be sent, sentence by sentence, in French.

    The papers needed, the bills typed and the files joined are asked of the database unless they are given.
    """
    typed = list(queries.bills(claim) if typed is None else typed)
    needed = queries.papers(claim) if needed is None else needed
    files = queries.joined(claim) if files is None else files
    sentences = [
        _("Ajoutez au moins une ligne de soins à la facture « %s ».") % bill.provider
        for bill in typed
        if not bill.lines.all()
    ]
    if not typed:
        sentences.append(_("Ajoutez au moins une facture acquittée."))
    absent = intake.missing(papers=needed, provided={file.paper for file in files})
    sentences += [_("Joignez la pièce : %s.") % paper.label for paper in absent]
    found = [(_UNUSABLE.get(DocumentStatus(file.document.status)), file.document.name) for file in files]
    sentences += [sentence % name for sentence, name in found if sentence]
    coming = Upload.objects.on_their_way().filter(arrival__claim=claim).order_by("pk")
    wait = _("Terminez l’envoi du fichier « %s », ou oubliez-le : il n’est pas encore joint.")
    return sentences + [wait % name for name in coming.values_list("name", flat=True)]


def faulty(claim: Claim) -> list[Attachment]:
    """Return the files that make a claim unusable, in the order in which they were sent."""
    return [paper for paper in queries.joined(claim) if paper.document.status in _UNUSABLE]
