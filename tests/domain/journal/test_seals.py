"""Whatever is done to a sealed journal is found, and told where."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from escale.domain.journal import actions as journal
from escale.domain.journal import queries
from escale.domain.journal.models import Block, Entry
from tests import factories

pytestmark = pytest.mark.django_db

Tamper = Callable[..., None]
INSERT = (
    "INSERT INTO journal_entry (id, event, subject, hat, facts, at) VALUES (%s, 'account.sign_in', 'x:1', '', '{}', %s)"
)


@pytest.fixture
def blocks() -> list[Block]:
    """Three sealed blocks of three entries, one an hour and a half."""
    account, made = factories.account(), []
    for hours in (6, 4.5, 3):
        with time_machine.travel(timezone.now() - timedelta(hours=hours), tick=True):
            for _ in range(3):
                journal.record("account.sign_in", subject=account, actor=account, files=3)
            assert journal.seal() == 3
        made.append(Block.objects.latest("pk"))
    return made


def told() -> set[tuple[int | None, int | None]]:
    return {(fault.block, fault.entry) for fault in queries.faults()}


def test_an_untouched_journal_has_no_fault(blocks: list[Block]):
    assert told() == set()
    assert journal.seal() == 0
    assert queries.holds(queries.anchor())


def test_an_empty_journal_has_no_fault_and_an_anchor():
    assert told() == set()
    assert queries.holds(queries.anchor())


@pytest.mark.parametrize(
    "change",
    [
        "event = 'account.sign_out'",
        "subject = 'accounts.account:999999'",
        "hat = 'agent'",
        "facts = '{\"files\": 4}'",
        "at = at + interval '1 microsecond'",
        "actor_id = NULL",
    ],
)
def test_an_altered_entry_is_found(blocks: list[Block], tamper: Tamper, change: str):
    altered = blocks[1].entry_ids[1]
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", altered)
    assert told() == {(blocks[1].pk, altered)}


def test_a_removed_entry_is_found(blocks: list[Block], tamper: Tamper):
    removed = blocks[0].entry_ids[2]
    tamper("DELETE FROM journal_entry WHERE id = %s", removed)
    assert told() == {(blocks[0].pk, removed)}


def test_an_entry_slipped_among_old_ones_is_found(blocks: list[Block], tamper: Tamper):
    tamper(INSERT, -5, timezone.now() - timedelta(hours=5))
    assert told() == {(None, -5)}


def test_an_entry_with_an_old_date_is_found_once_it_is_sealed(blocks: list[Block], tamper: Tamper):
    forged = Entry.objects.latest("pk").pk + 10
    tamper(INSERT, forged, timezone.now() - timedelta(hours=5))
    journal.seal()
    assert told() == {(Block.objects.latest("pk").pk, forged)}


@pytest.mark.parametrize(
    "change", ["leaves = leaves || 'x'", "entry_ids = entry_ids || 999999::bigint", "sealed_at = now()"]
)
def test_a_changed_block_is_found(blocks: list[Block], tamper: Tamper, change: str):
    tamper(f"UPDATE journal_block SET {change} WHERE id = %s", blocks[1].pk)
    assert (blocks[1].pk, None) in told()
    assert blocks[0].pk not in {block for block, _ in told()}


def test_an_entry_altered_with_its_block_made_anew_is_found_at_the_next_block(blocks: list[Block], tamper: Tamper):
    first = blocks[0]
    tamper("UPDATE journal_entry SET hat = 'agent' WHERE id = %s", first.entry_ids[0])
    leaves = b"".join(queries.leaf(entry) for entry in Entry.objects.filter(pk__in=first.entry_ids).order_by("pk"))
    forged = queries.digest(first.previous, first.entry_ids, leaves, first.sealed_at)
    tamper("UPDATE journal_block SET leaves = %s, digest = %s WHERE id = %s", leaves, forged, first.pk)
    assert told() == {(blocks[1].pk, None)}


def test_a_removed_block_is_found_at_the_next_one(blocks: list[Block], tamper: Tamper):
    tamper("DELETE FROM journal_block WHERE id = %s", blocks[1].pk)
    assert told() == {(blocks[2].pk, None)}


def test_an_end_cut_off_is_found_by_its_anchor(blocks: list[Block], tamper: Tamper):
    anchor = queries.anchor()
    tamper("DELETE FROM journal_block WHERE id = %s", blocks[2].pk)
    tamper("DELETE FROM journal_entry WHERE id = ANY(%s)", blocks[2].entry_ids)
    assert told() == set()
    assert not queries.holds(anchor)


@pytest.mark.parametrize("hours", [0, 3])
def test_an_entry_whose_transaction_ended_late_is_sealed_even_after_a_long_stop(tamper: Tamper, hours: int):
    account = factories.account()
    late = journal.record("account.sign_in", subject=account)
    row = Entry.objects.filter(pk=late.pk).values_list("pk", "at").get()
    tamper("DELETE FROM journal_entry WHERE id = %s", late.pk)  # not committed yet: nobody sees it
    for _ in range(2):
        journal.record("account.sign_in", subject=account)
        journal.seal()
    tamper(INSERT, *row)  # committed
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True):
        assert journal.seal() == 1
        assert journal.seal() == 0
        assert told() == set()


def test_hours_of_work_are_sealed_once_each(tamper: Tamper):
    account = factories.account()
    for hours in (9, 6, 5.5, 5, 2):
        with time_machine.travel(timezone.now() - timedelta(hours=hours), tick=True):
            journal.record("account.sign_in", subject=account)
            assert journal.seal() == 1
            assert journal.seal() == 0
    assert told() == set()


def test_a_long_backlog_is_sealed_block_by_block(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal, "BLOCK_SIZE", 4)
    account = factories.account()
    for _ in range(10):
        journal.record("account.sign_in", subject=account)
    assert [journal.seal() for _ in range(4)] == [4, 4, 2, 0]
    assert told() == set()


def verify(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("verify_journal", *arguments, stdout=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_the_command_says_where_and_ends_in_error(blocks: list[Block], tamper: Tamper):
    anchor = queries.anchor()
    assert verify("--anchor", anchor) == (0, f"Repère : {anchor}\nLe journal est intact.\n")
    tamper("UPDATE journal_entry SET hat = 'agent' WHERE id = %s", blocks[0].entry_ids[0])
    tamper("DELETE FROM journal_block WHERE id = %s", blocks[2].pk)
    code, said = verify("--anchor", anchor)
    assert code == 1
    assert f"Bloc {blocks[0].pk}, inscription {blocks[0].entry_ids[0]} : inscription modifiée." in said
    assert f"Repère {anchor} : le journal ne contient plus ce bloc" in said
