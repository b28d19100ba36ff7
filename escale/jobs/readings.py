"""Papers are read by machine once they are clean: nothing waits for it, and it is tried a few times only."""

from django.db import close_old_connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim, Decision
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.jobs.tasks import AGAIN_AFTER, following, fresh_connections

AFTER_ALL_ELSE = -20
"""The priority of what an agent would do without."""
TRIES = 4


@app.task(
    name="read_paper",
    queue="read",
    priority=AFTER_ALL_ELSE,
    pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES, wait=AGAIN_AFTER, exponential_wait=AGAIN_AFTER),
)
def read_paper(context: JobContext, entry: int) -> None:
    """Read the paper of this entry; once it has failed so many times, note that no machine can read it."""
    with fresh_connections():
        written = Entry.objects.get(pk=entry)
        for document in Document.objects.filter(pk=int(written.subject.rpartition(":")[2])):
            try:
                documents.keep_findings(document=document, country=_country(document))
            except Exception:
                if context.job is None or context.job.attempts < TRIES - 1:
                    raise
                close_old_connections()
                documents.give_up_reading(document=document)
                raise


def _country(document: Document) -> str:
    """Return where the care of a paper was given: it settles what « $ » and 03/04 are."""
    return Claim.objects.filter(attachments__document=document).values_list("territory", flat=True).first() or ""


@following()
def note_what_was_kept(entry: Entry) -> None:
    claims.note_kept(decision=Decision.objects.get(pk=entry.facts["decision"]))
