"""The accountants read the ledger, which names nobody, take it away, and close its months by two."""

import csv
import io
from datetime import date

from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.journal.models import Entry
from escale.domain.ledger.lifecycle import Status
from escale.domain.ledger.models import AccountingEntry, AccountingMonth
from escale.rules.accounting import Event
from tests import factories
from tests.domain.ledger.entries import closed, committed, posted
from tests.web.agents.conftest import at_counter, text

BOOKS = "/gestion/comptabilite/livres/"
AUGUST = f"{BOOKS}2026-08/"


def rows(client: Client, address: str) -> list[dict[str, str]]:
    """The lines of a CSV file."""
    said = b"".join(client.get(address)).decode()
    return list(csv.DictReader(io.StringIO(said), delimiter=";"))


def test_it_is_empty_until_something_is_posted(cash: Client) -> None:
    assert "Aucune écriture" in text(cash.get(BOOKS))
    assert cash.get(AUGUST).status_code == 404
    assert cash.get(f"{BOOKS}hier/").status_code == 404


def test_from_the_balance_to_the_account_to_the_entry_to_its_order(cash: Client, scanning) -> None:
    order = factories.visaed()
    entry = AccountingEntry.objects.filter(piece=order.reference).first() or posted(
        order.reference, party=order.insured, on=date(2026, 9, 15)
    )
    committed()
    month = f"{BOOKS}2026-09/"
    assert month in cash.get(BOOKS).text
    balance = cash.get(month)
    assert "La balance est équilibrée." in text(balance)
    assert f"{month}compte/?compte=4071" in balance.text
    account = cash.get(f"{month}compte/?compte=4071")
    assert f"{BOOKS}ecritures/{entry.pk}/" in account.text
    shown = cash.get(f"{BOOKS}ecritures/{entry.pk}/")
    assert f"/gestion/comptabilite/ordres/{order.reference}/" in shown.text
    assert f"T{order.insured_id:08d}" in text(shown)
    assert order.insured.birth_name not in balance.text + account.text + shown.text


def test_the_entry_of_a_move_between_budgets_leads_to_its_order(cash: Client, scanning) -> None:
    order = factories.visaed()
    entry = posted(f"{order.reference}-M12", party=order.insured)
    assert f"/gestion/comptabilite/ordres/{order.reference}/" in cash.get(f"{BOOKS}ecritures/{entry.pk}/").text


def test_the_person_and_the_order_of_somebody_close_are_not_shown_but_their_line_is(scanning) -> None:
    person = factories.insured(Role.ACCOUNTANT)
    order = factories.ordered(factories.approved(factories.received(person)))
    entry = posted(order.reference, party=person)
    mine = at_counter(factories.Actor(Role.ACCOUNTANT, person.account))
    shown = mine.get(f"{BOOKS}ecritures/{entry.pk}/")
    assert "Tiers non montré" in text(shown)
    assert "12,50" in text(shown)
    assert f"/ordres/{order.reference}/" not in shown.text


def test_entries_are_shown_by_journal_and_page_by_page(cash: Client, monkeypatch) -> None:
    monkeypatch.setattr("escale.web.agents.ledger.PAGE", 2)
    for piece in "ABC":
        posted(piece)
    posted("LOT", event=Event.BATCH_SENT)
    committed()
    first = cash.get(f"{AUGUST}ecritures/?journal=PC")
    assert "PC-2026-2" in first.text
    assert "PC-2026-3" not in first.text
    address = first.context["next"]
    assert "PC-2026-3" in cash.get(f"{AUGUST}ecritures/{address}").text
    assert "BQ-2026-1" in cash.get(f"{AUGUST}ecritures/?journal=BQ").text


def test_the_file_of_entries_balances_names_nobody_and_is_told_to_the_journal(cash: Client) -> None:
    person = factories.insured()
    posted(party=person, amount="1234.50")
    committed()
    lines = rows(cash, f"{AUGUST}ecritures.csv")
    assert [(one["CompteNum"], one["Debit"], one["Credit"], one["CompAuxNum"]) for one in lines] == [
        ("65611", "1234,50", "0,00", ""), ("4071", "0,00", "1234,50", f"T{person.pk:08d}"),
    ]  # fmt: skip
    assert {(one["JournalCode"], one["EcritureNum"], one["EcritureDate"]) for one in lines} == {("PC", "1", "20260814")}
    assert person.birth_name not in str(lines)
    assert Entry.objects.get(event="ledger.export").subject == "ledger.accountingmonth:2026-08-01"
    assert [one["SoldeFinal"] for one in rows(cash, f"{AUGUST}balance.csv")] == ["-1234,50", "1234,50"]


def test_a_month_is_closed_by_two_who_see_what_is_left_in_suspense(cash: Client) -> None:
    month = posted("LOT", event=Event.BATCH_SENT).month
    page = cash.get(f"{AUGUST}cloture/")
    assert "Virements transmis, en attente d’exécution" in text(page)
    assert "Proposer de clore" in text(page)
    assert "Une autre personne" in text(cash.post(f"{AUGUST}cloture/", {"step": "propose"}, follow=True))
    assert "Clore ce mois pour de bon" not in text(cash.get(f"{AUGUST}cloture/"))
    second = at_counter(factories.actor(Role.SECOND_ACCOUNTANT))
    assert "Clore ce mois pour de bon" in text(second.get(f"{AUGUST}cloture/"))
    assert "Mois clos" in text(second.post(f"{AUGUST}cloture/", {"step": "close"}, follow=True))
    assert AccountingMonth.objects.get(pk=month.pk).status == Status.CLOSED


def test_what_can_no_longer_be_done_is_said(cash: Client) -> None:
    closed()
    assert "n’est plus possible" in text(cash.post(f"{AUGUST}cloture/", {"step": "propose"}, follow=True))
    assert cash.post(f"{AUGUST}cloture/", {"step": "autre"}).status_code == 404
