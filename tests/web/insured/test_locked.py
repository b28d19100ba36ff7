"""Files on their way, and those that ask for a password, without scripts."""

import pytest
from django.urls import reverse

from escale.domain.claims.models import Arrival, Attachment
from escale.domain.documents.models import Document, Upload
from tests import coming, factories
from tests.web.insured.conftest import file, text, title


@pytest.fixture
def claim(person):
    claim = factories.draft(person)
    factories.line(factories.bill(claim))
    return claim


@pytest.fixture
def address(claim):
    return reverse("insured:documents", args=[claim.number])


def at(arrival: Arrival, route: str) -> str:
    return reverse(route, args=[arrival.claim.number, arrival.upload.token])


@pytest.mark.django_db(transaction=True)
def test_a_locked_file_waits_for_its_password_and_leaves_the_others_alone(visitor, address):
    sent = [file(coming.locked_pdf(), "relevé.pdf"), file(factories.pdf(), "bonne.pdf")]
    page = text(visitor.post(address, {"paper": "bill", "files": sent}, follow=True))
    assert "« relevé.pdf » est protégé : indiquez son mot de passe" in page
    assert "1 fichier joint." in page
    assert "Mot de passe du fichier" in page
    assert [document.name for document in Document.objects.all()] == ["bonne.pdf"]


def test_the_right_password_joins_it_and_is_kept_nowhere(visitor, claim):
    arrival = coming.locked(claim, password="sésame")
    page = text(visitor.post(at(arrival, "insured:unlock_upload"), {"password": "sésame"}, follow=True))
    assert "Fichier ouvert et joint : « relevé.pdf »." in page
    joined = Attachment.objects.get().document
    assert joined.unlocked_key
    assert "sésame" not in page


@pytest.mark.parametrize(("password", "sentence"), [
    ("", "Écrivez le mot de passe qui ouvre ce fichier."),
    ("sesame", "mot de passe"),
])  # fmt: skip
def test_another_password_is_asked_again_on_a_page_of_its_own(visitor, claim, password, sentence):
    arrival = coming.locked(claim)
    answer = visitor.post(at(arrival, "insured:unlock_upload"), {"password": password})
    assert title(answer).startswith("Erreur :")
    assert sentence in text(answer)
    assert "Envoyer une autre copie" in text(answer)
    assert not Attachment.objects.exists()


def test_what_is_locked_no_more_asks_for_nothing(visitor, claim, address):
    arrival = coming.arrival(claim)
    assert visitor.get(at(arrival, "insured:unlock_upload")).url == f"{address}#joindre"


def test_a_file_left_unfinished_is_shown_with_what_has_come_and_until_when(visitor, claim, address):
    coming.arrival(claim, name="longue.pdf", size=3 * 1024 * 1024, content=bytes(1024 * 1024))
    page = text(visitor.get(address))
    assert "longue.pdf" in page
    assert "1\u00a0Mo reçus sur 3\u00a0Mo, gardés jusqu’au 22 septembre" in page
    assert "choisissez à nouveau ce fichier" in page


def test_a_file_that_came_whole_is_not_asked_for_again(visitor, claim, address):
    coming.arrival(claim, name="entière.pdf", size=1000, content=bytes(1000))
    page = text(visitor.get(address))
    assert "Reçu entier, vérification en cours." in page
    assert "choisissez à nouveau ce fichier" not in page


def test_what_is_on_its_way_counts_against_what_is_left(visitor, claim, address):
    factories.attachment(claim, content=factories.pdf())
    coming.arrival(claim, size=10 * 1024 * 1024)
    page = text(visitor.get(address))
    assert "Il reste de la place pour 18 fichiers et 40\u00a0Mo." in page


def test_a_file_left_unfinished_is_forgotten_with_all_that_came(visitor, claim):
    arrival = coming.arrival(claim, name="longue.pdf")
    page = text(visitor.post(at(arrival, "insured:forget_upload"), follow=True))
    assert "Fichier retiré : « longue.pdf »." in page
    assert not Upload.objects.exists()


def test_nobody_opens_or_forgets_the_file_of_another(visitor):
    others = coming.locked(factories.draft())
    for route in ("insured:unlock_upload", "insured:forget_upload"):
        assert visitor.post(at(others, route), {"password": "sésame"}).status_code == 404
    assert Upload.objects.exists()


def test_a_store_that_refuses_is_told_at_the_file(visitor, address, monkeypatch):
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("escale.gateways.stores.Folder.put", full)
    page = text(visitor.post(address, {"paper": "bill", "files": [file(factories.pdf(), "bonne.pdf")]}))
    assert "« bonne.pdf » : Nous ne pouvons pas enregistrer ce fichier en ce moment" in page
    assert not Document.objects.exists()


@pytest.mark.parametrize(("status", "words"), [
    ("quarantined", "Contrôle antivirus en cours"),
    ("clean", "Contrôlée, saine"),
    ("infected", "Contient un virus"),
    ("unscannable", "Ne peut pas être contrôlée"),
    ("lost", "Perdue à la suite d’un incident"),
])  # fmt: skip
def test_each_file_sent_says_what_is_known_of_it(visitor, person, status, words):
    sent = factories.sent(person)
    Document.objects.update(status=status)
    assert words in text(visitor.get(reverse("insured:claim", args=[sent.number])))


@pytest.mark.parametrize("status", ["infected", "lost"])
def test_a_file_that_a_draft_cannot_be_sent_with_says_so(visitor, claim, address, status):
    factories.attachment(claim)
    Document.objects.update(status=status)
    assert "Retirez ce fichier, puis joignez une autre copie" in text(visitor.get(address))
