"""Papers are kept for as long as it was said, no longer, and longer only for a control or an appeal."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import Attachment, Claim, HoldReason
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document, Page
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.jobs import upkeep as rounds
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.documents.test_files import lies, path_of, stored
from tests.web.agents.conftest import at_counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen", "scanning")]


def paid() -> Claim:
    """A claim whose transfer has left for the bank."""
    claim = factories.approved(factories.received(claim=with_report()))
    factories.paid(factories.ordered(claim))
    claim.refresh_from_db()
    return claim


def with_report() -> Claim:
    claim = factories.complete()
    factories.attachment(claim, paper="discharge_report", medical=True)
    return claim


ENDS = [
    #  how it ended     reached by            papers kept until
    ("paid",            paid,                 date(2031, 9, 16)),  # the bank pays the day after the batch
    ("refused",         factories.refused,    date(2031, 9, 15)),
    ("set aside",       factories.unusable,   date(2031, 9, 15)),
    ("not paid yet",    factories.approved,   None),
    ("in progress",     factories.received,   None),
    ("asked",           lambda: factories.asked().claim, None),
]  # fmt: skip


@pytest.mark.parametrize(("reach", "until"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_papers_are_destroyed_on_their_day_and_not_before(
    reach: Callable[[], Claim], until: date | None, frozen: time_machine.Traveller
):
    claim = reach()
    claim.refresh_from_db()
    files, decisions = claim.attachments.count(), claim.decisions.count()
    assert upkeep.papers_until(claim) == until
    frozen.move_to(timezone.make_aware(timezone.datetime(2031, 9, 14 if until is None else until.day - 1, 12)))
    rounds.end_papers()
    assert claim.attachments.count() == files
    frozen.shift(timedelta(days=1 if until else 3650))
    rounds.end_papers()
    rounds.end_papers()
    claim.refresh_from_db()
    assert claim.attachments.count() == (0 if until else files)
    assert (claim.papers_destroyed_at is not None) is (until is not None)
    assert (claim.bills.get().lines.count(), claim.decisions.count()) == (1, decisions)
    written = Entry.objects.filter(event="claim.destroy_papers", subject=f"claims.claim:{claim.pk}")
    assert [entry.facts for entry in written] == ([{"files": files}] if until else [])


def test_nothing_of_them_is_left_neither_key_nor_bytes(frozen: time_machine.Traveller, tmp_path: Path):
    claim = paid()
    documents = Document.objects.filter(attachments__claim=claim)
    keys = {*documents.values_list("key", flat=True), *Page.objects.values_list("key", flat=True)}
    assert keys <= stored()
    kept = tmp_path / "what the disk may keep"
    os.link(path_of(documents.earliest("pk")), kept)
    wrapped = kept.read_bytes()[:4096]
    assert wrapped.strip(b"\0")
    frozen.shift(timedelta(days=5 * 366))
    rounds.end_papers()
    assert not keys & stored()
    assert not Document.objects.exists()
    assert not Page.objects.exists()
    assert kept.read_bytes()[:8192].strip(b"\0") == b""  # the head, where the wrapped key was
    assert wrapped.strip(b"\0")[:64] not in b"".join(path.read_bytes() for path in lies().rglob("*") if path.is_file())


def test_a_control_or_an_appeal_keeps_them_until_it_is_over(frozen: time_machine.Traveller):
    claim, agent = factories.refused(), factories.agent()
    control, appeal = (claims.hold(claim=claim, reason=reason, by=agent) for reason in HoldReason)
    assert claims.hold(claim=claim, reason=HoldReason.APPEAL, by=factories.agent()) == appeal
    frozen.shift(timedelta(days=6 * 366))
    for hold in (control, appeal):
        rounds.end_papers()
        assert not claims.destroy_papers(claim=claim)
        assert claim.attachments.exists()
        claims.release(hold=hold, by=agent)
    rounds.end_papers()
    assert not claim.attachments.exists()
    with pytest.raises(StepRefused, match="déjà détruites"):
        claims.hold(claim=claim, reason=HoldReason.CONTROL, by=agent)


def test_nobody_holds_nor_releases_the_papers_of_their_own_claim():
    person = factories.insured(Role.AGENT)
    claim = factories.refused(factories.received(person))
    hold = factories.held(claim)
    oneself = Actor(Role.AGENT, person.account)
    with pytest.raises(StepRefused, match="propre demande"):
        claims.hold(claim=claim, reason=HoldReason.CONTROL, by=oneself)
    with pytest.raises(StepRefused, match="propre demande"):
        claims.release(hold=hold, by=oneself)


def test_a_file_of_two_claims_is_destroyed_with_the_last_of_them(frozen: time_machine.Traveller):
    first = factories.unusable()
    second = claims.start_again(claim=first, request_key=uuid4(), by=factories.owner(first))
    factories.attachment(second, paper="translation")
    frozen.shift(timedelta(days=60))
    factories.refused(factories.received(claim=second))
    shared = path_of(second.attachments.earliest("pk").document)
    frozen.shift(timedelta(days=5 * 365 + 2 - 60))
    rounds.end_papers()
    assert not first.attachments.exists()
    assert second.attachments.count() == 3
    assert shared.exists()
    frozen.shift(timedelta(days=61))
    rounds.end_papers()
    assert not shared.exists()


def test_a_paper_that_was_replaced_goes_with_the_one_in_its_place(frozen: time_machine.Traveller):
    claim = factories.received()
    old = claim.attachments.earliest("pk")
    new = factories.attachment(factories.draft(claim.insured))
    new.claim, new.replaces = claim, old
    new.save()
    factories.refused(claim)
    frozen.shift(timedelta(days=5 * 366))
    rounds.end_papers()
    assert not claim.attachments.exists()


def test_every_page_still_opens_afterwards(frozen: time_machine.Traveller):
    opinion = factories.answered(factories.asked(factories.received(claim=with_report())))
    claim = factories.approved(opinion.claim)
    factories.paid(factories.ordered(claim))
    frozen.shift(timedelta(days=5 * 366))
    rounds.end_papers()
    own, desk, surgery = (
        at_counter(factories.owner(claim)),
        at_counter(factories.agent()),
        at_counter(factories.physician()),
    )
    for client, address in (
        (own, "/mon-compte/"),
        (own, "/mon-compte/demandes/"),
        (own, f"/mon-compte/demandes/{claim.number}/"),
        (own, f"/mon-compte/demandes/{claim.number}/recepisse/"),
        (own, f"/mon-compte/demandes/{claim.number}/decompte/"),
        (desk, f"/gestion/demandes/{claim.number}/"),
        (surgery, f"/gestion/medical/{claim.number}/"),
    ):
        assert _opens(client, address), address


def _opens(client: Client, address: str) -> bool:
    return client.get(address).status_code == 200


def test_a_draft_left_alone_is_told_of_then_deleted(frozen: time_machine.Traveller):
    draft = factories.complete()
    keys = set(Document.objects.values_list("key", flat=True))
    told = Notice.objects.filter(kind="draft_ends", account=draft.insured.account)
    for day, letters, there in ((75, 0, True), (76, 1, True), (77, 1, True), (89, 1, True), (90, 1, False)):
        frozen.move_to(timezone.make_aware(timezone.datetime(2026, 9, 15, 10)) + timedelta(days=day))
        rounds.end_drafts()
        assert (day, told.count(), Claim.objects.filter(pk=draft.pk).exists()) == (day, letters, there)
    assert "sera supprimé le 14 décembre 2026" in told.get().title
    assert not keys & stored()


def test_a_draft_that_is_touched_is_kept_and_told_of_again_later(frozen: time_machine.Traveller):
    draft = factories.complete()
    frozen.shift(timedelta(days=80))
    rounds.end_drafts()
    factories.line(draft.bills.get(), given_on=date(2026, 9, 2))
    frozen.shift(timedelta(days=20))
    rounds.end_drafts()
    frozen.shift(timedelta(days=57))
    rounds.end_drafts()
    assert Claim.objects.filter(pk=draft.pk).exists()
    assert Notice.objects.filter(kind="draft_ends").count() == 2


def test_no_draft_is_deleted_before_two_weeks_of_notice(frozen: time_machine.Traveller):
    draft = factories.complete()
    frozen.shift(timedelta(days=200))  # nothing ran for months
    for days in (0, 13, 1):
        frozen.shift(timedelta(days=days))
        there = Claim.objects.filter(pk=draft.pk).exists()
        rounds.end_drafts()
        assert there
    assert not Claim.objects.filter(pk=draft.pk).exists()


def test_a_draft_changed_at_the_last_minute_is_not_deleted():
    draft = factories.complete()
    before = upkeep.last_change(draft)
    factories.line(draft.bills.get(), given_on=date(2026, 9, 2))
    claims.forget_draft(claim=draft, unchanged_since=before)
    assert Claim.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (upkeep.perhaps_due, "claim_papers_kept"),
        (upkeep.old_drafts, "claim_drafts"),
        (upkeep.old_drafts, "entry_by_subject"),
    ],
)
@transaction.atomic
def test_the_clock_asks_by_an_index(asked, index: str):
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
            "ALTER TABLE journal_entry DISABLE TRIGGER USER; TRUNCATE journal_entry, documents_document CASCADE;"
            "ALTER TABLE journal_entry ENABLE TRIGGER USER"
        )  # what other tests left behind in the pages of a table would change what is chosen
    assert index in asked().explain()


@transaction.atomic
def test_what_waits_for_the_scanner_is_found_by_an_index_among_all_that_was_scanned():
    claim = factories.sent()
    scanned = [Document(insured=claim.insured, status=DocumentStatus.CLEAN, size=1, key=str(n)) for n in range(5000)]
    Document.objects.bulk_create(scanned)
    Attachment.objects.bulk_create(Attachment(claim=claim, document=document, paper="bill") for document in scanned)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE documents_document, claims_attachment, claims_claim")
    assert "document_waiting_for_scan" in upkeep.to_scan().explain()
