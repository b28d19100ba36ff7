"""What follows from a claim received and from a control: look for doubles, write to whoever is asked for originals."""

from escale.domain.claims.models import Claim
from escale.domain.controls import actions as controls
from escale.domain.controls.models import Control
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.jobs.tasks import following, reaction, recipient


@reaction()
def look_at_claim(pk: int) -> None:
    controls.look(claim=Claim.objects.with_people().get(pk=pk))


@reaction()
def look_at_document(pk: int) -> None:
    """Look into a file that is clean, then at the claims received that hold it: a paper may come after its claim."""
    for document in Document.objects.filter(pk=pk):
        if controls.examine(document=document):
            for claim in Claim.objects.with_people().filter(attachments__document=document).distinct().order_by("pk"):
                controls.look(claim=claim)


@reaction()
def tell_originals_asked(pk: int) -> None:
    control = _control(pk)
    _tell(control, "originals_asked", about=control)


@following()
def tell_more_time(entry: Entry) -> None:
    """Write once for each time that is given."""
    control = _control(int(entry.subject.rpartition(":")[2]))
    _tell(control, "originals_later", about=entry)


@reaction()
def tell_control_over(pk: int) -> None:
    """Write to whoever was asked for originals; who never was learns nothing."""
    control = _control(pk)
    if control.asked_at:
        _tell(control, "control_over", about=control)


def _control(pk: int) -> Control:
    return Control.objects.select_related("claim__insured__account").get(pk=pk)


def _tell(control: Control, kind: str, *, about: Control | Entry) -> None:
    claim = control.claim
    notices.write(kind=kind, to=recipient(claim), about=about, claim=claim, answer_by=control.answer_by)
