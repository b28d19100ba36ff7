"""What a machine reads on a paper is kept, sealed and measured; a medical paper is never read."""

from datetime import timedelta
from decimal import Decimal

import pytest
import typst
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.models import Document, Field, Transcript
from escale.domain.journal.models import Entry
from escale.gateways import ocr, vault
from tests import factories

pytestmark = pytest.mark.django_db

BILL = (
    b"#set page(width: 120mm, height: 90mm)\n= Clinique Exemple\n\nFacture n F38232\n\n"
    b"Date des soins : 24 octobre 2025\n\n"
    b"Consultation 20,00\n\nPansement 25,50\n\nTotal EUR 45,50"
)


def clean(**traits: object) -> Document:
    drawing = typst.compile(BILL, format="pdf")
    assert isinstance(drawing, bytes)
    document = factories.attachment(factories.draft(), content=drawing, **traits).document
    documents.scan(document=document)
    document.refresh_from_db()
    return document


@pytest.fixture
def document(scanning) -> Document:
    paper = clean()
    documents.keep_findings(document=paper)
    return paper


def test_what_a_paper_tells_is_proposed_field_by_field(document: Document):
    proposed = {one.field: one.value for one in queries.findings(document)}
    assert proposed[Field.TOTAL] == "45.50"
    assert proposed[Field.CURRENCY] == "EUR"
    assert proposed[Field.GIVEN_ON] == "2025-10-24"
    assert proposed[Field.PROVIDER] == "Clinique Exemple"
    left, top, right, bottom = document.findings.get(field=Field.TOTAL).box
    assert 0 <= left < right <= 1
    assert 0.3 < top < bottom <= 1


def test_the_words_are_sealed_told_to_the_journal_and_destroyed_with_the_paper(document: Document):
    page = document.pages.select_related("document").get()
    lines = documents.read_words(page=page, by=factories.agent())
    assert any("45,50" in line["text"] for line in lines)
    assert Entry.objects.filter(event="document.read", subject__endswith=f":{document.pk}").count() == 1
    key = document.transcript.key
    assert queries.known([key]) == {key}


def test_reading_twice_keeps_one_reading(document: Document):
    documents.keep_findings(document=document)
    assert Transcript.objects.count() == 1


def test_the_words_go_with_the_paper(document: Document, django_capture_on_commit_callbacks):
    key = document.transcript.key
    document.attachments.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        documents.discard(document=document, by=SYSTEM)
    with pytest.raises(vault.Missing):
        queries.vault().open(key)


@pytest.mark.usefixtures("scanning")
def test_a_medical_paper_is_never_read(monkeypatch):
    monkeypatch.setattr(ocr, "read", None)
    paper = clean(medical=True)
    documents.keep_findings(document=paper)
    assert not Transcript.objects.exists()


@pytest.mark.usefixtures("scanning")
def test_a_paper_that_no_machine_can_read_is_noted_once():
    paper = clean()
    for _twice in range(2):
        documents.give_up_reading(document=paper)
    assert queries.unread(since=paper.received_at) == 1
    assert queries.unread(since=timezone.now()) == 0
    assert paper.transcript.key == ""
    assert queries.words(paper.pages.get()) == []


def test_the_worth_of_the_machine_is_what_agents_kept_of_it(document: Document):
    documents.note_kept(document=document, field=Field.TOTAL, value=Decimal("45.5"))
    documents.note_kept(document=document, field=Field.CURRENCY, value="CHF")
    documents.note_kept(document=document, field=Field.PAID_ON, value="2025-10-25")
    counted = {one.field: one for one in queries.worth(timezone.now() - timedelta(days=1))}
    assert (counted["total"].kept, counted["total"].proposed) == (1, 1)
    assert (counted["currency"].kept, counted["currency"].corrected) == (0, 1)
    assert (counted["paid_on"].proposed, counted["paid_on"].not_proposed) == (0, 1)
