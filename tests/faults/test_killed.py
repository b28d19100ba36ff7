"""`kill -9` at any moment: what was acknowledged is there, the rest is as if it had never begun."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.notices.models import Notice
from escale.domain.payments import queries as payments
from escale.jobs.schedule import take_up_stalled
from tests import factories
from tests.conftest import Work
from tests.faults.conftest import is_alone, until
from tests.house import HOUSE


def test_a_sender_killed_at_any_moment_leaves_complete_drafts_and_claims_completely_sent(
    environ: dict[str, str], home: Path
):
    person = factories.insured()
    command = [sys.executable, "-m", "tests.faults.sender", str(person.pk)]
    said = subprocess.run(command, cwd=HOUSE, env=environ, check=True, capture_output=True, text=True).stdout
    until(is_alone)
    acknowledged: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for what, *words in map(str.split, said.splitlines()):
        acknowledged[what].add(tuple(words))

    claims = {str(claim.pk): claim for claim in Claim.objects.all()}
    assert {pk for (pk,) in acknowledged["draft"]} <= set(claims)
    assert {pk for (pk,) in acknowledged["sent"]} <= {pk for pk, claim in claims.items() if claim.status == Status.SENT}
    held = {(str(a.claim_id), a.document.sha256) for a in Attachment.objects.select_related("document")}
    assert acknowledged["file"] <= held
    for claim in claims.values():
        _is_whole(claim)
    for document in Document.objects.all():
        assert queries.vault().digest(document.key) == document.sha256
    assert acknowledged["sent"], "nobody lived long enough"
    assert len(claims) > len(acknowledged["sent"]), "nobody was killed in the middle"

    _grow_old(home / "vault")
    documents.sweep(others=payments.known)
    assert {path.name for path in (home / "vault").glob("??/*")} == {d.key for d in Document.objects.all()}


def _is_whole(claim: Claim) -> None:
    """Tell a complete draft, or a claim completely sent, from anything between them."""
    submitted = journal.of(name_of(claim)).filter(event="claim.submit").first()
    queued = _queued(submitted.pk) if submitted else []
    if claim.status == Status.DRAFT:
        assert (submitted, claim.sent_at, claim.due_on) == (None, None, None)
    else:
        assert claim.status == Status.SENT
        assert claim.sent_at
        assert claim.due_on
        assert submitted
        assert submitted.facts == {"files": claim.attachments.count()} == {"files": 3}
        assert queued == ["acknowledge_claim", "scan_claim"]


def _queued(entry: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE args->'entry' = to_jsonb(%s) ORDER BY id", [entry]
        )
        return [name for (name,) in cursor.fetchall()]


def _grow_old(vault: Path) -> None:
    before = time.time() - timedelta(days=2).total_seconds()
    for path in [*vault.glob("??/*"), *vault.glob("??/.*")]:
        os.utime(path, (before, before))


def test_a_worker_killed_during_a_scan_is_replaced_and_the_scan_is_done_once(
    environ: dict[str, str], request: pytest.FixtureRequest, work: Work, home: Path
):
    claim = factories.sent()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a scanner that listens and never answers
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker", "-q", "default,scan"],
            cwd=HOUSE,
            env=environ | {"ESCALE_CLAMD": address},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            silent.settimeout(15)
            scanning, _ = silent.accept()
            with scanning:
                worker.send_signal(signal.SIGKILL)
                worker.wait()
        finally:
            worker.kill()
            worker.wait()
    until(is_alone)
    assert _jobs("scan_claim") == ["doing"]

    request.getfixturevalue("scanning")
    work()
    assert _jobs("scan_claim") == ["doing"]  # its worker may still live, for all that is known

    _let_half_a_minute_pass()
    take_up_stalled.defer(timestamp=0)
    work()
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS
    assert _jobs("scan_claim") == ["succeeded"]
    for document in Document.objects.all():
        assert document.status == DocumentStatus.CLEAN
        assert [e.event for e in journal.of(name_of(document))] == ["document.open", "document.clear"]
    assert Notice.objects.count() == len(list((home / "mail").glob("*.eml"))) == 1


def _jobs(task: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [status for (status,) in cursor.fetchall()]


def _let_half_a_minute_pass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 seconds'")
