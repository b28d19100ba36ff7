"""The auditor reads what happened: no content, nobody's name, and their own reading is in it."""

import csv
import io

import pytest
from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.journal import actions as journal
from escale.domain.journal.models import Block, Entry
from escale.web.agents.journal import PAGE
from tests import factories
from tests.web.agents.conftest import at_counter, text


@pytest.fixture
def audit(db) -> Client:
    return at_counter(factories.actor(Role.AUDITOR))


def test_it_is_searched_by_event_subject_hat_and_days(audit: Client) -> None:
    claim = factories.draft()
    subject = f"claims.claim:{claim.pk}"
    row = f"<td>{subject}</td>"
    for asked in ({"event": "claim."}, {"subject": subject}, {"subject": "claims.claim"}, {"hat": "insured"},
                  {"since": "2026-09-15", "until": "2026-09-15"}):  # fmt: skip
        assert row in audit.get("/gestion/journal/", asked).text, asked
    for asked in ({"event": "payment"}, {"subject": f"{subject}0"}, {"subject": "claims.cla"}, {"hat": "agent"},
                  {"until": "2026-09-14"}):  # fmt: skip
        assert row not in audit.get("/gestion/journal/", asked).text, asked


def test_a_day_that_does_not_exist_is_said_at_its_field(audit: Client) -> None:
    page = audit.get("/gestion/journal/", {"since": "2026-02-31"})
    assert "<title>Erreur" in page.text
    assert "Cette date n’existe pas" in text(page)


def test_it_says_no_name_nor_number_of_anybody(audit: Client, scanning) -> None:
    claim = factories.approved(factories.received())
    page, export = audit.get("/gestion/journal/"), audit.get("/gestion/journal.csv")
    said = page.text + b"".join(export).decode()
    person = claim.insured
    for words in (person.nir, person.birth_name, person.account.name, person.account.email, factories.IBAN):
        assert words not in said


def test_reading_and_exporting_it_are_written_in_it(audit: Client) -> None:
    audit.get("/gestion/journal/", {"event": "claim", "since": "2026-09-01"})
    b"".join(audit.get("/gestion/journal.csv"))
    assert [
        (entry.event, entry.facts) for entry in Entry.objects.filter(event__startswith="journal.").order_by("pk")
    ] == [
        ("journal.read", {"since": "2026-09-01"}),
        ("journal.export", {}),
    ]


def test_the_export_holds_every_entry_asked_for_and_the_page_fifty(audit: Client) -> None:
    person = factories.insured()
    for _ in range(PAGE + 3):
        journal.record("claim.change", subject=person)
    rows = list(
        csv.reader(io.StringIO(b"".join(audit.get("/gestion/journal.csv?event=claim.change")).decode()), delimiter=";")
    )
    assert len(rows) == 1 + PAGE + 3
    first = audit.get("/gestion/journal/?event=claim.change")
    assert first.text.count("<td>claim.change</td>") == PAGE
    older = first.text.partition('icon-right" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert audit.get(f"/gestion/journal/{older}").text.count("<td>claim.change</td>") == 3


def test_it_says_how_far_it_is_sealed(audit: Client) -> None:
    factories.draft()
    journal.seal()
    block = Block.objects.get()
    assert str(block) in text(audit.get("/gestion/journal/"))


def test_it_says_that_a_stay_was_settled_and_not_which(audit: Client, scanning) -> None:
    claim = factories.received()
    facts = {"before": ["DJ", "posting", "2025-09-01", ""], "after": ["SN", "mission", "2025-10-02", "", "opex"]}
    claim.advance("settle_stay", by=factories.agent(), **facts, grounds=["posting"], lines=[1])
    asked = "?event=claim.settle_stay"
    page, export = audit.get(f"/gestion/journal/{asked}"), audit.get(f"/gestion/journal.csv{asked}")
    for said in (page.text.partition("<tbody")[2], b"".join(export).decode()):
        assert "claim.settle_stay" in said
        assert "grounds" in said
        for told in ("DJ", "SN", "mission", "2025-09-01", "2025-10-02", "opex"):
            assert told not in said, told
