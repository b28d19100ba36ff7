"""What the clock has done to files and claims: look for what waits too long, and for what has had its time."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from escale.domain.accounts import staff
from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.documents import actions as documents
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.mandates import queries as mandates
from escale.domain.notices import actions as notices
from escale.jobs import after, tasks
from escale.jobs.reactions import REACTIONS
from escale.rules import retention

_SCANS = {tasks.scan_claim, tasks.scan_replacement, after.scan_file_of_appeal}
_ASKED_BY = [event for event, follow in REACTIONS.items() if _SCANS.intersection(follow)]


def alert_of_stalled_scans() -> None:
    """Write to every supervisor, once a day while it lasts, that files have waited too long for the scanner."""
    late = upkeep.late(minutes=settings.SCAN_MINUTES)
    outage = documents.watch(late=late.files > 0, waiting=upkeep.to_scan().exists())
    if outage and late.files:
        for supervisor in staff.supervisors():
            notices.write(kind="scans_stalled", to=supervisor, about=outage, late=late, minutes=settings.SCAN_MINUTES)


def queue_scans_again() -> None:
    """Queue again the scan of each claim that waits for one without a task, as if what asked for it just happened."""
    waiting = {name_of(claim) for claim in upkeep.to_settle().only("pk")}
    names = [task.name for task in _SCANS]
    pending = ProcrastinateJob.objects.filter(task_name__in=names, status__in=["todo", "doing"])
    queued = Entry.objects.filter(pk__in=[job.args["entry"] for job in pending]).values_list("subject", flat=True)
    for subject in sorted(waiting.difference(queued)):
        asked = journal.of(subject).filter(event__in=_ASKED_BY).last()
        if asked:
            for task in _SCANS.intersection(REACTIONS[asked.event]):
                task.defer(entry=asked.pk)


def end_drafts() -> None:
    """Tell whose drafts will be deleted, and delete those whose owner was told in time and did not touch them."""
    today = timezone.localdate()
    for draft in upkeep.old_drafts():
        change = upkeep.last_change(draft)
        changed_on = timezone.localdate(change.at)
        if today < retention.draft_told_from(changed_on):
            continue
        until = max(retention.draft_until(changed_on), today + retention.notice(on=changed_on))
        told = notices.write(
            kind="draft_ends", to=tasks.recipient(draft), about=change, claim=draft, changed_on=changed_on, until=until
        )
        if told is None:
            continue  # whoever could not be told loses nothing
        told_on = timezone.localdate(told.written_at)
        if today >= max(retention.draft_until(changed_on), told_on + retention.notice(on=changed_on)):
            claims.forget_draft(claim=draft, unchanged_since=change)


def end_papers() -> None:
    """Destroy the papers of the claims whose time has come."""
    for claim in upkeep.perhaps_due():
        claims.destroy_papers(claim=claim)


def warn_of_mandates_that_end() -> None:
    """Write to both people of each mandate that will soon serve no more, in time to renew it."""
    for mandate in mandates.ending(on=timezone.localdate()):
        for reader in (mandate.principal.account, mandate.delegate):
            if reader:
                notices.write(kind="mandate_ends", to=reader, about=mandate, helps=reader == mandate.delegate)
