"""« Non exploitable »: a virus or a loss sets a claim aside, and only the faulty file has to be sent again."""

from pathlib import Path
from uuid import uuid4

import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims import completeness
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.documents import actions as documents
from escale.domain.documents import queries as queries_of_documents
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document, Page
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.conftest import Work
from tests.domain.documents.test_files import flip_a_bit, path_of


def statuses(claim: Claim) -> list[str]:
    return list(claim.attachments.order_by("pk").values_list("document__status", flat=True))


@pytest.mark.usefixtures("scanning")
def test_a_virus_in_one_file_sets_the_claim_aside_and_says_which(work: Work, home: Path):
    claim = factories.sent(claim=factories.infected())
    work()
    claim.refresh_from_db()
    assert claim.status == Status.UNUSABLE
    assert [faulty.document.name for faulty in completeness.faulty(claim)] == ["recu.pdf"]
    assert "Eicar" in completeness.faulty(claim)[0].document.finding
    assert any("non exploitable" in letter.read_text() for letter in (home / "mail").glob("*.eml"))


@pytest.mark.usefixtures("scanning")
def test_a_file_gone_from_the_vault_sets_the_claim_aside(work: Work):
    claim = factories.sent()
    lost = claim.attachments.earliest("pk").document
    path_of(lost).unlink()
    work()
    claim.refresh_from_db()
    assert claim.status == Status.UNUSABLE
    assert [faulty.document for faulty in completeness.faulty(claim)] == [lost]


@pytest.mark.usefixtures("scanning")
def test_one_bit_changed_in_the_vault_is_a_loss(work: Work):
    claim = factories.sent()
    altered = claim.attachments.latest("pk").document
    flip_a_bit(altered)
    work()
    claim.refresh_from_db()
    altered.refresh_from_db()
    assert (claim.status, altered.status) == (Status.UNUSABLE, DocumentStatus.LOST)


@pytest.mark.django_db
@pytest.mark.usefixtures("scanning")
def test_starting_again_takes_up_everything_but_the_faulty_file():
    claim = factories.infected()
    factories.attachment(claim, paper="discharge_report", medical=True, name="compte rendu.pdf")
    claim = factories.scanned(factories.sent(claim=claim))
    draft = started_again(claim)

    def told(one: Claim) -> tuple[object, ...]:
        stay = (one.insured, one.beneficiary, one.territory, one.stay, one.stay_from, one.stay_until)
        bills = list(one.bills.order_by("pk").values_list("provider", "currency", "paid_on"))
        lines = list(one.bills.order_by("pk").values_list("lines__given_on", "lines__care", "lines__amount"))
        return stay, bills, lines

    def joined(one: Claim) -> list[tuple[object, ...]]:
        fields = ("document", "document__name", "paper", "medical", "bill__provider")
        return list(one.attachments.order_by("pk").values_list(*fields))

    assert told(draft) == told(claim)
    assert joined(draft) == [file for file in joined(claim) if file[1] != "recu.pdf"]
    assert (draft.status, draft.copied_from, draft.sent_at) == (Status.DRAFT, claim, None)
    assert draft.number != claim.number


def started_again(claim: Claim) -> Claim:
    return claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))


@pytest.mark.django_db
@pytest.mark.usefixtures("scanning")
def test_what_was_clean_is_not_scanned_again_and_what_waited_is_scanned_when_it_is_sent():
    claim = factories.infected()
    waiting = factories.attachment(claim, paper="discharge_report", medical=True).document
    factories.sent(claim=claim)
    for attachment in claim.attachments.exclude(document=waiting):
        documents.scan(document=attachment.document)
    claims.settle(claim=claim)
    claim.refresh_from_db()
    draft = started_again(claim)
    *clean, last = statuses(draft)
    assert (set(clean), last) == ({DocumentStatus.CLEAN}, DocumentStatus.QUARANTINED)
    seen = list(Document.objects.filter(attachments__claim=draft).values_list("pages__key", flat=True))
    assert factories.received(claim=draft).status == Status.IN_PROGRESS
    assert set(statuses(draft)) == {DocumentStatus.CLEAN}
    assert {key for key in seen if key} < set(Page.objects.values_list("key", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("scanning")
def test_starting_again_takes_no_key_and_opens_no_file(settings, tmp_path: Path):
    claim = factories.unusable()
    settings.VAULT_KEYS = tmp_path / "no-keys"
    queries_of_documents.vault.cache_clear()
    assert started_again(claim).attachments.count() == claim.attachments.count() - 1


@pytest.mark.django_db
@pytest.mark.usefixtures("scanning")
def test_a_file_of_two_claims_is_destroyed_with_the_last_of_them(django_capture_on_commit_callbacks):
    claim = factories.unusable()
    first, second = started_again(claim), started_again(claim)
    shared = path_of(first.attachments.earliest("pk").document)
    joined = path_of(factories.attachment(second).document)
    for attachment in claim.attachments.all():
        attachment.delete()  # as when the papers of a claim have had their time
    with django_capture_on_commit_callbacks(execute=True):
        claims.discard(claim=first, by=factories.owner(claim))
    assert shared.exists()
    assert joined.exists()
    with django_capture_on_commit_callbacks(execute=True):
        claims.remove_bill(bill=second.bills.get(), by=factories.owner(claim))
        claims.discard(claim=second, by=factories.owner(claim))
    assert not shared.exists()
    assert not joined.exists()


@pytest.mark.django_db
def test_only_a_claim_set_aside_is_started_again():
    claim = factories.sent()
    with pytest.raises(StepRefused):
        claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))
