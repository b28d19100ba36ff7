"""The accountants compare the bank with the ledger, enter what comes of no order, and read the account of a person."""

from datetime import date

import pytest
from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments.models import Discrepancy, PaymentOrder
from escale.domain.registry.models import InsuredPerson, Reading
from escale.rules.reconciling import Nature, Verdict
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.statements import Movement, statement
from tests.web.agents.conftest import at_counter, text

ROOM = "/gestion/comptabilite/"
COMPARED = f"{ROOM}rapprochement/"
CHARGES = Movement("3.50", "DBIT", "R1", "FRAIS DE TENUE")


def executed(person: InsuredPerson | None = None) -> PaymentOrder:
    order = bank.owed(person or factories.insured())
    bank.says(bank.books(bank.sent(order)))
    return order


def test_each_statement_is_beside_the_ledger_with_what_explains_the_difference(cash: Client) -> None:
    assert "Aucun relevé" in text(cash.get(COMPARED))
    bank.says(statement("1000.00", on=date(2026, 9, 14), number=1, opening="1000.00"))
    executed()
    bank.says(statement("954.40", number=3, opening="1000.00", moved=[CHARGES]))
    page = text(cash.get(COMPARED))
    for words in (
        "Le relevé n° 2 manque.",
        "-3,50 € : faits pas encore écrits",
        "avant le premier relevé",
        "Expliqué",
    ):
        assert words in page
    assert "inexpliqués" not in page
    assert f"{ROOM}ecarts/{Discrepancy.objects.get().pk}/" in cash.get(COMPARED).text
    assert "Aucun relevé" in text(cash.get(f"{COMPARED}?mois=2026-08&compte=99"))
    for never in ("hier", "0001-01", "9999-12"):
        assert cash.get(f"{COMPARED}?mois={never}").status_code == 404


def test_a_movement_that_comes_of_no_order_is_entered_from_its_page_by_two(cash: Client) -> None:
    bank.says(statement("0.00", moved=[CHARGES]))
    told = Discrepancy.objects.get()
    address = f"{ROOM}ecarts/{told.pk}/"
    assert "Frais de la banque (débit 627, crédit 515)" in text(cash.get(address))
    typed = {"verdict": "entry", "words": "Relevé n° 12."}
    assert "Choisissez l’écriture à passer." in text(cash.post(address, typed))
    found = cash.post(address, typed | {"nature": "bank_charges"}, follow=True)
    assert "un autre comptable doit la confirmer" in text(found)
    second = at_counter(factories.actor(Role.SECOND_ACCOUNTANT))
    told.refresh_from_db()
    seen = {"lu": told.explanation}
    assert "Écart rapproché." in text(second.post(f"{address}reponse/", seen, follow=True))
    entry = AccountingEntry.objects.get(event="bank_charges")
    assert f"{ROOM}livres/ecritures/{entry.pk}/" in cash.get(address).text
    assert address in cash.get(f"{ROOM}livres/ecritures/{entry.pk}/").text


def test_what_waits_for_another_is_apart_and_the_rest_is_gone_through_page_by_page(monkeypatch) -> None:
    monkeypatch.setattr("escale.web.agents.discrepancies.SHOWN", 2)
    bank.says(statement("0.00", moved=[Movement("1.00", reference=f"R{rank}") for rank in range(4)]))
    explained, *others = Discrepancy.objects.order_by("pk")
    by, address = factories.accountant(), f"{ROOM}ecarts/"
    bank.payments.explain(discrepancy=explained, verdict=Verdict.ENTRY, nature=Nature.RECEIPT, words="Vu.", by=by)
    first = at_counter(by).get(address)
    assert first.context["waiting"] == others[:2]
    assert "1 écart que vous avez expliqué" in text(first)
    following = at_counter(by).get(address, {"apres": first.context["after"]})
    assert following.context["waiting"] == others[2:]
    assert at_counter(by).get(address, {"miens": 1}).context["waiting"] == [explained]
    assert at_counter(factories.accountant()).get(address).context["waiting"] == [explained, others[0]]


def test_what_concerns_an_order_is_not_proposed_as_an_entry(cash: Client) -> None:
    order = executed()
    bank.says(bank.rejects(PaymentOrder.objects.get(pk=order.pk).batch))
    page = text(cash.get(f"{ROOM}ecarts/{Discrepancy.objects.get().pk}/"))
    assert "La banque a payé" in page
    assert "à passer en écriture" not in page


def test_transfers_without_an_answer_are_counted_and_listed_page_by_page(
    cash: Client, frozen, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, next_one = bank.owed(factories.insured()), bank.owed(factories.insured())
    batch = bank.sent(order, next_one)
    silent = f"{ROOM}sans-reponse/"
    assert "La banque a répondu" in text(cash.get(silent))
    frozen.move_to(batch.execution_on.isoformat())
    frozen.shift(5 * 86_400)
    second = at_counter(factories.actor(Role.ACCOUNTANT))
    assert "2 virements sans réponse" in text(second.get(ROOM))
    monkeypatch.setattr("escale.web.agents.balancing.SHOWN", 1)
    first = second.get(silent).text
    assert order.reference in first
    assert next_one.reference not in first
    after = first.partition('href="?apres=')[2].partition('"')[0]
    assert next_one.reference in text(second.get(f"{silent}?apres={after}"))


@pytest.mark.usefixtures("scanning")
def test_the_accounts_of_a_person_are_lettered_named_by_a_number_and_not_shown_to_the_close(cash: Client) -> None:
    order = executed(factories.insured(Role.ACCOUNTANT))
    address = f"{ROOM}livres/tiers/{order.insured_id}/"
    assert address in cash.get(f"{ROOM}livres/2026-09/compte/?compte=4071").text
    page = text(cash.get(address))
    assert f"Tiers T{order.insured_id:08d}" in page
    assert "soldé" in page
    assert order.insured.birth_name not in page
    assert Reading.objects.filter(insured=order.insured).exists()
    mine = at_counter(factories.Actor(Role.ACCOUNTANT, order.insured.account))
    assert mine.get(address).status_code == 404
    assert cash.get(f"{ROOM}livres/tiers/{factories.insured().pk}/").status_code == 404


def test_the_account_of_a_person_is_whole_at_its_latest_lines_and_followed_back(cash: Client, monkeypatch) -> None:
    person = factories.insured()
    for _ in range(3):
        executed(person)
    monkeypatch.setattr("escale.web.agents.parties.SHOWN", 4)
    address = f"{ROOM}livres/tiers/{person.pk}/"
    shown = cash.get(address)
    assert "soldé" in text(shown)
    [benefits] = shown.context["accounts"]
    assert [letters for _, letters, _ in benefits.lines] == ["B", "B", "C", "C"]
    older = cash.get(f"{address}?compte=4071&avant={benefits.before}")
    [benefits] = older.context["accounts"]
    assert [letters for _, letters, _ in benefits.lines] == ["A", "A"]
    assert "soldé" in text(older)
    assert benefits.before is None


def test_an_account_says_what_it_comes_to_after_each_line_from_page_to_page(cash: Client, monkeypatch) -> None:
    monkeypatch.setattr("escale.web.agents.ledger.PAGE", 2)
    for _ in range(3):
        order = bank.owed(factories.insured())
        bank.payments.visa(orders=[order], by=factories.accountant())
    first = cash.get(f"{ROOM}livres/2026-09/compte/?compte=4071")
    assert "84,20 € C" in text(first)
    following = text(cash.get(f"{ROOM}livres/2026-09/compte/{first.context['next']}"))
    assert "126,30 € C" in following
    assert "84,20" not in following
