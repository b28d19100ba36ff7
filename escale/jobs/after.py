"""What follows a decision: the letters about appeals and debts, what silence decides, and what has had its time."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from escale.domain.accounts import staff
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries as of_appeals
from escale.domain.appeals.models import Appeal
from escale.domain.claims.models import Attachment, Claim
from escale.domain.debts import actions as debts
from escale.domain.debts import queries as of_debts
from escale.domain.debts.models import Debt
from escale.domain.documents import queries as documents
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.jobs.tasks import following, reaction, recipient, scan


@reaction()
def tell_appeal_filed(pk: int) -> None:
    appeal = Appeal.objects.select_related("decision__claim__insured__account").get(pk=pk)
    received_on = timezone.localdate(appeal.filed_at)
    until = of_appeals.silence(of_appeals.Route(appeal.route), received_on=received_on).on
    notices.write(
        kind="appeal_filed",
        to=recipient(appeal.decision.claim),
        about=appeal,
        reference=appeal.reference,
        filed=date_format(received_on, "j F Y"),
        until=date_format(until, "j F Y"),
        restarts=of_appeals.restarts(appeal),
    )


@reaction(queue="scan")
def scan_file_of_appeal(pk: int) -> None:
    """Scan what was joined to appeals: their delay runs from what is clean, and the sender is told of what is not."""
    scan(pk)
    for appeal in of_appeals.open_on(Claim.objects.get(pk=pk)).select_related("decision__claim__insured__account"):
        appeals.run_anew(appeal=appeal)
        for file in of_appeals.failed(appeal):
            to = recipient(appeal.decision.claim)
            notices.write(kind="appeal_file_failed", to=to, about=file, reference=appeal.reference)


@reaction()
def follow_file_of_appeals(pk: int) -> None:
    """Have open appeals follow a file that was clean and comes to nothing: their delay, their owner, the desk."""
    document = Document.objects.filter(pk=pk).first()
    if document is None or not documents.was_clean(document):
        return  # whoever scans what was never clean says so
    for file in of_appeals.joined_by(document):
        for appeal in of_appeals.open_on(file.claim).filter(reference=file.appeal):
            appeals.set_back(appeal=appeal)
            _tell_of_file_lost(appeal, file)


def _tell_of_file_lost(appeal: Appeal, file: Attachment) -> None:
    """Write to who appeals, then to who prepares the appeal, or to the supervisors as long as nobody does."""
    until = date_format(appeal.due_on, "j F Y") if of_appeals.restarts(appeal) else ""
    said = {"reference": appeal.reference, "until": until}
    notices.write(kind="appeal_file_failed", to=recipient(appeal.decision.claim), about=file, **said)
    preparing = of_appeals.preparing(appeal)
    for reader in [preparing] if preparing else staff.supervisors():
        notices.write(kind="appeal_file_lost", to=reader, about=file, **said)


@following()
def tell_appeal_due(entry: Entry) -> None:
    """Write until when the commission answers, each time that its delay runs anew."""
    for appeal in Appeal.objects.select_related("decision__claim__insured__account").filter(pk=_key(entry)):
        until = date_format(date.fromisoformat(entry.facts["due_on"]), "j F Y")
        to = recipient(appeal.decision.claim)
        notices.write(kind="appeal_due", to=to, about=entry, reference=appeal.reference, until=until)


@following()
def tell_appeal_answered(entry: Entry) -> None:
    """Write of each answer, that of silence too."""
    for appeal in Appeal.objects.select_related("decision__claim__insured__account").filter(pk=_key(entry)):
        notices.write(
            kind="appeal_answered",
            to=recipient(appeal.decision.claim),
            about=entry,
            reference=appeal.reference,
            silent=entry.event == "appeal.lapse",
        )


@following()
def tell_debt(entry: Entry) -> None:
    """Write that a letter waits, each time that one does; what it says is read in the account only."""
    for debt in Debt.objects.select_related("decision__claim__insured__account").filter(pk=_key(entry)):
        on = date_format(timezone.localtime(entry.at), "j F Y")
        to = recipient(debt.decision.claim)
        notices.write(kind="debt_told", to=to, about=entry, reference=debt.reference, on=on)


def _key(entry: Entry) -> int:
    return int(entry.subject.rpartition(":")[2])


def let_silence_speak() -> None:
    """Let silence reject the appeals and the rectifications whose delay is over."""
    today = timezone.localdate()
    for appeal in of_appeals.unanswered(today=today):
        appeals.lapse(appeal=appeal)
    for debt in of_debts.unanswered(today=today):
        debts.lapse(debt=debt)


def forget_what_is_over() -> None:
    """Delete the appeals and the debts that have had their time."""
    today = timezone.localdate()
    for appeal in of_appeals.had_their_time(today=today):
        appeals.forget(appeal=appeal)
    for debt in of_debts.had_their_time(today=today):
        debts.forget(debt=debt)
