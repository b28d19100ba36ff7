"""A payment in « Mon compte »: made, or come back and why."""

from django.test import Client

from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.domain.payments import bank
from tests.web.insured.conftest import text

ANOTHER_IBAN = "FR1420041010050500013M02606"


def page(visitor: Client, order: PaymentOrder) -> str:
    return text(visitor.get(f"/mon-compte/versements/{order.reference}/"))


def test_a_payment_says_when_it_was_made(visitor: Client, person: InsuredPerson) -> None:
    order = bank.owed(person)
    assert "Ce versement est en cours" in page(visitor, order)
    bank.says(bank.books(bank.sent(order)))
    assert "15 septembre 2026" in page(visitor, order)


def test_one_whose_visa_is_refused_is_not_said_to_be_under_way(visitor: Client, person: InsuredPerson) -> None:
    order = bank.owed(person)
    payments.reject(order=order, reason="Pièce manquante", by=factories.accountant())
    told = page(visitor, order)
    assert "Ce versement n’est pas fait" in told
    assert "un gestionnaire reprend votre demande" in told
    assert "Pièce manquante" not in told


def test_one_that_came_back_says_why_and_what_to_do_until_another_account_is_known(
    visitor: Client, person: InsuredPerson
) -> None:
    order = bank.owed(person)
    bank.says(bank.rejects(bank.sent(order)))
    home = text(visitor.get("/mon-compte/"))
    assert "Un versement n’a pas pu vous parvenir" in home
    assert "42,10" in home
    told = page(visitor, order)
    for words in ("Ce compte est fermé", "FR•• •••• 0189", "Changer mon compte bancaire"):
        assert words in told
    assert order.iban not in told
    factories.pay_on(person, ANOTHER_IBAN)
    assert "Vous n’avez plus rien à faire" in page(visitor, order)
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    assert again.reference in page(visitor, order)
    assert "Un versement n’a pas pu" not in text(visitor.get("/mon-compte/"))


def test_one_that_a_person_has_to_weigh_is_promised_to_nobody(visitor: Client, person: InsuredPerson) -> None:
    order = bank.owed(person)
    bank.says(bank.rejects(bank.sent(order), code="MD07"))
    factories.pay_on(person, ANOTHER_IBAN)
    told = page(visitor, order)
    assert "reste due" not in told
    assert "sous peu" not in told


def test_one_that_the_bank_may_have_paid_after_all_is_not_said_to_be_due(
    visitor: Client, person: InsuredPerson
) -> None:
    order = bank.owed(person)
    batch = bank.sent(order)
    bank.says(bank.rejects(batch))
    bank.says(bank.books(batch))
    factories.pay_on(person, ANOTHER_IBAN)
    told = page(visitor, order)
    assert "reste due" not in told
    assert "sous peu" not in told
