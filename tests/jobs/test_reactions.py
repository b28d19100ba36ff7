"""What follows is said on one page, for every event and no other; and it follows once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from escale.domain.claims import actions as claims
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.jobs.management.commands.draw_lifecycles import cases
from escale.jobs.reactions import REACTIONS
from tests import factories
from tests.conftest import Work
from tests.house import HOUSE


def _written_by_hand() -> Iterator[str]:
    """The events that an action writes with `journal.record`, outside any lifecycle."""
    for path in (HOUSE / "escale/domain").rglob("*.py"):
        text = path.read_text()
        writers = {"journal.record", "_record" if "def _record(event: str" in text else ""}
        writers |= {"record"} if path.parent.name == "journal" else set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in writers:
                match node.args[0]:
                    case ast.Constant(value=event):
                        yield event
                    case ast.IfExp(body=ast.Constant(value=one), orelse=ast.Constant(value=other)):
                        yield from (one, other)
                    case ast.Name(id="event"):  # what `_record` was given in full
                        assert "_record" in writers, path
                    case _:
                        assert path.name == "case.py", f"{path}: an event must be written in full"


def test_every_event_says_what_follows_and_nothing_else_does():
    events = {event for case in cases() for event in case.LIFECYCLE.events()}
    assert set(REACTIONS) == events | set(_written_by_hand())


def queued() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_nothing_follows_from_what_did_not_happen():
    claim = factories.complete()
    with transaction.atomic():
        claims.submit(claim=claim, certified=True, by=factories.owner(claim))
        assert queued() == ["acknowledge_claim", "scan_claim"]
        transaction.set_rollback(True)
    assert queued() == []


@pytest.mark.usefixtures("frozen", "scanning")
def test_every_task_may_be_run_again_without_harm(work: Work, home: Path):
    batch = factories.batch(factories.ordered(factories.approved(factories.received())))
    factories.scanned(factories.sent(claim=factories.infected()))
    factories.refused()
    work()
    batch.refresh_from_db()
    before = _state(home)
    assert before["events"]["batch.send"] == 1
    for entry in Entry.objects.order_by("pk"):
        for task in REACTIONS[entry.event]:
            task.defer(entry=entry.pk)
    work()
    assert _failed() == []
    assert _state(home) == before


def _failed() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE status <> 'succeeded' AND queue_name <> 'read'"
        )  # papers are read by machine by a worker of their own
        return [name for (name,) in cursor.fetchall()]


def _state(home: Path) -> dict[str, dict[str, object]]:
    events = list(Entry.objects.values_list("event", flat=True))
    return {
        "events": {event: events.count(event) for event in events},
        "notices": dict(Notice.objects.values_list("pk", "status")),
        "files": {path.name: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()},
    }
