"""What the agents keep of what a machine read on the bills: its worth is measured by that, bill by bill."""

from decimal import Decimal

from django.db import transaction

from escale.domain.claims.models import Attachment, Bill, Decision
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document, Field

BILL = "bill"


@transaction.atomic
def note_kept(*, decision: Decision) -> None:
    """Write beside what was read on each bill what the decision stands on; done again, it changes nothing."""
    papers = Attachment.objects.current().filter(bill__lines__decision=decision, paper=BILL, medical=False).distinct()
    alone: dict[int, Document | None] = {}
    for paper in papers.select_related("document", "bill"):
        bill = paper.bill
        assert bill
        alone[bill.pk] = None if bill.pk in alone else paper.document  # of a bill in many files nobody knows which
    for bill in Bill.objects.filter(pk__in=alone).prefetch_related("lines"):
        if document := alone[bill.pk]:
            _note(document, bill)


def _note(document: Document, bill: Bill) -> None:
    lines = list(bill.lines.all())
    documents.note_kept(document=document, field=Field.TOTAL, value=sum((one.amount for one in lines), Decimal(0)))
    documents.note_kept(document=document, field=Field.CURRENCY, value=bill.currency)
    documents.note_kept(document=document, field=Field.PROVIDER, value=bill.provider)
    if len(days := {line.given_on for line in lines}) == 1:
        documents.note_kept(document=document, field=Field.GIVEN_ON, value=days.pop())
    if bill.paid_on:
        documents.note_kept(document=document, field=Field.PAID_ON, value=bill.paid_on)
