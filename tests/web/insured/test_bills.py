"""Bills and their lines."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from escale.domain.claims.models import Bill, ClaimLine
from tests import factories
from tests.web.insured.conftest import text, title


def at(name, claim, *more):
    return reverse(f"insured:{name}", args=[claim.number, *more])


@pytest.fixture
def claim(person):
    return factories.draft(person, territory="CI")


@pytest.fixture
def bill(claim):
    return factories.bill(claim, currency="XOF")


LINE = {"given_on": "2026-09-01", "care": "generalist", "amount": "15 000", "paid_elsewhere": ""}


def test_a_bill_is_added_then_its_lines_one_after_the_other(visitor, claim):
    assert '<option value="XOF" selected>' in text(visitor.get(at("add_bill", claim)))
    posted = {"provider": "Clinique du Plateau", "currency": "XOF", "paid_on": "2026-09-02"}
    answer = visitor.post(at("add_bill", claim), posted)
    bill = Bill.objects.get()
    assert answer.url == at("add_line", claim, bill.pk)
    assert "Montant payé, en franc CFA (BCEAO)" in text(visitor.get(answer.url))
    assert visitor.post(answer.url, LINE | {"another": "1"}).url == at("add_line", claim, bill.pk)
    assert visitor.post(answer.url, LINE | {"paid_elsewhere": "2 000"}).url == at("bills", claim)
    assert list(ClaimLine.objects.values_list("amount", "paid_elsewhere").order_by("pk")) == [
        (Decimal(15_000), Decimal(0)), (Decimal(15_000), Decimal(2_000)),
    ]  # fmt: skip
    assert "Environ 22,87\u00a0€" in text(visitor.get(at("bills", claim)))


def test_a_page_sent_again_adds_nothing_and_what_is_typed_instead_from_the_same_page_is_added(visitor, bill):
    adding = at("add_line", bill.claim, bill.pk)
    drawn = LINE | {"request_key": drawn_key(visitor.get(adding))}
    assert visitor.post(adding, drawn | {"another": "1"}).url == adding
    assert visitor.post(adding, drawn).url == at("bills", bill.claim)
    assert visitor.post(adding, drawn | {"amount": "20 000"}).url == at("bills", bill.claim)
    assert list(bill.lines.values_list("amount", flat=True).order_by("pk")) == [15_000, 20_000]
    assert visitor.post(adding, LINE | {"request_key": drawn_key(visitor.get(adding))}).status_code == 302
    assert bill.lines.count() == 3


def drawn_key(page):
    return re.search(r'name="request_key" value="([0-9a-f-]{36})"', text(page))[1]


@pytest.mark.parametrize(("fields", "says"), [
    ({"provider": ""}, "Écrivez le nom du praticien"),
    ({"provider": "x" * 300}, "150 caractères au plus"),
    ({"provider": "Clinique\x07\u202edu Plateau"}, "150 caractères au plus"),
    ({"provider": "Clinique\0"}, "caractère"),
    ({"currency": "ZZZ"}, "ZZZ"),
    ({"paid_on": "2026-12-24"}, "La date de paiement est dans le futur"),
])  # fmt: skip
def test_a_bill_that_cannot_be_right_is_not_kept(visitor, claim, fields, says):
    posted = {"provider": "Clinique", "currency": "XOF", "paid_on": ""} | fields
    answer = visitor.post(at("add_bill", claim), posted)
    assert says in text(answer)
    assert title(answer).startswith("Erreur :")
    assert not Bill.objects.exists()


@pytest.mark.parametrize(("fields", "says"), [
    ({"given_on": "2026-12-24"}, "La date des soins est dans le futur"),
    ({"given_on": "1999-01-01"}, "Cette date est trop lointaine"),
    ({"given_on": ""}, "Indiquez cette date"),
    ({"care": "magie"}, "magie"),
    ({"amount": ""}, "Indiquez le montant payé"),
    ({"amount": "-5"}, "supérieur à zéro"),
    ({"amount": "0"}, "supérieur à zéro"),
    ({"amount": "99999999999999999999"}, "Ce montant paraît impossible"),
    ({"amount": "NaN"}, "en chiffres"),
    ({"amount": "15,50"}, "sans décimales"),
    ({"paid_elsewhere": "20 000"}, "ne peut dépasser le montant payé"),
])  # fmt: skip
def test_a_line_that_cannot_be_right_is_not_kept_and_nothing_typed_is_lost(visitor, claim, bill, fields, says):
    answer = visitor.post(at("add_line", claim, bill.pk), LINE | fields)
    assert says in text(answer)
    assert title(answer).startswith("Erreur :")
    assert "15 000" in text(answer) or "amount" in fields
    assert not ClaimLine.objects.exists()


def test_a_currency_without_a_published_rate_never_blocks(visitor, claim):
    factories.line(factories.bill(claim, currency="KPW"), amount=Decimal(900))
    assert "la Caisse fixera le taux et vous dira sa source" in text(visitor.get(at("bills", claim)))


def test_bills_and_lines_are_corrected_and_removed(visitor, claim, bill):
    line = factories.line(bill, amount=Decimal(9_000))
    assert 'value="9000"' in text(visitor.get(at("change_line", claim, line.pk)))
    visitor.post(at("change_line", claim, line.pk), LINE | {"amount": "12 000"})
    line.refresh_from_db()
    assert line.amount == 12_000
    visitor.post(at("change_bill", claim, bill.pk), {"provider": "Autre", "currency": "XAF", "paid_on": ""})
    bill.refresh_from_db()
    assert (bill.provider, bill.currency) == ("Autre", "XAF")
    visitor.post(at("remove_line", claim, line.pk))
    assert not ClaimLine.objects.exists()
    assert "Retirer cette facture ?" in text(visitor.get(at("remove_bill", claim, bill.pk)))
    visitor.post(at("remove_bill", claim, bill.pk))
    assert not Bill.objects.exists()


def test_a_bill_does_not_take_a_currency_in_which_its_amounts_cannot_be_written(visitor, claim):
    bill = factories.bill(claim, currency="USD")
    factories.line(bill, amount=Decimal("12.50"))
    posted = {"provider": "Clinique", "currency": "XOF", "paid_on": ""}
    page = text(visitor.post(at("change_bill", claim, bill.pk), posted))
    assert "Les montants déjà saisis ont des décimales que cette devise n’a pas" in page


def test_the_bill_or_the_line_of_another_claim_does_not_exist(visitor, claim):
    others = factories.line(factories.bill(factories.draft()))
    for name, pk in [("change_bill", others.bill_id), ("remove_bill", others.bill_id), ("add_line", others.bill_id),
                     ("change_line", others.pk)]:  # fmt: skip
        assert visitor.get(at(name, claim, pk)).status_code == 404
    assert visitor.post(at("remove_line", claim, others.pk)).status_code == 404


def test_many_bills_ask_no_more_questions_than_one(visitor, claim, django_assert_max_num_queries):
    for _ in range(6):
        factories.line(factories.bill(claim, currency="USD"))
    visitor.get(at("bills", claim))  # the session notes once a minute that its owner is there
    with django_assert_max_num_queries(10):
        visitor.get(at("bills", claim))
