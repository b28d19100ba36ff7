"""What is inside a file is scanned too, kept out of its images, and told; a medical paper stays among physicians."""

import pytest

from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document
from escale.gateways import inspection, vault
from escale.rules.intake import Care
from tests import factories
from tests.documents_corpus import pictures, viruses
from tests.documents_corpus.active_pdfs import JS
from tests.documents_corpus.pdf_writer import pdf

pytestmark = pytest.mark.django_db


def scanned(content: bytes, **traits: object) -> Document:
    document = factories.attachment(factories.draft(), content=content, **traits).document
    documents.scan(document=document)
    document.refresh_from_db()
    return document


@pytest.mark.usefixtures("scanning")
def test_active_content_is_told_and_is_not_in_the_images():
    document = scanned(pdf(catalog=b"/OpenAction " + JS))
    assert (document.status, document.removed) == (Status.CLEAN, ["javascript", "open_action"])
    assert document.pages.count() == 1


@pytest.mark.usefixtures("scanning")
def test_where_a_photograph_was_taken_is_left_out_without_a_word():
    document = scanned(pictures.located("JPEG"), name="photo.jpg", declared_type="image/jpeg")
    assert (document.status, document.removed, document.pages.count()) == (Status.CLEAN, [], 1)


@pytest.mark.usefixtures("scanning")
def test_a_virus_is_found_where_the_scanner_would_not_look():
    document = scanned(viruses.hidden(b"/A <00>"))
    assert (document.status, document.pages.count()) == (Status.INFECTED, 0)


@pytest.mark.usefixtures("scanning")
def test_a_file_that_nobody_can_read_has_no_image():
    document = scanned(pdf(pages=b"/Kids 99 0 R"))
    assert (document.status, document.pages.count()) == (Status.CLEAN, 0)


@pytest.mark.usefixtures("scanning")
@pytest.mark.parametrize(("seconds", "pages"), [([0.01, 60], 1), ([0.01, 0.01], 0)], ids=["a while", "for ever"])
def test_what_a_busy_machine_cut_short_is_looked_into_once_more(monkeypatch, seconds: list[float], pages: int):
    def inspect(*file: object, **limits: object) -> inspection.Inspection:
        monkeypatch.setattr(inspection, "_WALL_SECONDS", seconds.pop(0))
        return look(*file, **limits)

    look = inspection.inspect
    monkeypatch.setattr(inspection, "inspect", inspect)
    document = scanned(factories.pdf())
    assert (document.status, document.pages.count(), seconds) == (Status.CLEAN, pages, [])


@pytest.mark.usefixtures("scanning")
def test_a_medical_paper_and_its_images_open_with_the_medical_keys_only(settings):
    document = scanned(factories.pdf(), medical=True)
    ordinary = scanned(factories.pdf())
    held, settings.VAULT_MEDICAL_KEYS = settings.VAULT_MEDICAL_KEYS, ""
    queries.vault.cache_clear()
    for key in (document.key, document.pages.get().key):
        with pytest.raises(vault.NoKey):
            queries.vault().digest(key)
    assert queries.content(ordinary.pages.get())
    settings.VAULT_MEDICAL_KEYS = held
    queries.vault.cache_clear()
    assert queries.content(document.pages.get())
    assert queries.vault().digest(document.key) == document.sha256


def test_a_paper_for_physicians_only_is_sealed_for_them_unasked():
    claim = factories.draft()
    factories.line(factories.bill(claim), care=Care.HOSPITAL)
    for paper, medical in (("discharge_report", True), ("translation", False)):
        attachment = factories.attachment(claim, paper=paper)
        assert attachment.medical is queries.vault().is_medical(attachment.document.key) is medical
