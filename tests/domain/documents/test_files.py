"""A file received is kept byte for byte, scanned before it is shown, and leaves when it has to."""

import hashlib
import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.payments import queries as payments
from escale.gateways import antivirus, file_kinds
from tests import factories

pytestmark = pytest.mark.django_db


def lies() -> Path:
    """Where the vault is."""
    return Path(settings.VAULT.removeprefix("folder:"))


def path_of(document: Document) -> Path:
    return lies() / document.key[:2] / document.key


def flip_a_bit(document: Document) -> None:
    path = path_of(document)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def stored() -> set[str]:
    return {path.name for path in lies().glob("??/*")}


@pytest.fixture
def document() -> Document:
    return factories.attachment(factories.draft()).document


def test_the_bytes_are_kept_as_they_came():
    content = factories.pdf()
    document = factories.attachment(factories.draft(), content=content).document
    assert b"".join(queries.vault().chunks(document.key)) == content
    assert content[:100] not in path_of(document).read_bytes()
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert (document.size, document.media_type, document.status) == (
        len(content),
        "application/pdf",
        Status.QUARANTINED,
    )


@pytest.mark.parametrize(
    ("content", "name", "declared"),
    [
        (b"", "facture.pdf", "application/pdf"),
        (b"MZ\x90\x00 un programme", "facture.pdf", "application/pdf"),
        (factories.pdf(), "facture.jpg", "image/jpeg"),
        (factories.jpeg(), "facture.pdf", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "facture.svg", "image/svg+xml"),
        (factories.pdf() + b"0" * settings.FILE_LIMITS.size, "facture.pdf", "application/pdf"),
    ],
    ids=["empty", "program", "pdf-as-jpeg", "jpeg-as-pdf", "svg", "too-big"],
)
def test_what_is_not_a_paper_leaves_nothing_behind(content: bytes, name: str, declared: str):
    draft = factories.draft()
    with pytest.raises(file_kinds.Refused) as refusal:
        factories.attachment(draft, content=content, name=name, declared_type=declared)
    assert str(refusal.value).endswith(".")
    assert not Document.objects.exists()
    assert stored() == set()


def test_a_name_of_300_signs_with_control_characters_is_cleaned_and_cut():
    name = "../../" + "é" * 150 + "\x00\r\n\u202e" + "x" * 150 + ".pdf"
    document = factories.attachment(factories.draft(), name=name).document
    assert len(document.name) <= 120
    assert document.name.isprintable()
    assert document.name.endswith(".pdf")
    assert "/" not in document.name


@pytest.mark.usefixtures("scanning")
def test_a_clean_file_is_drawn_once_and_its_images_are_all_that_is_shown(document: Document):
    for _ in range(2):
        documents.scan(document=document)
    assert document.status == Status.CLEAN
    assert document.signatures.startswith("ClamAV")
    page = document.pages.get()
    assert queries.content(page).startswith((b"\x89PNG", b"\xff\xd8", b"RIFF"))


@pytest.mark.usefixtures("scanning")
def test_the_test_virus_is_found():
    document = factories.infected().attachments.latest("pk").document
    documents.scan(document=document)
    assert document.status == Status.INFECTED
    assert not Page.objects.exists()


def test_without_a_scanner_the_file_stays_in_quarantine(document: Document):
    with pytest.raises(antivirus.Unavailable):
        documents.scan(document=document)
    document.refresh_from_db()
    assert (document.status, document.finding, document.signatures) == (Status.QUARANTINED, "", "")


@pytest.mark.parametrize("harm", [flip_a_bit, lambda document: path_of(document).unlink()], ids=["changed", "gone"])
def test_a_file_that_is_no_longer_what_was_received_is_lost_even_without_a_scanner(document: Document, harm):
    harm(document)
    documents.scan(document=document)
    assert document.status == Status.LOST


@pytest.mark.usefixtures("scanning")
def test_scanning_twice_writes_one_verdict(document: Document):
    again = Document.objects.get()
    documents.scan(document=document)
    documents.scan(document=again)
    documents.scan(document=document)
    assert [entry.event for entry in journal.of(name_of(document))] == ["document.open", "document.clear"]


@pytest.mark.usefixtures("scanning")
def test_a_destroyed_file_leaves_no_byte_once_it_is_committed(document: Document, django_capture_on_commit_callbacks):
    documents.scan(document=document)
    assert len(stored()) == 2
    document.attachments.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        documents.discard(document=document, by=SYSTEM)
        assert len(stored()) == 2
    assert stored() == set()


def test_a_destruction_that_fails_destroys_nothing(document: Document, django_capture_on_commit_callbacks):
    document.attachments.all().delete()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        documents.discard(document=document, by=SYSTEM)
        transaction.set_rollback(True)
    assert stored() == {document.key}


def test_the_sweep_removes_old_orphans_only(document: Document):
    content = factories.pdf()
    old, young = [queries.vault().put([content]).key for _ in range(2)]
    for key in (old, document.key):
        long_ago = time.time() - timedelta(days=2).total_seconds()
        os.utime(lies() / key[:2] / key, (long_ago, long_ago))
    assert documents.sweep(others=payments.known) == 1
    assert stored() == {document.key, young}


def test_the_sweep_leaves_what_the_rooms_above_hold(scanning):
    batch = factories.batch()
    long_ago = time.time() - timedelta(days=2).total_seconds()
    os.utime(lies() / batch.key[:2] / batch.key, (long_ago, long_ago))
    assert documents.sweep(others=payments.known) == 0
    assert documents.sweep(others=lambda keys: []) == 1


def test_the_same_bytes_sent_to_two_claims_are_two_files(document: Document):
    with queries.vault().open(document.key) as content:
        twin = factories.attachment(factories.draft(), content=content.read()).document
    assert twin.sha256 == document.sha256
    assert twin.key != document.key


def test_papers_are_seen_through_a_case_never_by_themselves(document: Document):
    claim = document.attachments.get().claim
    assert list(Document.objects.visible_to(factories.owner(claim))) == [document]
    assert list(Document.objects.visible_to(SYSTEM)) == [document]
    for other in (factories.actor(role) for role in Role if role != Role.SYSTEM):
        assert not Document.objects.visible_to(other).exists()


def test_a_stream_is_read_from_its_start(document: Document):
    content = io.BytesIO(factories.pdf())
    content.seek(3)
    kept = documents.keep(content=content, name="a.pdf", declared_type="application/pdf", medical=False)
    assert kept.stored.size == len(content.getvalue())
