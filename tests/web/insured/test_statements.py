"""« Mes décomptes »: what the bank paid, year by year, line by line, on the page and on paper."""

import io
from datetime import date

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson, Link
from escale.rules.deadlines import Residence
from escale.rules.scope import Stay
from tests import factories
from tests.domain.claims.families import PROVIDER, draft_for, telling
from tests.domain.mandates import mandates
from tests.domain.payments import bank
from tests.web.insured.conftest import signed_in, text
from tests.web.insured.test_family_secrecy import decided
from tests.web.insured.test_mandates import acting
from tests.web.insured.test_payments import ANOTHER_IBAN

pytestmark = pytest.mark.usefixtures("scanning")

LIST = "/mon-compte/decomptes/"


def paid(claim: Claim, *, on: date | None = None) -> PaymentOrder:
    order = factories.ordered(claim)
    factories.paid(order, on=on)
    order.refresh_from_db()
    return order


def own(person: InsuredPerson, *, on: date | None = None) -> PaymentOrder:
    return paid(factories.approved(factories.received(person)), on=on)


def page(visitor: Client, order: PaymentOrder) -> str:
    return text(visitor.get(f"{LIST}{order.reference}/"))


def paper(visitor: Client, address: str) -> str:
    answer = visitor.get(address)
    assert answer["Content-Type"] == "application/pdf"
    sheets = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    return " ".join("".join(sheet.get_textpage().get_text_bounded() for sheet in sheets).split())


def test_a_statement_leads_from_the_price_abroad_to_the_account_line_by_line(visitor, person):
    order = own(person)
    told, written = page(visitor, order), paper(visitor, f"{LIST}{order.reference}/decompte.pdf")
    claim = Claim.objects.get()
    for words in (
        order.reference, claim.number, "Clinique de l’Escale", "50,00", "Taux de change : 1 €",
        "Banque centrale européenne", "tarif de l’acte G", "depuis le", "Participation de l’assuré", "CSS, art.",
        "FR•• •••• 0189", "commission de recours amiable", "CGI, art. 81, 9°", "septembre 2030",
    ):  # fmt: skip
        assert " ".join(words.split()) in " ".join(told.split()), words
        assert " ".join(words.split()) in written, words
    assert order.iban not in told
    assert "mutuelle" in told


def test_the_paper_is_the_same_each_time_even_once_the_line_is_decided_again(visitor, person):
    order = own(person)
    address = f"{LIST}{order.reference}/decompte.pdf"
    first = visitor.get(address).content
    claim = Claim.objects.get()
    claims.take_up(decision=claim.decisions.get(), by=factories.actor(Role.SUPERVISOR))
    factories.assessed(claim)
    line = claim.bills.get().lines.get()
    claims.assess(line=line, retained=claims.Assessment(act="CS", quantity=2), by=factories.agent())
    assert visitor.get(address).content == first


def test_the_paper_is_the_same_once_the_place_the_stay_and_the_residence_are_others(visitor, person):
    order = own(person)
    address = f"{LIST}{order.reference}/decompte.pdf"
    first = visitor.get(address).content
    claim = Claim.objects.get()
    claims.take_up(decision=claim.decisions.get(), by=factories.actor(Role.SUPERVISOR))
    claims.settle_stay(
        claim=claim,
        territory="SN",
        stay=Stay.HOLIDAY,
        stay_from=claim.stay_from,
        stay_until=None,
        grounds=claims.Grounds.BILLS,
        by=factories.agent(),
    )
    person.residence = Residence.FRANCE if person.residence == Residence.ABROAD else Residence.ABROAD
    person.save()
    assert visitor.get(address).content == first


def test_there_is_none_before_the_bank_has_paid_and_none_of_another(visitor, person):
    order = factories.ordered(factories.approved(factories.received(person)))
    assert visitor.get(f"{LIST}{order.reference}/").status_code == 404
    assert "Aucun versement" in text(visitor.get(LIST))
    for year in (0, 2026, 10_000):
        assert visitor.get(f"{LIST}attestation-{year}.pdf").status_code == 404
    other = own(factories.insured())
    assert visitor.get(f"{LIST}{other.reference}/").status_code == 404


def test_a_payment_that_the_bank_gave_back_is_told_and_not_counted(visitor, person):
    order = factories.ordered(factories.approved(factories.received(person)))
    batch = bank.sent(order)
    bank.says(bank.books(batch))
    bank.says(bank.returns(batch))
    told = page(visitor, order)
    assert "puis nous l’a rendu" in told
    for around in (f"/mon-compte/versements/{order.reference}/", f"/mon-compte/demandes/{Claim.objects.get().number}/"):
        assert f"{LIST}{order.reference}/" in text(visitor.get(around))
    assert "Retourné par la banque" in text(visitor.get(LIST))
    assert "total parvenu sur le compte : <strong>0,00" in text(visitor.get(LIST))
    assert visitor.get(f"{LIST}attestation-2026.pdf").status_code == 404


def test_a_payment_made_again_tells_the_same_care(visitor, person):
    order = factories.ordered(factories.approved(factories.received(person)))
    bank.says(bank.rejects(bank.sent(order)))
    factories.pay_on(person, ANOTHER_IBAN)
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    factories.paid(again)
    told = page(visitor, again)
    assert "Clinique de l’Escale" in told
    assert "FR•• •••• 2606" in told
    listed = text(visitor.get(LIST))
    assert "Djibouti" in listed
    assert f"{LIST}{order.reference}/" not in listed  # the bank never executed the first


def test_years_are_read_one_by_one_with_their_sum_and_their_certificate(visitor, person):
    before, after = own(person, on=date(2025, 11, 3)), own(person, on=date(2026, 2, 1))
    latest = text(visitor.get(LIST))
    assert after.reference in latest
    assert before.reference not in latest
    older = text(visitor.get(f"{LIST}?annee=2025"))
    assert before.reference in older
    assert "1 versement ;" in older
    written = paper(visitor, f"{LIST}attestation-2025.pdf")
    for words in ("03/11/2025", "au 31 décembre 2025", before.reference, "CGI, art. 81, 9°", "Alix Exemple"):
        assert words in written
    assert after.reference not in written


def test_one_goes_on_to_older_payments_with_as_many_queries(visitor, person, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("escale.web.insured.statements.PER_PAGE", 1)
    first, second = own(person), own(person)
    with django_assert_num_queries(11):
        newest = text(visitor.get(LIST))
    assert second.reference in newest
    assert first.reference not in newest
    older = newest.partition('href="?annee=2026&apres=')[2].partition('"')[0]
    assert first.reference in text(visitor.get(f"{LIST}?annee=2026&apres={older}"))


@pytest.mark.parametrize("words", ["djibouti", "alix", "clinique de l’escale", "number"])
def test_a_statement_is_found_by_its_words(visitor, person, words):
    order = own(person)
    words = order.reference if words == "number" else words
    answer = visitor.post(LIST, {"text": words}, follow=True)
    assert order.reference in text(answer)
    assert words not in answer.request["QUERY_STRING"]
    assert order.reference not in text(visitor.post(LIST, {"text": "introuvable"}, follow=True))
    assert "qui répondent" not in text(visitor.post(LIST, {"text": "  "}, follow=True))


def test_the_nature_of_an_adults_care_is_neither_told_nor_found(visitor, person):
    claim = decided(draft_for(person.beneficiaries.get(link=Link.SPOUSE)))
    order = paid(claim)
    told = page(visitor, order)
    assert "Charlie" in told
    assert "En euros" in told
    written = paper(visitor, f"{LIST}{order.reference}/decompte.pdf")
    for word in telling(claim):
        assert word not in told.lower()
        assert word not in written.lower()
    found = text(visitor.post(LIST, {"text": PROVIDER[:14]}, follow=True))
    assert order.reference not in found
    assert order.reference in text(visitor.post(LIST, {"text": "charlie"}, follow=True))


def test_whoever_follows_in_ones_name_reads_ones_statements(person):
    order = own(person)
    friend = acting(mandates.accepted(person))
    assert order.reference in text(friend.get(LIST))
    assert reverse("insured:claim", args=[Claim.objects.get().number]) in page(friend, order)
    assert signed_in(factories.insured()).get(f"{LIST}{order.reference}/").status_code == 404
