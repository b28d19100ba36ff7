"""What the Fund knows of somebody, the copy of it, their address, and how they leave."""

import io
import json
from datetime import date, timedelta

import pikepdf
import pytest
from django.urls import reverse

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Role
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.domain.registry.models import InsuredPerson
from tests import factories, factors
from tests.web.insured.conftest import proved, signed_in, text, title

DATA, NUMBERS, ADDRESS, CLOSE = (reverse(f"insured:{name}") for name in ("data", "numbers", "change_address", "close"))
COPIES = [reverse("insured:copy_json"), reverse("insured:copy_pdf")]


@pytest.fixture
def known(person):
    """Somebody of whom much is known."""
    person.postings.create(territory="DJ", valid_from=date(2025, 8, 1), valid_until=date(2027, 8, 1), with_family=True)
    person.addresses.create(lines="ALIX EXEMPLE\n1 RUE DE L’ESCALE\n83000 TOULON", valid_from=date(2024, 1, 1))
    return person


def test_the_page_says_what_is_known_and_where_it_is_changed(visitor, known):
    page = text(visitor.get(DATA))
    for said in ("Exemple", "12 mars 1985", "1 •• •• •• ••• •••", "Militaire en activité", "Zoé Exemple", "Djibouti",
                 "du 1er août 2025 au 31 juillet 2027", "FR•• •••• 0189", "1 RUE DE L’ESCALE", known.account.email,
                 "Mes démarches", "Cerfa n° 12621", "https://www.ameli.fr"):  # fmt: skip
        assert said in page, said
    assert known.nir not in page
    assert factories.IBAN not in page


def test_the_numbers_are_shown_whole_to_whoever_has_just_proved_who_they_are(visitor, known):
    assert visitor.get(NUMBERS).status_code == 302
    page = text(proved(visitor, "password_at").get(NUMBERS))
    assert known.nir in page
    assert factories.IBAN in page


def test_a_number_whose_digest_is_damaged_closes_no_page(visitor, known):
    InsuredPerson.objects.filter(pk=known.pk).update(nir_digest="0" * 64)
    proved(visitor, "password_at")
    assert "illisible, à signaler" in text(visitor.get(DATA))
    assert "illisible, à signaler" in text(visitor.get(NUMBERS))
    assert json.loads(visitor.post(COPIES[0]).content)["person"][0]["nir"] == ""


def test_the_page_asks_few_questions_however_much_is_known(visitor, known, django_assert_max_num_queries):
    for rank in range(8):
        known.postings.create(territory="SN", valid_from=date(2010 + rank, 1, 1), valid_until=date(2010 + rank, 6, 1))
        known.beneficiaries.create(
            link="child", last_name="Exemple", first_names=f"Enfant{rank}", born_on=date(2015, 1, 1 + rank),
            valid_from=date(2015, 1, 1),
        )  # fmt: skip
    visitor.get(DATA)
    with django_assert_max_num_queries(13):
        visitor.get(DATA)


@pytest.mark.parametrize("address", COPIES)
def test_a_copy_is_given_to_whoever_has_just_proved_who_they_are_and_noted(visitor, known, address):
    assert visitor.get(address).status_code == 405
    assert "Content-Disposition" not in visitor.post(address).headers
    assert not Entry.objects.filter(event="account.export").exists()
    answer = proved(visitor, "password_at").post(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    if address.endswith("json"):
        assert json.loads(answer.content)["person"][0]["nir"] == known.nir
    else:
        assert "Mes données" in str(pikepdf.open(io.BytesIO(answer.content)).open_metadata()["dc:title"])
    assert Entry.objects.get(event="account.export").facts == {"form": address.rpartition(".")[2]}


def test_an_account_with_a_second_proof_gives_it_for_a_copy(visitor, person):
    person.account.passkeys.create(credential_id=b"cle", public_key=b"cle", name="Téléphone")
    assert "attachment" not in proved(visitor, "password_at").post(COPIES[0]).headers.get("Content-Disposition", "")
    assert "attachment" in proved(visitor, "second_factor_at").post(COPIES[0]).headers["Content-Disposition"]


def test_ten_copies_a_day_are_enough(visitor, person):
    proved(visitor, "password_at")
    for _ in range(10):
        accounts.take_copy(account=person.account, form="json")
    answer = visitor.post(COPIES[0], follow=True)
    assert "Vous avez déjà pris dix copies" in text(answer)


def test_the_answer_is_the_same_for_an_address_that_serves_another_account(visitor, person):
    other = factories.account(Role.INSURED)
    factors.protect(person.account)
    proved(visitor, "second_factor_at")
    shorn = []
    for address in (other.email, "libre@exemple.invalid"):
        page = text(visitor.post(ADDRESS, {"address": address}, follow=True)).replace(address, "…")
        shorn.append(page.partition("<main")[2].partition("csrfmiddlewaretoken")[0])
        accounts.addresses.forget(account=person.account)
    assert shorn[0] == shorn[1]
    assert "Ouvrez le message que nous envoyons" in shorn[0]


def test_the_address_page_asks_for_a_second_proof_and_keeps_what_was_typed(visitor, person):
    assert visitor.get(ADDRESS).status_code == 302
    factors.protect(person.account)
    proved(visitor, "second_factor_at")
    answer = visitor.post(ADDRESS, {"address": "pas-une-adresse"})
    assert title(answer).startswith("Erreur :")
    assert "pas-une-adresse" in text(answer)
    assert "C’est déjà l’adresse de votre compte." in text(visitor.post(ADDRESS, {"address": person.account.email}))


def test_a_link_confirms_by_a_button_for_the_one_who_asked(visitor, person, work):
    accounts.addresses.ask(account=person.account, address="nouvelle@exemple.invalid")
    work()
    link = reverse("insured:follow_address", args=[Notice.objects.get(kind="address_to_confirm").token])
    page, stranger = reverse("insured:confirm_address"), signed_in(factories.insured())
    assert stranger.get(link).url == page
    assert "Ce lien ne sert plus" in text(stranger.post(page))
    assert "nouvelle@exemple.invalid" in text(visitor.get(link, follow=True))
    person.account.refresh_from_db()
    assert person.account.email != "nouvelle@exemple.invalid"
    assert visitor.post(page).url == DATA
    person.account.refresh_from_db()
    assert person.account.email == "nouvelle@exemple.invalid"


def test_a_link_serves_an_hour(visitor, person, work, frozen):
    accounts.addresses.ask(account=person.account, address="nouvelle@exemple.invalid")
    work()
    link = reverse("insured:follow_address", args=[Notice.objects.get(kind="address_to_confirm").token])
    frozen.shift(timedelta(minutes=61))
    for token in (link, reverse("insured:follow_address", args=["x"])):
        assert "Ce lien ne sert plus" in text(signed_in(person).get(token, follow=True))


def test_leaving_takes_a_proof_and_a_word(visitor, person):
    assert visitor.get(CLOSE).status_code == 302
    proved(visitor, "password_at")
    assert title(visitor.post(CLOSE, {"word": "oui"})).startswith("Erreur :")
    assert Account.objects.get(pk=person.account.pk).is_active
    answer = visitor.post(CLOSE, {"word": " Fermer "}, follow=True)
    assert "Votre compte est fermé." in text(answer)
    assert visitor.get(DATA).status_code == 302
    assert not Account.objects.get(pk=person.account.pk).is_active


def test_who_serves_the_fund_is_told_why_they_cannot_leave():
    visitor = proved(signed_in(factories.insured(Role.AGENT)), "password_at")
    assert "Vous travaillez à la Caisse avec ce compte" in text(visitor.post(CLOSE, {"word": "fermer"}))
