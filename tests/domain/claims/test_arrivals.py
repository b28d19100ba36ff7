"""Files come to a claim: the same one twice is one, a locked one waits for its password, one may replace another."""

import hashlib
import io
from uuid import uuid4

import pikepdf
import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Attachment, Claim, PaperVerdict
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status, UploadStatus
from escale.domain.documents.models import Document, Part, Upload
from escale.gateways import file_kinds
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.documents.test_files import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return factories.draft()


def locked(*, user: str = "ouvre", owner: str = "autre") -> bytes:
    paper = io.BytesIO()
    with pikepdf.open(io.BytesIO(factories.pdf())) as pdf:
        pdf.save(paper, encryption=pikepdf.Encryption(user=user, owner=owner))
    return paper.getvalue()


def expected(claim: Claim, content: bytes, **more: object) -> Arrival:
    words = {
        "bill": None, "paper": "bill", "medical": False, "name": "facture.pdf", "declared_type": "",
        "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    return claims.expect(claim=claim, by=factories.owner(claim), **words | more)


def arrived(arrival: Arrival, content: bytes) -> Arrival:
    claims.append(arrival=arrival, offset=0, arriving=iter([content]), by=factories.owner(arrival.claim))
    return arrival


def test_the_same_file_sent_twice_is_one_attachment(claim: Claim):
    content = factories.pdf()
    first, second = (factories.attachment(claim, content=content) for _ in range(2))
    assert first == second
    assert len(stored()) == 1
    factories.sent(claim=complete(claim))
    assert factories.attachment(claim, content=content) == first  # the answer that was lost


def complete(claim: Claim) -> Claim:
    factories.line(factories.bill(claim))
    return claim


def test_the_same_file_for_another_paper_or_bill_is_another_attachment_of_one_document(claim: Claim):
    content, bill = factories.pdf(), factories.bill(claim)
    for more in ({}, {"paper": "translation"}, {"bill": bill}):
        factories.attachment(claim, content=content, **more)
    assert (Attachment.objects.count(), Document.objects.count(), len(stored())) == (3, 1, 1)


def test_the_same_file_under_medical_seal_is_another_document(claim: Claim):
    content = factories.pdf()
    plain, sealed = (factories.attachment(claim, content=content, medical=medical) for medical in (False, True))
    assert plain.document != sealed.document
    assert queries.vault().is_medical(sealed.document.key)


def test_a_document_is_destroyed_with_its_last_attachment(claim: Claim, django_capture_on_commit_callbacks):
    content, by = factories.pdf(), factories.owner(claim)
    one, other = (factories.attachment(claim, content=content, paper=paper) for paper in ("bill", "translation"))
    with django_capture_on_commit_callbacks(execute=True):
        claims.detach(attachment=one, by=by)
    assert len(stored()) == Document.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        claims.detach(attachment=other, by=by)
    assert (len(stored()), Document.objects.count()) == (0, 0)


def test_a_draft_thrown_away_takes_with_it_what_was_on_its_way(claim: Claim, django_capture_on_commit_callbacks):
    content = factories.pdf()
    documents.append(upload=expected(claim, content).upload, offset=0, arriving=iter([content[:9]]))
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        claims.discard(claim=claim, by=factories.owner(claim))
    assert (stored(), Upload.objects.count(), Part.objects.count()) == (set(), 0, 0)


def test_a_bill_taken_out_leaves_what_was_on_its_way_to_it(claim: Claim):
    bill = factories.bill(claim)
    arrival = expected(claim, b"content", bill=bill)
    claims.remove_bill(bill=bill, by=factories.owner(claim))
    arrival.refresh_from_db()
    assert arrival.bill is None


def test_what_is_on_its_way_counts_in_what_a_claim_may_hold(claim: Claim, settings):
    first, second = factories.pdf(), factories.pdf()
    settings.BYTES_PER_CLAIM = len(first) + len(second) - 1
    arrival = expected(claim, first)
    with pytest.raises(claims.TooMuch):
        factories.attachment(claim, content=second)
    arrived(arrival, first)
    assert Attachment.objects.count() == 1


def test_a_file_that_no_longer_fits_when_it_has_arrived_is_refused_by_a_sentence(claim: Claim, settings):
    content = factories.pdf()
    arrival = expected(claim, content)
    settings.FILES_PER_CLAIM = 0
    arrived(arrival, content)
    assert arrival.upload.status == UploadStatus.REFUSED
    assert arrival.upload.refusal == "Une demande contient 0 fichiers au plus."


def test_without_its_sha256_a_known_file_is_recognised_once_it_has_arrived(
    claim: Claim, django_capture_on_commit_callbacks
):
    content = factories.pdf()
    known = factories.attachment(claim, content=content)
    with django_capture_on_commit_callbacks(execute=True):
        arrival = arrived(expected(claim, content, sha256=""), content)
    assert arrival.upload.document == known.document
    assert (Attachment.objects.get(), stored()) == (known, {known.document.key})


def test_the_seal_is_what_was_said_last_even_while_the_bytes_come(claim: Claim):
    content = factories.pdf()
    arrival = expected(claim, content)
    expected(claim, content, medical=True)  # from another device
    arrived(arrival, content)
    attachment = Attachment.objects.get()
    assert attachment.medical
    assert queries.vault().is_medical(attachment.document.key)


def test_a_file_that_came_whole_by_another_way_is_waited_for_no_more(claim: Claim):
    content = factories.pdf()
    arrival = expected(complete(claim), content)
    documents.append(upload=arrival.upload, offset=0, arriving=iter([content[:9]]))
    factories.attachment(claim, content=content)
    assert not Upload.objects.exists()
    factories.sent(claim=claim)


def test_a_lost_document_is_sent_again(claim: Claim):
    content = factories.pdf()
    Document.objects.filter(pk=factories.attachment(claim, content=content).document_id).update(status=Status.LOST)
    again = factories.attachment(claim, content=content)
    assert again.document.status == Status.QUARANTINED


def test_a_locked_file_opens_with_its_password_alone(claim: Claim, django_capture_on_commit_callbacks):
    content, by = locked(), factories.owner(claim)
    with pytest.raises(claims.Locked) as lock:
        factories.attachment(claim, content=content, medical=True)
    arrival = lock.value.arrival
    assert (arrival.upload.status, Document.objects.count()) == (UploadStatus.LOCKED, 0)
    with pytest.raises(claims.Locked) as again:
        factories.attachment(claim, content=content, medical=True)
    assert again.value.arrival == arrival

    for wrong in ("faux", ""):
        with pytest.raises(documents.WrongPassword):
            claims.unlock(arrival=arrival, password=wrong, by=by)
    with django_capture_on_commit_callbacks(execute=True):
        claims.unlock(arrival=arrival, password="ouvre", by=by)
    document = Attachment.objects.get().document
    assert document.sha256 == queries.vault().digest(document.key) == hashlib.sha256(content).hexdigest()
    with queries.vault().open(document.unlocked_key) as opened, pikepdf.open(opened) as pdf:
        assert len(pdf.pages) == 1
    assert queries.vault().is_medical(document.key)
    assert queries.vault().is_medical(document.unlocked_key)
    assert stored() == {document.key, document.unlocked_key}
    claims.unlock(arrival=Arrival.objects.get(), password="ouvre", by=by)  # a double click
    assert Attachment.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        claims.detach(attachment=Attachment.objects.get(), by=by)
    assert stored() == set()


@pytest.mark.usefixtures("scanning")
def test_what_was_unlocked_is_scanned_and_drawn(claim: Claim):
    with pytest.raises(claims.Locked) as lock:
        factories.attachment(claim, content=locked())
    claims.unlock(arrival=lock.value.arrival, password="autre", by=factories.owner(claim))
    document = Document.objects.get()
    documents.scan(document=document)
    assert (document.status, document.pages.count()) == (Status.CLEAN, 1)


def test_a_file_that_opens_for_everybody_under_its_owners_lock_asks_nothing(claim: Claim):
    document = factories.attachment(claim, content=locked(user="")).document
    assert (document.status, document.unlocked_key) == (Status.QUARANTINED, "")


def test_a_locked_file_that_is_given_up_leaves_nothing(claim: Claim, django_capture_on_commit_callbacks):
    with pytest.raises(claims.Locked) as lock:
        factories.attachment(claim, content=locked())
    with django_capture_on_commit_callbacks(execute=True):
        claims.forget(arrival=lock.value.arrival, by=factories.owner(claim))
    assert (stored(), Upload.objects.count()) == (set(), 0)


def test_a_claim_that_was_sent_expects_nothing(claim: Claim):
    factories.attachment(claim)
    factories.sent(claim=complete(claim))
    with pytest.raises(StepRefused):
        expected(claim, b"other")


@pytest.mark.usefixtures("scanning", "frozen")
def test_a_refused_paper_is_replaced_over_as_many_connections_as_it_takes():
    claim, content = factories.received(), factories.pdf()
    paper = claim.attachments.get(paper="bill")
    with pytest.raises(claims.NotReplaceable):
        expected(claim, content, replaces=paper)
    claims.judge(attachment=paper, verdict=PaperVerdict.UNREADABLE, words="Trop sombre.", by=factories.agent())
    key = uuid4()
    arrival = expected(claim, content, replaces=paper, key=key, paper="")
    assert expected(claim, content, replaces=paper, key=key) == arrival
    arrived(arrival, content)
    new = Attachment.objects.get(replaces=paper)
    assert (new.paper, new.bill, new.document.sha256) == (paper.paper, paper.bill, hashlib.sha256(content).hexdigest())
    assert expected(claim, content, replaces=paper).upload.status == UploadStatus.RECEIVED
    assert Attachment.objects.filter(replaces=paper).count() == 1
    with pytest.raises(claims.NotReplaceable):
        expected(claim, factories.pdf(), replaces=paper)


def test_only_its_sender_follows_a_file_on_its_way(claim: Claim):
    arrival = expected(claim, b"content")
    assert Arrival.objects.visible_to(factories.owner(claim)).get() == arrival
    for stranger in (factories.agent(), factories.physician(), factories.owner(factories.draft())):
        assert not Arrival.objects.visible_to(stranger).exists()


def test_a_file_that_nobody_opens_is_refused_at_once(claim: Claim):
    broken = locked().replace(b"/V 5", b"/V 9").replace(b"/V 4", b"/V 9").replace(b"/V 2", b"/V 9")
    with pytest.raises(file_kinds.Refused):
        factories.attachment(claim, content=broken)
    assert stored() == set()
