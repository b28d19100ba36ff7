"""« Non exploitable »: a virus or a loss sets a claim aside, and only the faulty file has to be sent again."""

from pathlib import Path
from uuid import uuid4

import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.documents import queries as documents
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
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
    assert [faulty.document.name for faulty in queries.faulty(claim)] == ["recu.pdf"]
    assert "Eicar" in queries.faulty(claim)[0].document.finding
    assert any("non exploitable" in letter.read_text() for letter in (home / "mail").glob("*.eml"))


@pytest.mark.usefixtures("scanning")
def test_a_file_gone_from_the_vault_sets_the_claim_aside(work: Work):
    claim = factories.sent()
    lost = claim.attachments.earliest("pk").document
    path_of(lost).unlink()
    work()
    claim.refresh_from_db()
    assert claim.status == Status.UNUSABLE
    assert [faulty.document for faulty in queries.faulty(claim)] == [lost]


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
def test_starting_again_copies_everything_but_the_faulty_file():
    claim = factories.infected()
    factories.attachment(claim, paper="discharge_report", medical=True, name="compte rendu.pdf")
    claim = factories.scanned(factories.sent(claim=claim))
    draft = claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))

    def told(one: Claim) -> tuple[object, ...]:
        stay = (one.insured, one.beneficiary, one.territory, one.stay, one.stay_from, one.stay_until)
        bills = list(one.bills.order_by("pk").values_list("provider", "currency", "paid_on"))
        lines = list(one.bills.order_by("pk").values_list("lines__given_on", "lines__care", "lines__amount"))
        return stay, bills, lines

    def joined(one: Claim) -> list[tuple[object, ...]]:
        fields = ("paper", "medical", "bill__provider", "document__name", "document__sha256", "document__media_type")
        return list(one.attachments.order_by("pk").values_list(*fields))

    assert told(draft) == told(claim)
    assert joined(draft) == [file for file in joined(claim) if file[3] != "recu.pdf"]
    assert (draft.status, draft.copied_from, draft.sent_at) == (Status.DRAFT, claim, None)
    assert draft.number != claim.number
    assert {document.key for document in _documents(draft)}.isdisjoint(document.key for document in _documents(claim))
    assert set(statuses(draft)) == {DocumentStatus.QUARANTINED}

    # and the new one goes its own way, even when the old file is read no more
    assert factories.received(claim=draft).status == Status.IN_PROGRESS


def _documents(claim: Claim) -> list[Document]:
    return list(Document.objects.filter(attachments__claim=claim))


@pytest.mark.django_db
@pytest.mark.usefixtures("scanning")
def test_a_file_found_lost_while_starting_again_is_asked_for_again():
    claim = factories.infected()
    factories.photograph(claim, paper="cerfa")
    claim = factories.scanned(factories.sent(claim=claim))
    first, second = claim.attachments.order_by("pk")[:2]
    path_of(first.document).unlink()
    flip_a_bit(second.document)
    draft = claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))
    copied = {document.sha256 for document in _documents(draft)}
    sound = claim.attachments.exclude(pk__in=[first.pk, second.pk]).exclude(document__name="recu.pdf")
    held = {documents.vault().digest(document.key) for document in _documents(draft)}
    assert copied == held == {a.document.sha256 for a in sound}
    assert copied
    assert queries.missing(draft)


@pytest.mark.django_db
def test_only_a_claim_set_aside_is_started_again():
    claim = factories.sent()
    with pytest.raises(StepRefused):
        claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))
