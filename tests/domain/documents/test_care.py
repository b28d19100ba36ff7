"""What is kept is looked after: each reading is written, a late virus is found, what is altered is lost or mended."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from escale.domain.claims import actions as claims
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Page
from escale.domain.journal.models import Entry
from escale.gateways import antivirus
from tests import coming, factories
from tests.domain.documents.test_files import flip_a_bit, lies, path_of
from tests.neighbours import Learn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]

VIRUS = b"a virus that nobody knew yet, 0f7c1d"
OLD = "ClamAV 1.4.3/27500/Thu Nov 20 09:26:00 2025"


def carrier() -> bytes:
    """A PDF like any other, which holds it."""
    return factories.pdf() + b"\n%" + VIRUS + b"\n%%EOF\n"


def clean(content: bytes | None = None, **traits: object) -> Document:
    document = factories.attachment(factories.draft(), content=content, **traits).document
    documents.scan(document=document)
    document.refresh_from_db()
    assert document.status == Status.CLEAN
    return document


def scanned_with_the_old_ones() -> None:
    Document.objects.update(signatures=OLD, scanned_at=timezone.now() - timedelta(minutes=61))


def path_of_page(page: Page) -> Path:
    return lies() / page.key[:2] / page.key


def events(document: Document) -> list[str]:
    entries = Entry.objects.filter(subject=f"documents.document:{document.pk}").order_by("pk")
    return [event.removeprefix("document.") for event in entries.values_list("event", flat=True)]


def test_each_reading_is_written_with_who_under_which_hat_and_which_page():
    agent, page = factories.agent(), clean().pages.get()
    assert documents.read(page=page, by=agent).startswith(b"\xff\xd8")
    entry = Entry.objects.latest("pk")
    assert (entry.event, entry.subject) == ("document.read", f"documents.document:{page.document_id}")
    assert (entry.actor, entry.hat, entry.facts) == (agent.account, "agent", {"page": 1})
    assert [*queries.readers(page.document)] == [agent.account]


@pytest.mark.parametrize("medical", [False, True])
def test_an_image_sealed_by_another_is_not_shown(medical: bool):
    document = clean(medical=medical)
    forged = queries.vault().put([b"\xff\xd8 not what was drawn"], medical=medical)
    document.pages.update(key=forged.key)
    with pytest.raises(documents.Doubtful):
        documents.read(page=document.pages.get(), by=factories.agent())
    assert events(document) == ["open", "clear", "doubt"]
    documents.verify(document=document)
    assert documents.read(page=document.pages.get(), by=factories.agent()).startswith(b"\xff\xd8")


def test_each_verdict_keeps_when_and_with_which_signatures():
    document = clean()
    assert document.signatures == queries.antivirus().version()
    assert timezone.now() - document.scanned_at < timedelta(seconds=30)


def test_new_signatures_have_young_files_scanned_again_the_oldest_scan_first(learn: Learn):
    late, harmless, old = clean(carrier()), clean(), clean(carrier())
    scanned_with_the_old_ones()
    Document.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=91))
    learn(VIRUS)
    assert documents.rescan_some()
    assert not documents.rescan_some()
    statuses = [Document.objects.get(pk=one.pk).status for one in (late, harmless, old)]
    assert statuses == [Status.INFECTED, Status.CLEAN, Status.CLEAN]
    assert "Late-Test-Signature" in Document.objects.get(pk=late.pk).finding
    assert Document.objects.get(pk=harmless.pk).scanned_at > harmless.scanned_at
    assert events(late) == ["open", "clear", "infect"]


def test_scanners_of_two_versions_do_not_pass_a_file_round_without_end():
    document = clean()
    Document.objects.update(signatures=OLD)  # by the other of the two, just now
    assert not documents.rescan_some()
    document.refresh_from_db()
    assert document.signatures == OLD


def test_a_scanner_that_does_not_answer_leaves_every_verdict(settings):
    document = clean()
    scanned_with_the_old_ones()
    settings.CLAMD = "127.0.0.1:1"
    queries.antivirus.cache_clear()
    with pytest.raises(antivirus.Unavailable):
        documents.rescan_some()
    with pytest.raises(antivirus.Unavailable):
        documents.rescan(document=document)
    document.refresh_from_db()
    assert (document.status, document.signatures) == (Status.CLEAN, OLD)


def test_a_file_altered_since_is_found_lost_when_it_is_scanned_again():
    document = clean()
    flip_a_bit(document)
    documents.rescan(document=document)
    document.refresh_from_db()
    assert document.status == Status.LOST


def test_a_file_that_is_intact_is_verified_and_nothing_else_changes():
    document = clean()
    Document.objects.update(verified_at=timezone.now() - timedelta(days=31))
    before = [*document.pages.values_list("key", flat=True)]
    documents.verify(document=document)
    document.refresh_from_db()
    assert timezone.now() - document.verified_at < timedelta(seconds=30)
    assert (document.status, [*document.pages.values_list("key", flat=True)]) == (Status.CLEAN, before)
    assert events(document) == ["open", "clear"]


@pytest.mark.parametrize("harm", [flip_a_bit, lambda document: path_of(document).unlink()], ids=["altered", "missing"])
def test_a_file_altered_or_missing_is_lost(harm):
    document = clean()
    harm(document)
    documents.verify(document=document)
    document.refresh_from_db()
    assert document.status == Status.LOST
    documents.verify(document=document)
    assert events(document) == ["open", "clear", "lose"]


def test_another_file_in_its_place_is_not_it():
    document, other = clean(), clean()
    path_of(document).write_bytes(path_of(other).read_bytes())
    documents.verify(document=document)
    document.refresh_from_db()
    assert document.status == Status.LOST


def unlocked() -> Document:
    arrival = coming.locked(factories.draft(), password="sésame")
    claims.unlock(arrival=arrival, password="sésame", by=factories.owner(arrival.claim))
    return Document.objects.get()


@pytest.mark.parametrize("look", [documents.scan, documents.verify, documents.rescan])
def test_another_copy_in_the_place_of_the_one_without_a_password_is_not_it(look):
    document = unlocked()
    if look != documents.scan:
        documents.scan(document=document)
        assert (document.status, document.pages.count()) == (Status.CLEAN, 1)
    document.unlocked_key = queries.vault().put([factories.pdf()]).key  # anybody can seal
    document.save()
    look(document=document)
    document.refresh_from_db()
    assert (document.status, events(document)[-1]) == (Status.LOST, "lose")


def test_an_image_that_is_gone_is_drawn_again_from_the_original():
    document = clean()
    path_of_page(document.pages.get()).unlink()
    documents.verify(document=document)
    document.refresh_from_db()
    assert document.status == Status.CLEAN
    assert documents.read(page=document.pages.get(), by=factories.agent())


def test_a_store_that_is_away_loses_nothing(settings):
    document = clean()
    lies().rename(lies().with_name("away"))
    with pytest.raises(OSError):
        documents.verify(document=document)
    document.refresh_from_db()
    assert document.status == Status.CLEAN


@pytest.mark.parametrize("look", [documents.verify, documents.rescan], ids=["verified", "scanned again"])
def test_a_store_without_a_single_file_of_ours_loses_nothing(look):
    document, other = clean(), clean()
    for one in (document, other):
        path_of(one).unlink()
    with pytest.raises(OSError, match="another store"):
        look(document=document)
    document.refresh_from_db()
    assert document.status == Status.CLEAN


def test_a_file_that_cannot_be_read_does_not_hold_up_the_others():
    bad, good, _today = clean(), clean(), clean()
    for document, days in ((bad, 25), (good, 20)):
        Document.objects.filter(pk=document.pk).update(verified_at=timezone.now() - timedelta(days=days))
    path_of(bad).unlink()
    path_of(bad).mkdir()  # reading it fails, as from a bad disk
    assert documents.verify_some(most=1) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert good.verified_at > timezone.now() - timedelta(seconds=30)
    assert bad.status == Status.CLEAN
    with pytest.raises(IsADirectoryError):  # it alone is left
        documents.verify_some(most=1)


def test_what_was_read_the_longest_ago_is_read_first_and_all_within_the_period():
    first, second, today = clean(), clean(), clean()
    for document, days in ((first, 20), (second, 25)):
        Document.objects.filter(pk=document.pk).update(verified_at=timezone.now() - timedelta(days=days))
    assert documents.verify_some(most=1) == 1
    second.refresh_from_db()
    assert timezone.now() - second.verified_at < timedelta(seconds=30)
    assert documents.verify_some(most=10) == 1  # what was read today is not read again
    assert documents.verify_some(most=10) == 0
    today.refresh_from_db()
    assert documents.share() == documents.BATCH


def test_an_outage_that_lasts_is_told_again_each_day():
    began = documents.watch(late=True, waiting=True)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        again = documents.watch(late=True, waiting=True)
        assert began.pk != again.pk
        assert documents.watch(late=True, waiting=True) == again


def test_an_outage_begins_once_and_ends_when_nothing_waits():
    assert documents.watch(late=False, waiting=True) is None
    began = documents.watch(late=True, waiting=True)
    assert began
    assert documents.watch(late=True, waiting=True) == began
    assert documents.watch(late=False, waiting=True) == began
    assert documents.watch(late=False, waiting=False) is None
    assert documents.watch(late=False, waiting=False) is None
    again = documents.watch(late=True, waiting=True)
    assert again not in {None, began}
    outages = Entry.objects.filter(event__startswith="scan.").order_by("pk").values_list("event", flat=True)
    assert [*outages] == ["scan.stall", "scan.resume", "scan.stall"]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (queries.scanned_longest_ago, "document_to_rescan"),
        (queries.read_longest_ago, "document_to_verify"),
        (queries.resisting, "document_to_verify"),
    ],
)
def test_the_clock_asks_by_an_index(asked, index: str):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    assert index in asked()[: documents.BATCH].explain()
