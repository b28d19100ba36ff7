"""New files join an appeal from its page, by a form or bit by bit; what is medical goes by post."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.appeals import queries
from escale.domain.appeals.models import Point
from escale.domain.documents.actions import scan
from escale.domain.registry.models import InsuredPerson
from tests import coming, factories
from tests.domain.appeals import appeals
from tests.web.agents.conftest import at_counter
from tests.web.insured.conftest import text, title
from tests.web.insured.test_tus import announced, sent

pytestmark = pytest.mark.usefixtures("scanning")


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.pdf() + name.encode(), "application/pdf")


def test_files_are_joined_and_seen_by_whoever_prepares_it(visitor: Client, person: InsuredPerson):
    appeal = appeals.filed(person=person)
    page, address = reverse("insured:appeal", args=[appeal]), reverse("insured:join_to_appeal", args=[appeal])
    assert address in text(visitor.get(page))
    assert title(visitor.post(address, {})).startswith("Erreur : ")
    told = text(visitor.post(address, {"files": [_file("attestation.pdf"), _file("recu.pdf")]}, follow=True))
    assert "2 fichiers joints." in told
    assert "attestation.pdf" in told
    assert "aucun document médical" in text(visitor.get(address))
    files = list(queries.files(appeal))
    for file in files:
        scan(document=file.document)

    images = [reverse("agents:page", args=[appeal.decision.claim.number, file.pk, 1]) for file in files]
    for office in (at_counter(factories.actor(Role.SUPERVISOR)), at_counter(factories.agent())):
        shown = text(office.get(reverse("agents:appeal", args=[appeal])))
        assert [address in shown for address in images] == [True, True]
        assert [office.get(address).status_code for address in images] == [200, 200]


def test_a_file_arrives_bit_by_bit_as_long_as_the_appeal_is_open(visitor: Client, person: InsuredPerson):
    appeal, closed = appeals.filed(person=person), appeals.rejected()
    content, base = factories.pdf(), reverse("insured:uploads", args=[appeal.decision.claim.number])
    for elsewhere in (closed, "RIEN"):
        assert announced(visitor, base, content, paper="other", appeal=elsewhere).status_code == 422
    sealed = announced(visitor, base, content, paper="other", appeal=appeal, medical="on")
    assert sealed.status_code == 409
    assert "Commission médicale de recours amiable" in sealed.json()["sentence"]
    answer = announced(visitor, base, content, paper="other", appeal=appeal)
    assert sent(visitor, answer["Location"], content).status_code == 204
    assert [file.document.name for file in queries.files(appeal)] == ["facture.pdf"]


def test_a_locked_pdf_waits_for_its_password_beside_the_others(visitor: Client, person: InsuredPerson):
    appeal = appeals.filed(person=person)
    address = reverse("insured:join_to_appeal", args=[appeal])
    locked = SimpleUploadedFile("releve.pdf", coming.locked_pdf("sésame"), "application/pdf")
    told = visitor.post(address, {"files": [locked]}, follow=True)
    assert told.redirect_chain[-1][0] == address
    arrival = appeal.decision.claim.arrivals.get()
    unlock = reverse("insured:unlock_upload", args=[appeal.decision.claim.number, arrival.upload.token])
    assert unlock in text(told)
    assert visitor.post(unlock, {"password": "sésame"})["Location"] == address
    assert [file.document.name for file in queries.files(appeal)] == ["releve.pdf"]


def test_a_closed_appeal_takes_no_file(visitor: Client, person: InsuredPerson):
    appeal = appeals.filed(person=person)
    visitor.post(reverse("insured:withdraw_appeal", args=[appeal]))
    address = reverse("insured:join_to_appeal", args=[appeal])
    assert "Ce recours est clos" in text(visitor.post(address, {"files": [_file("recu.pdf")]}, follow=True))
    assert not queries.files(appeal)


def test_a_medical_opinion_is_offered_only_where_there_is_one(visitor: Client, person: InsuredPerson):
    plain, medical = appeals.decision(person), appeals.decision(person, reason_code="R13")
    typed = {
        "points": [Point.MEDICAL],
        "text": "Je ne suis pas d’accord.",
        "request_key": "3f0c9d5e-8a52-4d6e-9b39-0d8c4a2a1b11",
    }
    for decision, offered in ((plain, False), (medical, True)):
        address = reverse("insured:contest", args=[decision.claim.number, decision.pk])
        assert ("L’avis du service médical" in text(visitor.get(address))) is offered
        answer = visitor.post(address, typed)
        assert (answer.status_code == 302) is offered
        assert offered or "parmi les points proposés" in text(answer)
