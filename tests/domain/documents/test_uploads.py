"""A file that arrives in parts: what is received is always the beginning of it, and what is made of it is the file."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from escale.domain.accounts.actor import SYSTEM
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Attachment
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.actions import uploads
from escale.domain.documents.lifecycle import UploadStatus
from escale.domain.documents.models import Document, Part, Upload
from escale.domain.journal.models import Entry
from tests import coming, factories
from tests.domain.documents.test_files import lies, stored

pytestmark = pytest.mark.django_db


def announced(content: bytes, **more: object) -> Arrival:
    claim = factories.draft()
    words = {"bill": None, "paper": "bill", "medical": False, "name": "facture.pdf", "declared_type": ""} | more
    return claims.expect(claim=claim, size=len(content), by=factories.owner(claim), **words)


def came(upload: Upload) -> bytes:
    """All that the vault holds of it."""
    parts = upload.parts.order_by("offset").values_list("key", flat=True)
    return b"".join(b"".join(queries.vault().chunks(key)) for key in parts)


def send(upload: Upload, *chunks: bytes, offset: int = 0, **more: object) -> None:
    documents.append(upload=upload, offset=offset, arriving=iter(chunks), **more)


def test_each_part_is_durable_by_itself(monkeypatch):
    monkeypatch.setattr(uploads, "PART_BYTES", 10)
    upload = announced(b"0123456789abcdefghij").upload
    send(upload, b"0123", b"4567", b"89ab", b"cdef")
    assert list(upload.parts.order_by("offset").values_list("offset", "size")) == [(0, 12), (12, 4)]
    assert came(upload) == b"0123456789abcdef"
    assert upload.received == 16


@pytest.mark.parametrize(
    ("chunks", "seconds", "parts"),
    [([b"."] * 5, 2, [4, 1]), ([b".", b"", b"", b"", b"."], 1.5, [1, 1])],
    ids=["it is old", "nothing comes"],
)
def test_a_part_ends_when_it_is_old_or_when_nothing_comes_any_more(chunks, seconds, parts):
    def trickling() -> Iterator[bytes]:
        for chunk in chunks:
            yield chunk
            clock.shift(seconds)

    upload = announced(b"." * 10).upload
    with time_machine.travel(0, tick=False) as clock, pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads.time, "monotonic", time.time)
        documents.append(upload=upload, offset=0, arriving=trickling())
    assert list(upload.parts.order_by("offset").values_list("size", flat=True)) == parts


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_of_the_database_while_bytes_are_awaited():
    held = []

    def slow() -> Iterator[bytes]:
        for byte in (b"a", b"b"):
            held.append(connection.connection)
            yield byte

    documents.append(upload=announced(b"abc").upload, offset=0, arriving=slow())
    assert held == [None, None]


def test_what_another_connection_sent_first_is_not_kept_twice():
    upload = announced(b"0123456789").upload
    twin = Upload.objects.get()
    send(upload, b"0123")
    with pytest.raises(documents.Overtaken):
        send(twin, b"0123456")
    assert (came(upload), len(stored())) == (b"0123", 1)


def test_what_was_forgotten_meanwhile_is_not_kept(django_capture_on_commit_callbacks):
    upload = announced(b"0123").upload
    with django_capture_on_commit_callbacks(execute=True):
        documents.forget(upload=Upload.objects.get(), by=SYSTEM)
    with pytest.raises(documents.Overtaken):
        send(upload, b"0123")
    assert stored() == set()


def test_a_body_with_another_checksum_leaves_nothing():
    upload = announced(b"0123").upload
    with pytest.raises(documents.Corrupted):
        send(upload, b"01", b"23", checksum=documents.Checksum("sha256", hashlib.sha256(b"0124").digest()))
    assert (Upload.objects.get().received, stored()) == (0, set())


def test_a_file_that_came_in_one_part_is_not_copied(django_capture_on_commit_callbacks):
    content = factories.pdf()
    arrival = announced(content)
    send(arrival.upload, content)
    (key,) = stored()
    with django_capture_on_commit_callbacks(execute=True):
        claims.finish(arrival=arrival, by=factories.owner(arrival.claim))
    assert Document.objects.get().key == key
    assert (stored(), Part.objects.count()) == ({key}, 0)


def test_a_file_whose_sender_was_never_answered_is_finished_when_asked_again(django_capture_on_commit_callbacks):
    content = factories.pdf()
    arrival = announced(content)
    send(arrival.upload, content[:99], content[99:])  # and the process died there
    by = factories.owner(arrival.claim)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            claims.finish(arrival=Arrival.objects.get(), by=by)
    assert Attachment.objects.get().document.sha256 == hashlib.sha256(content).hexdigest()
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (factories.pdf(), UploadStatus.RECEIVED),
        (coming.locked_pdf(), UploadStatus.LOCKED),
        (b"no paper at all", UploadStatus.REFUSED),
    ],
    ids=["a paper", "a locked one", "none"],
)
def test_a_file_whose_sender_never_asks_again_is_finished_by_the_clock(content: bytes, status: UploadStatus, frozen):
    upload, cut = (announced(content).upload for _ in range(2))
    send(upload, content)  # and the process died there
    send(cut, content[:9])
    claims.finish_some()
    assert set(Upload.objects.values_list("status", flat=True)) == {UploadStatus.ARRIVING}  # perhaps it still lives
    frozen.shift(timedelta(minutes=6))
    claims.finish_some()
    assert [Upload.objects.get(pk=one.pk).status for one in (upload, cut)] == [status, UploadStatus.ARRIVING]
    hats = dict(Entry.objects.values_list("event", "hat"))
    if status == UploadStatus.RECEIVED:
        assert (hats["claim.change"], hats["upload.receive"]) == ("insured", "system")
        assert Attachment.objects.get().document.sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_that_cannot_be_finished_yet_does_not_hold_up_the_others(frozen):
    content = factories.pdf()
    bad, good = (announced(content).upload for _ in range(2))
    for upload in (bad, good):
        send(upload, content)
    path = lies() / (key := bad.parts.get().key)[:2] / key
    path.unlink()
    path.mkdir()  # reading it fails, as from a bad disk
    frozen.shift(timedelta(minutes=6))
    claims.finish_some()
    assert [Upload.objects.get(pk=one.pk).status for one in (bad, good)] == ["arriving", "received"]


def test_two_that_finish_at_once_make_one_document(django_capture_on_commit_callbacks):
    content = factories.pdf()
    arrival = announced(content, medical=True)
    send(arrival.upload, content)
    twin, by = Arrival.objects.get(), factories.owner(arrival.claim)
    with django_capture_on_commit_callbacks(execute=True):
        claims.finish(arrival=arrival, by=by)
        claims.finish(arrival=twin, by=by)
    assert Document.objects.count() == Attachment.objects.count() == 1


@pytest.mark.parametrize("medical", [False, True])
def test_a_store_that_refuses_is_told_and_nothing_is_half_written(medical: bool):
    content = factories.pdf()
    arrival = announced(content, medical=medical)
    by = factories.owner(arrival.claim)
    send(arrival.upload, content[:50])
    shutil.move(lies(), lies().with_name("away"))
    lies().write_text("no folder")
    with pytest.raises(documents.NotKept, match="Réessayez"):
        send(arrival.upload, content[50:], offset=50)
    lies().unlink()
    shutil.move(lies().with_name("away"), lies())
    assert came(arrival.upload) == content[:50]
    send(arrival.upload, content[50:], offset=50)
    claims.finish(arrival=arrival, by=by)
    assert Document.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_a_part_that_changed_in_the_vault_refuses_the_file():
    content = factories.pdf()
    arrival = announced(content)
    send(arrival.upload, content)
    (path,) = lies().glob("??/*")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    claims.finish(arrival=arrival, by=factories.owner(arrival.claim))
    assert (arrival.upload.status, Document.objects.count()) == (UploadStatus.REFUSED, 0)
    assert "abîmé" in arrival.upload.refusal


def test_what_has_not_moved_for_a_week_is_given_up(frozen, django_capture_on_commit_callbacks):
    stale, moving = announced(b"0123").upload, announced(b"0123").upload
    send(stale, b"01")
    frozen.shift(timedelta(days=6))
    send(moving, b"0")
    frozen.shift(timedelta(days=1, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        documents.expire()
    assert list(Upload.objects.all()) == [moving]
    assert len(stored()) == 1


class Sending(RuleBasedStateMachine):
    """Somebody who sends a file over a bad link, and starts again as often as it takes."""

    @initialize(content=st.integers(0, 2_000))
    def announce(self, content: int) -> None:
        self.content = factories.pdf() + b"%" + b"x" * content + b"\n%%EOF\n"
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        self.announce_elsewhere()

    def announce_elsewhere(self) -> None:
        self.arrival = announced(self.content, sha256=self.sha256, key=uuid4())
        self.by = factories.owner(self.arrival.claim)

    @property
    def upload(self) -> Upload:
        return Upload.objects.get(pk=self.arrival.upload.pk)

    @rule(sizes=st.lists(st.integers(0, 3_000), max_size=5))
    def send_some(self, sizes: list[int]) -> None:
        upload = self.upload
        start, chunks = upload.received, []
        for size in sizes:
            chunks.append(self.content[start : start + size])
            start += size
        if upload.status == UploadStatus.ARRIVING:
            send(upload, *chunks, offset=upload.received)

    @rule(back=st.integers(1, 5_000))
    def send_again_what_was_kept(self, back: int) -> None:
        upload = self.upload
        offset = max(0, upload.received - back)
        if offset != upload.received:
            with pytest.raises(documents.Overtaken):
                send(upload, self.content[offset:], offset=offset)

    @rule()
    def announce_again(self) -> None:
        again = claims.expect(
            claim=self.arrival.claim, bill=None, paper="bill", medical=False, name="autre.pdf", declared_type="",
            size=len(self.content), sha256=self.sha256, by=self.by,
        )  # fmt: skip
        assert again.upload.received == self.upload.received
        self.arrival = again

    @precondition(lambda self: self.upload.status == UploadStatus.ARRIVING)
    @rule()
    def forget(self) -> None:
        claims.forget(arrival=self.arrival, by=self.by)
        self.announce_elsewhere()

    @rule()
    def ask(self) -> None:
        claims.finish(arrival=Arrival.objects.select_related("upload").get(pk=self.arrival.pk), by=self.by)

    @invariant()
    def what_is_received_is_the_beginning(self) -> None:
        upload = self.upload
        if upload.status == UploadStatus.ARRIVING:
            assert came(upload) == self.content[: upload.received]
        else:
            assert upload.status == UploadStatus.RECEIVED
            assert upload.document
            assert queries.vault().digest(upload.document.key) == self.sha256

    def teardown(self) -> None:
        upload = self.upload
        if upload.status == UploadStatus.ARRIVING:
            send(upload, self.content[upload.received :], offset=upload.received)
        self.ask()
        self.what_is_received_is_the_beginning()
        assert self.upload.status == UploadStatus.RECEIVED


class TestSending(Sending.TestCase, TestCase):  # type: ignore[name-defined,misc]
    settings = effort(max_examples=15, stateful_step_count=12)
