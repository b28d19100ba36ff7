"""What the bank sends back, at the accountants' counter."""

from datetime import date

import pytest
from django.test import Client

from escale.domain.payments import actions as payments
from escale.domain.payments.models import Discrepancy, PaymentOrder
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments import bank
from tests.web.agents.conftest import text

RETURNS = "/gestion/comptabilite/retours/"
ANOTHER_IBAN = "FR1420041010050500013M02606"


def order_page(order: PaymentOrder) -> str:
    return f"/gestion/comptabilite/ordres/{order.reference}/"


def test_the_files_of_the_bank_are_listed_with_what_each_told(cash: Client) -> None:
    order = bank.owed(factories.insured())
    file = bank.says(bank.books(bank.sent(order)), name="avis.xml")
    assert "avis.xml" in text(cash.get(RETURNS))
    page = text(cash.get(f"{RETURNS}{file.pk}/"))
    for words in (order.reference, "Virement exécuté", "15/09/2026", "Appliqué"):
        assert words in page
    assert "Virement exécuté" in text(cash.get(order_page(order)))


def test_one_goes_on_to_older_files(cash: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escale.web.agents.bank_returns.SHOWN", 1)
    batch = bank.sent(bank.owed(factories.insured()))
    bank.says(bank.accepts(batch), name="premier.xml")
    bank.says(bank.books(batch), name="second.xml")
    latest = cash.get(RETURNS).text
    assert "second.xml" in latest
    assert "premier.xml" not in latest
    older = latest.partition('href="?avant=')[2].partition('"')[0]
    assert "premier.xml" in text(cash.get(f"{RETURNS}?avant={older}"))


def test_what_came_back_is_ordered_again_once_another_account_is_known(cash: Client) -> None:
    person = factories.insured()
    order = bank.owed(person)
    bank.says(bank.rejects(bank.sent(order)))
    page = text(cash.get(order_page(order)))
    assert "Compte clos" in page
    assert "aucun autre n’est connu" in page
    again = f"{order_page(order)}reemettre/"
    assert "aucun autre n’est connu" in text(cash.post(again, follow=True))
    factories.pay_on(person, ANOTHER_IBAN)
    person.bank_accounts.update(valid_from=date(2026, 9, 1))
    assert order.reference in text(cash.get(RETURNS))
    assert f"{order.reference}-R2" in text(cash.post(again, follow=True))
    assert order.reference not in text(cash.get(RETURNS))
    assert "Remplacé par l’ordre" in text(cash.get(order_page(order)))


def test_a_discrepancy_shows_all_that_is_known_and_is_explained_once(cash: Client) -> None:
    order = bank.owed(factories.insured())
    batch = bank.sent(order)
    bank.says(bank.books(batch))
    bank.says(bank.rejects(batch))
    assert "1 écart à rapprocher" in text(cash.get(RETURNS))
    discrepancy = Discrepancy.objects.get()
    address = f"/gestion/comptabilite/ecarts/{discrepancy.pk}/"
    page = text(cash.get(address))
    for words in (order.reference, "42,10 €", "AC04", "qu’elle a déjà exécuté"):
        assert words in page
    assert "Dites ce que vous avez trouvé" in text(cash.post(address, {"words": " "}))
    found = {"verdict": "nothing", "words": "La banque s’est trompée."}
    assert "un autre comptable doit la confirmer" in text(cash.post(address, found, follow=True))
    page = text(cash.get(address))
    assert "La banque s’est trompée." in page
    assert "Confirmer" not in page
    assert "relisez-la" in text(cash.post(f"{address}reponse/", follow=True))
    discrepancy.refresh_from_db()
    seen = {"lu": discrepancy.explanation}
    assert "Une autre personne confirme" in text(cash.post(f"{address}reponse/", seen, follow=True))
    payments.reconcile(discrepancy=discrepancy, by=factories.accountant())
    assert "Rapproché par" in text(cash.get(address))


def test_a_reissue_whose_visa_is_refused_is_still_there_to_be_ordered_again(cash: Client) -> None:
    order = bank.owed(factories.insured())
    bank.says(bank.rejects(bank.sent(order)))
    factories.pay_on(order.insured, ANOTHER_IBAN)
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    refused = cash.post(f"{order_page(again)}refuser/", {"reason": "RIB à vérifier"}, follow=True)
    assert "la somme reste due" in text(refused)
    assert "1 virement revenu" in text(refused)
    assert again.reference in text(cash.get(RETURNS))
    assert "Ordonner de nouveau" in text(cash.get(order_page(again)))


def test_the_page_of_a_reissue_says_that_the_first_may_be_paid(cash: Client) -> None:
    order = bank.owed(factories.insured())
    batch = bank.sent(order)
    bank.says(bank.rejects(batch))
    factories.pay_on(order.insured, ANOTHER_IBAN)
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    bank.says(bank.books(batch))
    assert "la banque l’a peut-être payé" in text(cash.get(order_page(again)))


def test_nothing_is_issued_again_while_the_bank_may_have_paid_it() -> None:
    person = factories.insured()
    order = bank.owed(person)
    batch = bank.sent(order)
    bank.says(bank.rejects(batch))
    bank.says(bank.books(batch))
    factories.pay_on(person, ANOTHER_IBAN)
    order.refresh_from_db()
    with pytest.raises(StepRefused, match="attend d’être rapproché"):
        payments.reissue(order=order, by=factories.accountant())
