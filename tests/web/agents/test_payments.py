"""The accountant's counter."""

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Hat, Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch, PaymentOrder, Reimputation
from tests import factories, supervised
from tests.domain.payments import bank
from tests.web.agents.conftest import at_counter, text, waiting

HOME = "/gestion/comptabilite/"


@pytest.fixture
def order(claim: Claim) -> PaymentOrder:
    return factories.ordered(factories.approved(claim))


def status(order: PaymentOrder) -> str:
    return PaymentOrder.objects.values_list("status", flat=True).get(pk=order.pk)


def test_the_accountant_sees_what_waits_with_a_masked_account(cash: Client, order: PaymentOrder) -> None:
    page = text(cash.get(HOME))
    for words in (order.reference, "Alix Exemple", "FR•• •••• 0189", "19,00 €", str(order.ordered_by)):
        assert words in page
    assert order.iban not in page


def test_several_orders_get_the_visa_at_once(cash: Client, order: PaymentOrder) -> None:
    second = factories.ordered(factories.approved(waiting()))
    cash.post(HOME, {"orders": [order.pk, second.pk]})
    assert {status(order), status(second)} == {OrderStatus.APPROVED}
    assert "2 ordres visés attendent d’être envoyés" in text(cash.get(HOME))


def test_no_order_ticked_is_an_error(cash: Client, order: PaymentOrder) -> None:
    assert "Cochez au moins un ordre" in text(cash.post(HOME, {}))


def test_of_two_accountants_the_second_is_told_that_the_list_has_changed(cash: Client, order: PaymentOrder) -> None:
    factories.visaed(order)
    assert "Un ordre coché n’est plus à viser" in text(cash.post(HOME, {"orders": [order.pk]}))


def test_who_ordered_cannot_give_the_visa(claim: Claim) -> None:
    agent = factories.agent()
    Hat.objects.create(account=agent.account, role=Role.ACCOUNTANT)
    order = factories.ordered(factories.approved(claim, by=agent))
    client = at_counter(Actor(Role.ACCOUNTANT, agent.account))
    assert f'value="{order.pk}"' not in client.get(HOME).content.decode()
    assert "Nul ne décide" in text(client.post(HOME, {"orders": [order.pk]}))
    assert "n’est plus à viser" in text(client.get(f"{HOME}ordres/{order.reference}/refuser/"))
    assert status(order) == OrderStatus.ORDERED


def test_an_accountant_never_sees_the_order_that_pays_them(scanning) -> None:
    person = factories.insured()
    order = factories.ordered(factories.approved(waiting(person)))
    Hat.objects.create(account=person.account, role=Role.ACCOUNTANT)
    client = at_counter(Actor(Role.ACCOUNTANT, person.account))
    assert order.reference not in text(client.get(HOME))
    assert client.get(f"{HOME}ordres/{order.reference}/").status_code == 404


def test_an_order_shows_what_supports_it_and_no_paper(cash: Client, order: PaymentOrder) -> None:
    response = cash.get(f"{HOME}ordres/{order.reference}/")
    page = text(response)
    for words in ("Consultation d’un médecin généraliste", "20 000 XOF", "CSS, art. R. 761-16", "décision : 19,00 €"):
        assert words in page
    assert "<img" not in response.content.decode().split("<main")[1].split("</main>")[0]


def test_a_refused_visa_says_why(cash: Client, order: PaymentOrder) -> None:
    address = f"{HOME}ordres/{order.reference}/refuser/"
    assert "Dites au gestionnaire pourquoi" in text(cash.post(address, {}))
    cash.post(address, {"reason": "Compte à vérifier."})
    assert status(order) == OrderStatus.REJECTED
    assert "Compte à vérifier." in text(cash.get(f"{HOME}ordres/{order.reference}/"))
    assert "n’est plus à viser" in text(cash.get(address))


def test_an_order_that_gave_way_to_another_still_has_its_page(cash: Client, order: PaymentOrder) -> None:
    payments.reject(order=order, reason="Compte à vérifier.", by=factories.accountant())
    claims.reopen(order=order)
    assert "n’est plus celui de la demande" in text(cash.get(f"{HOME}ordres/{order.reference}/"))


def test_a_batch_is_prepared_once_and_downloaded_byte_for_byte_once_it_left(cash: Client, order: PaymentOrder) -> None:
    factories.visaed(order)
    assert "est préparé" not in text(cash.post(f"{HOME}lots/preparer/"))
    batch = Batch.objects.get()
    again = cash.post(f"{HOME}lots/preparer/", follow=True)
    assert "Aucun ordre visé n’attend" in text(again)
    assert Batch.objects.count() == 1
    page = text(cash.get(f"{HOME}lots/"))
    for words in (batch.reference, "19,00 €", "Préparé"):
        assert words in page
    assert batch.sha256 in text(cash.get(f"{HOME}lots/{batch.reference}/"))
    assert cash.get(f"{HOME}lots/{batch.reference}.xml").status_code == 404
    payments.send_batch(batch=batch)
    file = cash.get(f"{HOME}lots/{batch.reference}.xml")
    assert hashlib.sha256(file.getvalue()).hexdigest() == batch.sha256
    assert file["Content-Disposition"] == f'attachment; filename="{batch.reference}.xml"'


def test_the_file_of_a_batch_that_pays_a_protected_person_stays_at_the_bank(cash: Client, order: PaymentOrder) -> None:
    batch = factories.paid(order)
    supervised.protected(order.insured)
    assert "dossier est protégé" in text(cash.get(f"{HOME}lots/{batch.reference}/"))
    assert cash.get(f"{HOME}lots/{batch.reference}.xml").status_code == 404


def test_all_that_a_filter_keeps_gets_the_visa_once_its_number_and_sum_were_seen(
    cash: Client, order: PaymentOrder
) -> None:
    second = factories.ordered(factories.approved(waiting(factories.insured(paid_on_iban=factories.own_iban()))))
    total = order.amount + second.amount
    assert "Aucun ordre ne répond" in text(cash.get(f"{HOME}?minimum=5000"))
    page = cash.get(f"{HOME}viser/?budget=GENERAL&maximum=5000")
    assert "Viser ces 2 ordres" in text(page)
    assert "La liste a changé" in text(cash.post(f"{HOME}viser/", {"count": 1, "total": total}))
    assert "La liste a changé" in text(cash.post(f"{HOME}viser/?budget=ASS", {"count": 2, "total": total}))
    cash.post(f"{HOME}viser/?budget=GENERAL", {"count": 2, "total": total})
    assert {status(order), status(second)} == {OrderStatus.APPROVED}


def test_what_is_paid_on_the_account_of_another_family_gets_no_visa_unseen(cash: Client, order: PaymentOrder) -> None:
    assert "Compte partagé" not in text(cash.get(HOME))
    other = factories.ordered(factories.approved(waiting()))
    assert text(cash.get(HOME)).count("Compte partagé") == 2
    assert "Aucun ordre que vous puissiez viser ainsi" in text(cash.get(f"{HOME}viser/"))
    seen = {"count": 2, "total": order.amount + other.amount}
    assert "La liste a changé" in text(cash.post(f"{HOME}viser/", seen))
    cash.post(HOME, {"orders": [order.pk, other.pk]})
    assert {status(order), status(other)} == {OrderStatus.APPROVED}


def test_shared_accounts_do_not_take_the_place_of_the_others_in_a_visa(
    cash: Client, order: PaymentOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.owed(factories.insured(), "40.00")
    for amount in ("2.10", "3.20"):
        bank.owed(factories.insured(paid_on_iban=factories.own_iban()), amount)
    monkeypatch.setattr("escale.domain.payments.queries.MOST_AT_ONCE", 1)
    page = text(cash.get(f"{HOME}viser/"))
    assert "2,10 €" in page
    assert "porte sur 1 ordres au plus" in page


def test_an_accountant_who_noted_the_account_reads_that_another_gives_the_visa(cash: Client) -> None:
    agent = factories.actor(Role.COUNTER)
    Hat.objects.create(account=agent.account, role=Role.ACCOUNTANT)
    order = bank.owed(factories.insured())
    order.account.accepted_by = agent.account
    order.account.save()
    own = at_counter(Actor(Role.ACCOUNTANT, agent.account))
    assert "à viser par une autre personne" in text(own.get(HOME))
    assert "Aucun ordre que vous puissiez viser ainsi" in text(own.get(f"{HOME}viser/"))
    address, why = f"{HOME}ordres/{order.reference}/", "vérifié le compte payé : une autre personne le vise"
    assert why in text(own.get(address))
    assert why not in text(cash.get(address))


def test_the_orders_take_as_many_queries_whatever_their_accounts(cash: Client, order: PaymentOrder) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            cash.get(address)
        return len(queries)

    one = [asked(HOME), asked(f"{HOME}viser/")]
    for iban in (factories.IBAN, factories.own_iban(), factories.own_iban()):
        bank.owed(factories.insured(paid_on_iban=iban))
    assert [asked(HOME), asked(f"{HOME}viser/")] == one


def test_a_batch_over_the_threshold_waits_for_a_second_person(cash: Client, order: PaymentOrder, scanning) -> None:
    Batch.objects.filter(pk=(batch := factories.batch(order)).pk).update(wants_signature=True)
    address = f"{HOME}lots/{batch.reference}/"
    payments.send_batch(batch=Batch.objects.get())
    assert Batch.objects.get().status == BatchStatus.PREPARED
    second = at_counter(factories.actor(Role.SECOND_ACCOUNTANT))
    assert "Signer ce lot" in text(second.get(address))
    second.post(f"{address}signer/")
    payments.send_batch(batch=Batch.objects.get())
    assert Batch.objects.get().status == BatchStatus.SENT
    page = text(cash.get(address))
    assert "Transmis à la banque : 1, 19,00 €" in page
    assert order.reference in page


def test_whoever_prepared_or_approved_a_batch_cannot_sign_it_but_may_give_it_up(order: PaymentOrder) -> None:
    by = factories.accountant()
    Batch.objects.filter(pk=(batch := factories.batch(order, by=by)).pk).update(wants_signature=True)
    office, address = at_counter(by), f"{HOME}lots/{batch.reference}/"
    assert "Signer ce lot" not in text(office.get(address))
    office.post(f"{address}signer/")
    assert Batch.objects.get().status == BatchStatus.PREPARED
    office.post(f"{address}signer/", {"abandonner": "1"})
    assert Batch.objects.get().status == BatchStatus.WITHDRAWN
    assert payments.prepare_batch(by=by).count == 1


def test_an_order_moves_to_another_budget_by_two_people_and_its_page_says_so(cash: Client, order: PaymentOrder) -> None:
    address = f"{HOME}ordres/{order.reference}/"
    assert "Choisissez un budget" in text(cash.post(f"{address}reimputer/", {"reason": "Accident de service"}))
    cash.post(f"{address}reimputer/", {"budget": "APIAS", "reason": "Accident de service"})
    move = Reimputation.objects.get()
    assert "Confirmer" not in text(cash.get(address))
    cash.post(f"{HOME}reimputations/{move.pk}/")
    second = at_counter(factories.actor(Role.SECOND_ACCOUNTANT))
    assert order.reference in text(second.get(f"{HOME}budgets/"))
    second.post(f"{HOME}reimputations/{move.pk}/")
    assert "Accidents et maladies imputables au service" in text(second.get(address))
    assert PaymentOrder.objects.get(pk=order.pk).budget == "GENERAL"


def test_other_credits_of_a_budget_are_proposed_by_one_and_put_in_force_by_another(db) -> None:
    office = at_counter(factories.actor(Role.SUPERVISOR))
    page = text(office.get(f"{HOME}budgets/"))
    assert "12 000 000,00 €" in page
    typed = {"ceiling": "13000000", "valid_from": "2026-10-01", "source": "Délibération", "confidence": "official"}
    wrong = typed | {"debtor_name": "CNMSS", "debtor_iban": "FR00"}
    assert "Erreur" in text(office.post(f"{HOME}budgets/ASS/proposer/", wrong))
    wrong |= {"debtor_iban": factories.IBAN, "debtor_bic": "BANQUE"}
    assert "Ce BIC n’en est pas un" in text(office.post(f"{HOME}budgets/ASS/proposer/", wrong))
    said = text(office.post(f"{HOME}budgets/ASS/proposer/", typed, follow=True))
    assert "13 000 000,00 €" in said
    assert "au lieu de : 12 000 000,00 €" in said


def test_the_pages_of_money_take_few_queries(cash: Client, order: PaymentOrder, django_assert_max_num_queries) -> None:
    for _ in range(5):
        factories.approved(waiting())
    with django_assert_max_num_queries(22):
        cash.get(HOME)
    cash.get(f"{HOME}ordres/{order.reference}/")  # the first time in an hour leaves a line
    with django_assert_max_num_queries(21):
        cash.get(f"{HOME}ordres/{order.reference}/")
    batch = factories.batch(order)
    for address in (f"{HOME}lots/", f"{HOME}lots/{batch.reference}/", f"{HOME}budgets/", f"{HOME}viser/"):
        with django_assert_max_num_queries(12):
            cash.get(address)


def test_an_account_shared_with_another_family_warns_until_the_order_is_in_a_batch(cash: Client) -> None:
    factories.insured()
    order = bank.owed(factories.insured())
    address = f"{HOME}ordres/{order.reference}/"
    assert "aussi celui d’un assuré d’une autre famille" in text(cash.get(address))
    factories.batch(order)
    assert "autre famille" not in text(cash.get(address))
