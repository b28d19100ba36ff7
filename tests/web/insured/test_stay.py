"""Where, why and for whom."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from escale.domain.claims import completeness, queries
from escale.domain.claims.models import Claim
from escale.domain.registry.models import Link, Posting
from tests import factories
from tests.web.insured.conftest import text, title

NEW = reverse("insured:new_claim")


def typed(**fields):
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": "2026-01-10", "stay_until": "",
            "request_key": uuid4()}  # fmt: skip
    return stay | fields


@pytest.mark.parametrize(("written", "code"), [
    ("USA", "US"), ("Cote d Ivoire", "CI"), ("Tahiti", "PF"), ("djibouti", "DJ"), ("DJ", "DJ"), ("Congo", "CG"),
])  # fmt: skip
def test_a_country_is_known_by_its_name_its_code_or_its_usual_name(visitor, written, code):
    answer = visitor.post(NEW, typed(territory=written, stay="holiday"))
    claim = Claim.objects.get()
    assert answer.url == reverse("insured:beneficiary", args=[claim.number])
    assert claim.territory == code


def test_a_country_half_written_is_chosen_from_a_list_without_script(visitor):
    page = text(visitor.post(NEW, typed(territory="Guin")))
    assert "Guinée-Bissau" in page
    assert "Guinée équatoriale" in page
    assert not Claim.objects.exists()
    visitor.post(NEW, typed(territory="Guin", meant="GW"))
    assert Claim.objects.get().territory == "GW"


def test_the_list_shown_before_does_not_win_over_a_country_written_since(visitor):
    visitor.post(NEW, typed(territory="Kenya", meant="KR"))
    assert Claim.objects.get().territory == "KE"


@pytest.mark.parametrize(("fields", "says"), [
    ({"territory": "Zzyzx"}, "Ce pays n’est pas reconnu"),
    ({"territory": ""}, "Écrivez le pays ou le territoire"),
    ({"territory": "x" * 300}, "100 caractères"),
    ({"stay": "amusement"}, "amusement"),
    ({"stay_from": "2026-12-01"}, "Le début du séjour est dans le futur"),
    ({"stay_from": "0001-01-01"}, "Cette date est trop lointaine"),
    ({"stay_from": "31/02/2026"}, "Cette date n’existe pas"),
    ({"stay_until": "9999-12-31"}, "Cette date est trop lointaine"),
    ({"stay_until": "2026-01-09"}, "La fin du séjour est avant son début"),
])  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field_and_nothing_typed_is_lost(visitor, fields, says):
    answer = visitor.post(NEW, typed(**fields))
    assert says in text(answer)
    assert title(answer).startswith("Erreur :")
    assert "2026-01-10" in text(answer) or "stay_from" in fields
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("fields", "fund"), [
    ({"territory": "La Réunion", "stay": "holiday"}, "CGSS"),
    ({"territory": "Saint-Pierre-et-Miquelon", "stay": "posting"}, "Caisse de prévoyance sociale"),
    ({"territory": "Nouvelle-Calédonie", "stay_from": "2026-01-01", "stay_until": "2026-08-31"}, "CAFAT"),
])  # fmt: skip
def test_who_depends_on_another_fund_is_told_at_once_which_and_where(visitor, fields, fund):
    page = text(visitor.post(NEW, typed(**fields)))
    assert "Un autre organisme est compétent" in page
    assert fund in page
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("cause", "fund", "article"), [
    ("pension", "soins médicaux gratuits des pensionnés", "L. 212-1"),
    ("service", "affections présumées imputables au service", "D. 713-7"),
])  # fmt: skip
def test_care_of_another_service_is_told_before_anything_more_is_typed(visitor, cause, fund, article):
    answer = visitor.post(NEW, typed(cause=cause))
    assert "Un autre organisme est compétent" in text(answer)
    assert fund in text(answer)
    assert article in text(answer)
    assert f'value="{cause}" checked' in answer.content.decode()
    assert not Claim.objects.exists()


def test_an_operation_abroad_is_a_kind_of_mission(visitor):
    visitor.post(NEW, typed(stay="mission", opex="on"))
    claim = Claim.objects.get()
    assert claim.opex
    assert queries.competence(claim).terms.key == "opex"
    page = visitor.get(reverse("insured:where", args=[claim.number]))
    assert 'name="opex" checked' in re.sub(r' (class|id|aria-\S+|value)="[^"]*"', "", page.content.decode())
    assert "Mission, en opération extérieure" in text(visitor.get(reverse("insured:review", args=[claim.number])))
    visitor.post(reverse("insured:where", args=[claim.number]), typed(stay="holiday", opex="on"))
    assert not Claim.objects.get().opex


def test_an_accident_asks_how_it_happened(visitor):
    visitor.post(NEW, typed(cause="accident"))
    claim = Claim.objects.get()
    assert claim.accident
    assert "Joignez la pièce : Circonstances de l’accident." in completeness.missing(claim)
    page = visitor.get(reverse("insured:where", args=[claim.number]))
    assert 'value="accident" checked' in page.content.decode()
    assert "Accident causé par une autre personne" in text(visitor.get(reverse("insured:review", args=[claim.number])))
    visitor.post(reverse("insured:where", args=[claim.number]), typed(cause=""))
    assert not Claim.objects.get().accident


def test_a_cause_that_is_not_in_the_list_is_asked_again(visitor):
    answer = visitor.post(NEW, typed(cause="malchance"))
    assert title(answer).startswith("Erreur :")
    assert not Claim.objects.exists()


def test_a_double_click_opens_one_draft(visitor):
    twice = typed()
    first, second = visitor.post(NEW, twice), visitor.post(NEW, twice)
    assert first.url == second.url
    assert Claim.objects.count() == 1


def test_the_posting_known_to_the_registry_fills_the_form(visitor, person):
    Posting.objects.create(insured=person, territory="SN", valid_from=date(2026, 8, 1), valid_until=date(2028, 8, 1))
    page = text(visitor.get(NEW))
    assert "Votre affectation connue de la Caisse (Sénégal, depuis le 1er août 2026)" in page
    assert 'value="2028-07-31"' in page


def test_the_last_day_typed_is_kept_as_the_day_after_and_shown_again_as_typed(visitor):
    visitor.post(NEW, typed(stay="holiday", stay_until="2026-01-20"))
    claim = Claim.objects.get()
    assert claim.stay_until == date(2026, 1, 21)
    assert 'value="2026-01-20"' in text(visitor.get(reverse("insured:where", args=[claim.number])))


def test_the_stay_of_a_draft_is_corrected_and_a_redirection_changes_nothing(visitor, person):
    claim = factories.draft(person)
    where = reverse("insured:where", args=[claim.number])
    visitor.post(where, typed(territory="Kenya", stay="mission"))
    assert "Un autre organisme est compétent" in text(visitor.post(where, typed(territory="Mayotte")))
    claim.refresh_from_db()
    assert (claim.territory, claim.stay) == ("KE", "mission")


def test_the_beneficiary_is_chosen_among_those_of_the_registry(visitor, person):
    claim = factories.draft(person)
    address = reverse("insured:beneficiary", args=[claim.number])
    assert "Moi-même — Alix Exemple" in text(visitor.get(address))
    child = person.beneficiaries.get(link=Link.CHILD)
    assert visitor.post(address, {"beneficiary": child.pk}).url == reverse("insured:bills", args=[claim.number])
    claim.refresh_from_db()
    assert claim.beneficiary == child
    stranger = factories.insured().beneficiaries.get(link=Link.SELF)
    assert "Choisissez une personne de la liste." in text(visitor.post(address, {"beneficiary": stranger.pk}))


def test_what_was_typed_when_the_session_ended_is_taken_up_after_signing_in(client):
    person = factories.insured(password="un-mot-de-passe")
    signed = {"email": person.account.email, "password": "un-mot-de-passe"}
    client.post(reverse("access:sign_in"), signed)
    client.post(reverse("access:sign_out"))
    page = text(client.post(NEW, typed(territory="Kenya")))
    assert "Votre session a pris fin" in page
    signed["typed"] = page.partition('name="typed" value="')[2].partition('"')[0]
    offered = text(client.post(reverse("access:sign_in"), signed))
    assert 'value="Kenya"' in offered
    client.post(NEW, typed(territory="Kenya"))
    assert Claim.objects.get().territory == "KE"
