"""What follows from a claim received and from a control: look for doubles, write to whoever is asked for originals."""

from django.utils import timezone

from escale.domain.accounts import staff
from escale.domain.claims.models import Claim
from escale.domain.controls import actions as controls
from escale.domain.controls import queries
from escale.domain.controls.models import Control, Draw
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.jobs.tasks import following, reaction, recipient
from escale.rules import retention

_A_FEW = 5_000
_A_NIGHT = 20_000


@reaction()
def look_at_claim(pk: int) -> None:
    controls.look(claim=Claim.objects.with_people().get(pk=pk))


@reaction()
def look_again_at_claim(pk: int) -> None:
    """Compare a claim that is being treated with what came since it did: its agent is warned before they decide."""
    controls.look_again(claim=Claim.objects.with_people().get(pk=pk))


@reaction()
def look_at_document(pk: int) -> None:
    """
    Look into a file that is clean, then at the claims received that hold it: a paper may come after its claim.

    Whether the file was looked into before or not: whoever did may have died before the claims.
    """
    for document in Document.objects.filter(pk=pk):
        controls.examine(document=document)
        for claim in Claim.objects.with_people().filter(attachments__document=document).distinct().order_by("pk"):
            controls.look(claim=claim)


@reaction()
def open_drawn(pk: int) -> None:
    """Open the controls of what the lot drew, a few at a time: the page of the draw tells how far it is."""
    draw = Draw.objects.get(pk=pk)
    while controls.open_drawn(draw=draw):
        pass


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


def watch_delays() -> None:
    """Note of which controls the delay is over, and tell the supervisors by one message."""
    noted = [control for control in queries.late().filter(overdue_at=None) if controls.expire(control=control)]
    if not noted:
        return
    about = journal.of(name_of(noted[-1])).filter(event="control.expire").last()
    assert about
    for supervisor in staff.supervisors():
        notices.write(kind="originals_late", to=supervisor, about=about, late=len(noted))


def forget_what_is_over() -> None:
    """Delete the controls, then their draws, the signs and the traces that have had their time."""
    today = timezone.localdate()
    for control in queries.controls_over(today=today):
        controls.forget(control=control)
    for draw in queries.draws_over(today=today):
        controls.forget_draw(draw=draw)
    for signal in queries.signals_over(today=today)[:_A_NIGHT]:
        controls.forget_signal(signal=signal)
    before = retention.ended_before(retention.Kept.TRACE, today=today)
    while controls.forget_traces(before=before, most=_A_FEW):
        pass


def _control(pk: int) -> Control:
    return Control.objects.select_related("claim__insured__account").get(pk=pk)


def _tell(control: Control, kind: str, *, about: Control | Entry) -> None:
    claim = control.claim
    notices.write(kind=kind, to=recipient(claim), about=about, claim=claim, answer_by=control.answer_by)
