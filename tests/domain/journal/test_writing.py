"""What is written in the journal stays, and says nothing of anybody."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from escale.domain.journal import actions as journal
from escale.domain.journal import queries
from escale.domain.journal.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Entry:
    account = factories.account()
    return journal.record("account.sign_in", subject=account, actor=account)


@pytest.mark.parametrize("table", ["journal_entry", "journal_block"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses_to_change_the_journal(entry: Entry, statement: str, table: str):
    journal.seal()
    connection.check_constraints()  # else PostgreSQL would refuse for what it has still to check
    with pytest.raises(Error, match="the journal is written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert Entry.objects.get() == entry


def test_what_happened_is_told_with_its_author_and_their_hat(entry: Entry):
    assert [(e.event, e.actor, e.subject) for e in queries.of(entry.subject)] == [
        ("account.sign_in", entry.actor, f"accounts.account:{entry.actor_id}")
    ]


NIR, NIR_OF_CORSICA = "185038313000138", "285032A00401234"


@pytest.mark.parametrize(
    "fact",
    [
        "Alix Exemple",
        "été",
        "2026-09-15\n",
        "x" * 81,
        *[written for nir in (NIR, NIR_OF_CORSICA) for written in (nir, nir.lower(), nir[:13], f"n:{nir}")],
        "1 85 03 83 130 001 38",
        "1-85-03-83-130-001-38",
        factories.IBAN,
        factories.IBAN.lower(),
        "FR76-3000-6000-0112-3456-7890-189",
    ],
)
def test_a_fact_that_could_name_somebody_is_refused(fact: str):
    with pytest.raises(journal.Indiscreet):
        journal.record("account.sign_in", subject=factories.account(), fact=fact)
    with pytest.raises(journal.Indiscreet):
        journal.record("account.sign_in", subject=factories.account(), fact=["ok", fact])
    assert not Entry.objects.exists()


def test_codes_dates_and_amounts_are_kept_as_they_are_written():
    account = factories.account()
    facts = {
        "code": "AMK-9.5",
        "total": Decimal("12.50"),
        "on": date(2026, 9, 15),
        "files": 3,
        "sure": True,
        "no": None,
    }
    entry = journal.record("account.sign_in", subject=account, **facts)
    entry.refresh_from_db()
    assert entry.facts == {**facts, "total": "12.50", "on": "2026-09-15"}


def test_followers_work_inside_the_transaction_that_writes(monkeypatch: pytest.MonkeyPatch):
    def refuse(entries: Sequence[Entry]) -> None:
        raise RuntimeError(entries[0].event)

    monkeypatch.setattr(journal, "_followers", [refuse])
    with pytest.raises(RuntimeError), transaction.atomic():
        journal.record("account.sign_in", subject=factories.account())
    assert not Entry.objects.exists()


def test_the_same_entry_has_the_same_leaf_when_it_is_read_again(entry: Entry):
    assert queries.leaf(entry) == queries.leaf(Entry.objects.get())


@given(st.text(max_size=100))
def test_no_text_with_a_space_or_an_accent_passes(text: str):
    if any(not sign.isascii() or sign.isspace() for sign in text):
        with pytest.raises(journal.Indiscreet):
            journal._discreet("fact", text)
