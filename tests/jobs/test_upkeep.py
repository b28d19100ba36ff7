"""What is found late goes to the claims and to who looked; what waits too long is told; what has had its time ends."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import completeness
from escale.domain.claims import queries as of_claims
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.jobs import schedule, upkeep
from tests import factories
from tests.conftest import Work
from tests.domain.claims.test_set_aside import started_again
from tests.domain.documents.test_care import OLD, VIRUS, carrier, scanned_with_the_old_ones
from tests.domain.documents.test_files import flip_a_bit, path_of
from tests.neighbours import Learn

pytestmark = pytest.mark.usefixtures("frozen", "scanning")

Reach = Callable[[], Claim]


def _draft() -> Claim:
    """A draft that took up a clean file of a claim set aside."""
    return started_again(factories.unusable())


LATE = [
    #  state             reached by                          the same file found infected, or lost, leaves the claim
    ("draft",            _draft,                             Status.DRAFT),
    ("in progress",      factories.received,                 Status.UNUSABLE),
    ("medical opinion",  lambda: factories.asked().claim,    Status.UNUSABLE),
    ("processed",        factories.approved,                 Status.PROCESSED),
    ("refused",          factories.refused,                  Status.REFUSED),
    ("set aside",        factories.unusable,                 Status.UNUSABLE),
]  # fmt: skip


def first_clean(claim: Claim) -> Document:
    return claim.attachments.filter(document__status=DocumentStatus.CLEAN).earliest("pk").document


@pytest.mark.parametrize("step", ["infect", "lose"])
@pytest.mark.parametrize(("reach", "after"), [row[1:] for row in LATE], ids=[row[0] for row in LATE])
def test_a_claim_follows_a_file_found_bad_late(work: Work, reach: Reach, after: Status, step: str):
    claim = reach()
    work()
    agent, document = factories.agent(), first_clean(claim)
    documents.read(page=document.pages.get(), by=agent)
    document.advance(step, by=SYSTEM)
    work()
    claim.refresh_from_db()
    assert claim.status == after
    told = Notice.objects.filter(account=claim.insured.account, kind="claim_unusable", about=f"claims.claim:{claim.pk}")
    assert told.exists() is (after == Status.UNUSABLE)
    warned = Notice.objects.filter(kind="virus_after_reading")
    assert [notice.account for notice in warned] == ([agent.account] if step == "infect" else [])
    assert not of_claims.attachments(claim, actor=agent).filter(document=document).exists()
    if after == Status.DRAFT:
        with pytest.raises(claims.Incomplete) as refusal:
            claims.submit(claim=claim, certified=True, by=factories.owner(claim))
        assert any(document.name in sentence for sentence in refusal.value.missing)


def test_all_the_claims_of_one_file_follow_it_and_each_reader_is_written_to_once(work: Work):
    first = factories.unusable()
    second, draft = factories.sent(claim=_completed(started_again(first))), started_again(first)
    work()
    agent, physician, document = factories.agent(), factories.physician(), first_clean(second)
    for reader in (agent, physician, agent):
        documents.read(page=document.pages.get(), by=reader)
    document.advance("infect", by=SYSTEM)
    work()
    assert Claim.objects.get(pk=second.pk).status == Status.UNUSABLE
    assert Claim.objects.get(pk=draft.pk).status == Status.DRAFT
    warned = Notice.objects.filter(kind="virus_after_reading").order_by("account")
    assert [notice.account for notice in warned] == [agent.account, physician.account]
    for notice in warned:
        assert first.number in notice.body
        assert second.number in notice.body
        assert draft.number not in notice.body


def _completed(draft: Claim) -> Claim:
    factories.attachment(draft, paper="translation")
    return draft


def test_a_virus_learnt_this_hour_is_found_by_the_clock(work: Work, learn: Learn):
    claim = factories.complete()
    factories.attachment(claim, paper="translation", content=carrier(), name="recu.pdf")
    claim = factories.received(claim=claim)
    scanned_with_the_old_ones()
    learn(VIRUS)
    schedule.rescan_documents.defer(timestamp=0)
    work()
    claim.refresh_from_db()
    assert claim.status == Status.UNUSABLE
    assert [paper.document.name for paper in completeness.faulty(claim)] == ["recu.pdf"]
    assert not Document.objects.filter(signatures=OLD).exists()


def test_first_scans_pass_before_those_done_again(work: Work):
    schedule.rescan_documents.defer(timestamp=0)
    factories.sent()
    jobs = ProcrastinateJob.objects.filter(queue_name="scan").order_by("-priority", "pk")
    assert [job.task_name.rpartition(".")[2] for job in jobs] == ["scan_claim", "rescan_documents"]


def test_a_hidden_loss_is_found_by_the_clock_and_the_insured_person_is_told(work: Work):
    claim = factories.received()
    Document.objects.update(verified_at=timezone.now() - timedelta(days=31))
    flip_a_bit(first_clean(claim))
    schedule.verify_documents.defer(timestamp=0)
    work()
    claim.refresh_from_db()
    assert claim.status == Status.UNUSABLE
    assert Notice.objects.filter(kind="claim_unusable", account=claim.insured.account).count() == 1


def test_a_doubtful_image_is_verified_at_once(work: Work):
    claim = factories.received()
    document = first_clean(claim)
    path_of(document).unlink()
    page = document.pages.get()
    page.key = "0" * 32
    with pytest.raises(documents.Doubtful):
        documents.read(page=page, by=factories.agent())
    work()
    claim.refresh_from_db()
    assert claim.status == Status.UNUSABLE


def test_the_commands_look_at_every_file_and_say_what_they_found(work: Work, capsys, learn: Learn, settings):
    claim = factories.complete()
    factories.attachment(claim, paper="translation", content=carrier())
    claim = factories.received(claim=claim)
    call_command("verify_vault")
    assert "perdus" in capsys.readouterr().out
    learn(VIRUS)
    with pytest.raises(SystemExit):
        call_command("rescan")
    assert "1 avec un virus, 0 perdus" in capsys.readouterr().out
    lost = first_clean(claim)
    path_of(lost).unlink()
    with pytest.raises(SystemExit):
        call_command("verify_vault")
    assert f"Pièce {lost.pk} : perdue" in capsys.readouterr().out
    settings.CLAMD = "127.0.0.1:1"
    queries.antivirus.cache_clear()
    with pytest.raises(CommandError, match="relancez"):
        call_command("rescan")


def test_supervisors_get_one_message_for_each_outage(work: Work, settings, frozen: time_machine.Traveller):
    scanner, settings.CLAMD = settings.CLAMD, "127.0.0.1:1"
    queries.antivirus.cache_clear()
    supervisors = [factories.actor(Role.SUPERVISOR).account for _ in range(2)]
    alerts = Notice.objects.filter(kind="scans_stalled")
    factories.sent()
    upkeep.alert_of_stalled_scans()
    assert not alerts.exists()
    for _ in range(3):
        frozen.shift(timedelta(minutes=16))
        factories.sent()
        upkeep.alert_of_stalled_scans()
    assert {alert.account for alert in alerts.all()} == {*supervisors}
    assert alerts.count() == 2

    settings.CLAMD = scanner
    queries.antivirus.cache_clear()
    work(later=True)
    upkeep.alert_of_stalled_scans()
    assert not Claim.objects.filter(status=Status.SENT).exists()
    assert Entry.objects.filter(event="scan.resume").count() == 1

    settings.CLAMD = "127.0.0.1:1"
    queries.antivirus.cache_clear()
    factories.sent()
    frozen.shift(timedelta(minutes=16))
    upkeep.alert_of_stalled_scans()
    assert alerts.count() == 4


def test_what_waits_without_a_task_is_queued_again_and_nothing_else(work: Work):
    forgotten, queued = factories.sent(), factories.sent()
    pending = ProcrastinateJob.objects.filter(task_name="scan_claim")
    entry = Entry.objects.get(event="claim.submit", subject=f"claims.claim:{forgotten.pk}")
    assert pending.count() == 2
    _forget_job(entry)
    for _ in range(2):
        upkeep.queue_scans_again()
        assert pending.count() == 2
    work()
    assert {Claim.objects.get(pk=one.pk).status for one in (forgotten, queued)} == {Status.IN_PROGRESS}


def _forget_job(entry: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'scan_claim' AND args = %s", [
            json.dumps({"entry": entry.pk})
        ])  # fmt: skip
