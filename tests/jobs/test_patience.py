"""A neighbour that is away delays what follows, and loses nothing of it.

The clock is not frozen here: when to try again is for the database's own clock to say.
"""

from pathlib import Path

import pytest
from django.db import OperationalError

from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.domain.notices.lifecycle import Status as NoticeStatus
from escale.domain.notices.models import Notice
from escale.domain.payments.lifecycle import BatchStatus
from tests import factories
from tests.conftest import Work
from tests.neighbours import Mailbox


def test_without_a_scanner_nothing_is_clean_and_all_goes_on_when_it_is_back(work: Work, request: pytest.FixtureRequest):
    claim = factories.sent()
    work()
    work(later=True)
    claim.refresh_from_db()
    assert claim.status == Status.SENT
    assert set(Document.objects.values_list("status", flat=True)) == {DocumentStatus.QUARANTINED}

    request.getfixturevalue("scanning")
    work()
    assert Claim.objects.get().status == Status.SENT  # it is not yet time to ask again
    work(later=True)
    assert Claim.objects.get().status == Status.IN_PROGRESS
    assert set(Document.objects.values_list("status", flat=True)) == {DocumentStatus.CLEAN}


@pytest.mark.usefixtures("scanning")
def test_without_the_store_no_file_is_lost_and_all_goes_on_when_it_is_back(work: Work, settings):
    claim, there = factories.sent(), settings.VAULT
    settings.VAULT = "s3+http://key:secret@127.0.0.1:1/vault?region=here"
    queries.vault.cache_clear()
    work()
    assert set(Document.objects.values_list("status", flat=True)) == {DocumentStatus.QUARANTINED}
    settings.VAULT = there
    queries.vault.cache_clear()
    work(later=True)
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS


def test_a_letter_waits_for_the_mail_server_and_leaves_once(work: Work, settings, mailbox: tuple[Mailbox, str]):
    box, url = mailbox
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    factories.sent()
    work()
    work(later=True)
    notice = Notice.objects.get()
    assert (notice.status, notice.sent_at, box.received) == (NoticeStatus.QUEUED, None, [])
    settings.EMAIL_URL = url
    work(later=True)
    work(later=True)
    notice.refresh_from_db()
    assert notice.status == NoticeStatus.SENT
    assert len(box.received) == 1
    assert f"Message-ID: <notice-{notice.pk}@".encode() in box.received[0]


def test_a_letter_that_its_server_refuses_for_ever_is_given_up(work: Work, settings, mailbox: tuple[Mailbox, str]):
    box, settings.EMAIL_URL = mailbox
    claim = factories.sent()
    box.answers[claim.insured.account.email] = "550 no such person"
    work()
    assert Notice.objects.get().status == NoticeStatus.REFUSED
    assert box.received == []


@pytest.mark.usefixtures("scanning")
def test_a_batch_waits_for_the_bank_and_leaves_with_the_same_bytes(work: Work, home: Path):
    (home / "bank").write_text("in the way of the folder")
    batch = factories.batch()
    content = factories.file_of(batch)
    work()
    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREPARED
    (home / "bank").unlink()
    work(later=True)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.SENT
    assert [path.read_bytes() for path in (home / "bank").glob("*.xml")] == [content]


def test_a_fault_of_the_database_in_the_middle_of_a_scan_only_delays(
    work: Work, scanning: None, monkeypatch: pytest.MonkeyPatch
):
    claim = factories.sent()
    with monkeypatch.context() as outage:
        outage.setattr("escale.domain.documents.actions.scan", _cut_off)
        work()
    claim.refresh_from_db()
    assert claim.status == Status.SENT
    work(later=True)
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS


def _cut_off(**_: object) -> None:
    raise OperationalError("the connection was cut")
