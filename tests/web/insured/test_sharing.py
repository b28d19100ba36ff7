"""« Ma mutuelle »: a consent is given, seen and taken back; what left is listed and may be had."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escale.domain.claims.models import Claim
from escale.domain.documents import queries as documents
from escale.domain.registry.models import Link
from escale.domain.statements import actions
from escale.domain.statements.models import SharingConsent
from tests.domain.mandates import mandates
from tests.domain.statements import sharing
from tests.web.insured.conftest import proved, text, title
from tests.web.insured.test_mandates import acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]
PAGE = "/mon-compte/mutuelle/"


def typed(**changes):
    days = {"valid_from": "2026-09-15", "valid_until": "2027-09-14"}
    who = {"insurer": sharing.insurer().pk, "contract": "a-123456", "agreed": "on"}
    return who | days | {"request_key": str(uuid4())} | changes


def test_a_consent_is_given_by_whoever_has_just_proved_who_they_are_seen_and_taken_back(visitor):
    assert "Rien n’a encore été transmis." in text(visitor.get(PAGE))
    assert "Prouvez que c’est bien vous" in text(visitor.post(f"{PAGE}consentir/", typed()))
    words = typed()
    proved(visitor, "password_at")
    for _again in range(2):
        assert visitor.post(f"{PAGE}consentir/", words).url == PAGE
    consent = SharingConsent.objects.get()
    page = text(visitor.get(PAGE))
    for said in (
        "Mutuelle Exemple",
        "A-123456",
        "du 15 septembre 2026 au 14 septembre 2027 inclus",
    ):
        assert said in page
    visitor.post(reverse("insured:withdraw_sharing", args=[consent.pk]), follow=True)
    page = text(visitor.get(PAGE))
    assert "Retiré le 15 septembre 2026." in page
    assert "Retirer ce consentement" not in page


def test_what_is_typed_is_refused_beside_its_field_and_kept(visitor):
    proved(visitor, "password_at")
    assert "Le 14 septembre 2029 au plus tard." in text(visitor.get(f"{PAGE}consentir/"))
    for changes, said in [
        ({"agreed": ""}, "Cochez la case pour donner votre consentement."),
        ({"contract": "n° 12"}, "Recopiez ce numéro de votre carte : des chiffres et des lettres sans accent."),
        ({"valid_until": "2030-01-01"}, "C’est trop loin"),
        ({"insurer": ""}, "Choisissez votre organisme complémentaire."),
    ]:
        page = visitor.post(f"{PAGE}consentir/", typed(**{"contract": "a-123456"} | changes))
        assert title(page).startswith("Erreur :")
        assert said in text(page)
        assert changes.get("contract", "a-123456") in text(page)
    assert not SharingConsent.objects.exists()


def test_what_left_is_listed_and_had_byte_for_byte_or_as_a_table(visitor, person):
    transmission = sharing.sent(sharing.given(person))
    page = text(visitor.get(PAGE))
    assert transmission.sha256 in page
    assert "transmis à Mutuelle Exemple le 15 septembre 2026" in page
    told = visitor.get(reverse("insured:transmission_json", args=[transmission.pk]))
    assert told.content == sharing.kept(transmission)
    assert told["Content-Disposition"] == f'attachment; filename="decompte-{transmission}.json"'
    table = visitor.get(reverse("insured:transmission_csv", args=[transmission.pk])).content.decode()
    assert table.splitlines()[1].startswith(f"{transmission.order.reference};2026-09-15;Exemple;Alix;1985-03-12;")
    actions.withdraw(consent=transmission.consent, by=sharing.oneself(person))
    assert visitor.get(reverse("insured:transmission_json", args=[transmission.pk])).status_code == 200


def test_a_file_whose_care_became_a_secret_is_had_no_more(visitor, person):
    consent = sharing.given(person)
    order = sharing.executed(person, Link.CHILD)
    actions.follow_payment(order=order)
    transmission = consent.transmissions.get()
    actions.transmit(transmission=transmission)
    address = reverse("insured:transmission_json", args=[transmission.pk])
    assert address in visitor.get(PAGE).content.decode()
    Claim.objects.update(kept_from_family=True)
    assert visitor.get(address).status_code == 404
    page = visitor.get(PAGE)
    assert address not in page.content.decode()
    assert "ne se lisent plus depuis votre compte" in text(page)


def test_a_file_that_the_vault_cannot_open_is_said_to_come_later(visitor, person):
    transmission = sharing.sent(sharing.given(person))
    documents.vault().delete(transmission.key)
    said = visitor.get(reverse("insured:transmission_csv", args=[transmission.pk]))
    assert said.status_code == 503
    assert "ne peut pas être lu pour le moment" in said.content.decode()


def test_a_consent_that_ended_may_still_be_taken_back_and_that_to_a_closed_insurer_says_so(visitor, person):
    consent = sharing.given(person)
    sharing.closed()
    page = text(visitor.get(PAGE))
    assert "Suspendu" in page
    assert "ne reçoit plus de décomptes de la Caisse" in page
    sharing.insurer()
    SharingConsent.objects.update(valid_from="2026-09-01", valid_until="2026-09-15")
    actions.end_some()
    page = text(visitor.get(PAGE))
    assert "Terminé le 15 septembre 2026." in page
    assert "Transmettre mes décomptes" in page
    visitor.post(reverse("insured:withdraw_sharing", args=[consent.pk]))
    assert "Retiré le 15 septembre 2026." in text(visitor.get(PAGE))


def test_the_page_costs_the_same_whatever_left(visitor, person):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            visitor.get(PAGE)
        return len(asked)

    consent = sharing.given(person)
    sharing.sent(consent)
    visitor.get(PAGE)
    one = cost()
    sharing.sent(consent)
    assert cost() == one <= 12


def test_of_a_payment_for_ones_own_care_the_same_file_may_be_had(visitor, person):
    order = sharing.executed(person)
    told = json.loads(visitor.get(f"/mon-compte/decomptes/{order.reference}/decompte.json").content)
    assert (told["contract"], told["payment"]["reference"]) == (None, order.reference)
    assert visitor.get(f"/mon-compte/decomptes/{order.reference}/decompte.csv").status_code == 200
    spouse = sharing.executed(person, Link.SPOUSE)
    assert visitor.get(f"/mon-compte/decomptes/{spouse.reference}/decompte.json").status_code == 404


def test_nobody_acting_for_another_reads_the_page_nor_takes_a_file(person):
    transmission = sharing.sent(sharing.given(person))
    helper = acting(mandates.accepted(person))
    for address in (
        PAGE,
        f"{PAGE}consentir/",
        reverse("insured:transmission_json", args=[transmission.pk]),
        f"/mon-compte/decomptes/{transmission.order.reference}/decompte.json",
    ):
        assert helper.get(address).status_code == 403
    assert helper.post(reverse("insured:withdraw_sharing", args=[transmission.consent.pk])).status_code == 403
