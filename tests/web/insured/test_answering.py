"""The papers that are asked for, as the insured person sends them."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims import actions as claims
from escale.domain.claims import waiting
from escale.domain.claims.models import AskedPaper, Attachment
from escale.domain.registry.models import InsuredPerson
from tests import factories, requested
from tests.documents_corpus import locked_pdfs
from tests.web.insured.conftest import file, text, title
from tests.web.insured.test_tus import announced, sent

pytestmark = pytest.mark.usefixtures("scanning")

WHY = "Avec les dates de la mission."


@pytest.fixture
def asked(person: InsuredPerson) -> AskedPaper:
    return requested.paper(factories.received(person))


def address(asked: AskedPaper) -> str:
    return reverse("insured:answer", args=[asked.claim.number, asked.pk])


def page_of(asked: AskedPaper) -> str:
    return reverse("insured:claim", args=[asked.claim.number])


def test_the_claim_shows_what_is_asked_for_and_why(
    visitor: Client, asked: AskedPaper, django_assert_max_num_queries
) -> None:
    requested.paper(asked.claim, code="schooling")
    visitor.get(page_of(asked))  # the first page of a session takes its own
    with django_assert_max_num_queries(13):
        page = text(visitor.get(page_of(asked)))
    for words in ("2 pièces demandées", "Ordre de mission", WHY, "15 septembre 2026", "de votre part"):
        assert words in page
    assert f'href="{address(asked)}"' in page
    assert page.count("Une pièce vous est demandée.") == 2
    assert text(visitor.get(reverse("insured:home"))).count("Pièce à envoyer") == 1


def test_the_page_says_why_and_takes_one_file_under_seal_if_asked_so(visitor: Client, asked: AskedPaper) -> None:
    page = text(visitor.get(address(asked)))
    for words in ("Ordre de mission", WHY, "Sous pli confidentiel", f'name="answers" value="{asked.pk}"'):
        assert words in page
    assert " multiple" not in page.partition("<main")[2].partition("</main")[0]
    visitor.post(address(asked), {"files": file(factories.pdf()), "medical": "on"})
    assert Attachment.objects.get(answers=asked).medical


def test_a_file_answers_and_is_told(visitor: Client, asked: AskedPaper) -> None:
    answer = visitor.post(address(asked), {"files": file(factories.pdf(), name="ordre.pdf")}, follow=True)
    page = text(answer)
    for words in ("« ordre.pdf » est reçu", "Contrôle antivirus en cours", "Vous avez envoyé une pièce demandée."):
        assert words in page
    assert "Pièce demandée</h2>" not in page
    assert "Ordre de mission" in page
    assert "ordre.pdf" not in text(visitor.get(reverse("insured:receipt", args=[asked.claim.number])))
    late = visitor.post(address(asked), {"files": file(factories.pdf())}, follow=True)
    assert "Cette pièce n’est plus demandée." in text(late)
    assert waiting.asked(asked.claim) == []


@pytest.mark.parametrize("content", [b"PK\x03\x04", None], ids=["not a paper", "nothing"])
def test_what_cannot_be_kept_is_said_at_the_file(visitor: Client, asked: AskedPaper, content: bytes | None) -> None:
    page = visitor.post(address(asked), {} if content is None else {"files": file(content)})
    assert title(page).strip().startswith("Erreur")
    assert waiting.asked(asked.claim) == [asked]


@pytest.mark.django_db(transaction=True)
def test_a_file_sent_over_several_connections_answers(visitor: Client, asked: AskedPaper) -> None:
    content, base = factories.pdf(), reverse("insured:uploads", args=[asked.claim.number])
    opened = announced(visitor, base, content, paper="", answers=asked.pk, sha256=hashlib.sha256(content).hexdigest())
    assert opened.status_code == 201, opened.content
    assert sent(visitor, opened["Location"], content).status_code == 204
    new = Attachment.objects.get(answers=asked)
    assert (new.paper, new.document.name) == ("mission_order", "facture.pdf")
    late = announced(visitor, base, factories.pdf(), paper="", answers=asked.pk)
    assert late.status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_locked_pdf_is_asked_its_password_and_then_answers(visitor: Client, asked: AskedPaper) -> None:
    locked = file(locked_pdfs.locked(6, user="Toulon83", owner="Toulon83"), name="verrou.pdf")
    answer = visitor.post(address(asked), {"files": locked})
    assert "verrou.pdf" in text(visitor.get(address(asked)))
    assert visitor.post(answer.url, {"password": "Toulon83"}).url == page_of(asked)
    assert Attachment.objects.get(answers=asked).document.name == "verrou.pdf"


def test_a_file_that_held_a_virus_is_asked_for_again_with_its_reason(visitor: Client, asked: AskedPaper) -> None:
    requested.sent(asked, content=factories.pdf() + factories.EICAR + b"\n%%EOF\n")
    factories.scanned(asked.claim)
    page = text(visitor.get(page_of(asked)))
    for words in ("Pièce à remplacer", "Ordre de mission", "Ce fichier contient un virus."):
        assert words in page


def test_a_request_taken_back_is_told_and_nothing_more_is_sent(visitor: Client, asked: AskedPaper) -> None:
    claims.forgo_paper(asked=asked, by=factories.agent())
    page = text(visitor.get(address(asked), follow=True))
    assert "Cette pièce n’est plus demandée." in page
    assert "n’est plus nécessaire" in page


def test_a_request_of_somebody_else_does_not_exist(visitor: Client) -> None:
    assert visitor.get(address(requested.paper())).status_code == 404


def test_all_that_is_waited_for_is_sent_from_one_page(visitor: Client, asked: AskedPaper) -> None:
    other = requested.paper(asked.claim, code="schooling")
    refused = factories.to_replace(asked.claim)
    together = reverse("insured:awaited", args=[asked.claim.number])
    assert f'href="{together}"' in text(visitor.get(page_of(asked)))
    page = text(visitor.get(together))
    places = [f"answers-{asked.pk}-files", f"answers-{other.pk}-files", f"replaces-{refused.pk}-files"]
    assert all(f'name="{place}"' in page for place in places)
    assert "Choisissez au moins un fichier." in text(visitor.post(together, follow=True))
    sent = {place: file(factories.pdf(), name=f"{place}.pdf") for place in (places[0], places[2])}
    page = text(visitor.post(together, sent | {places[1]: file(b"rien", name="photo.heic")}))
    assert "2 pièces sont reçues. Merci." in page
    assert title(visitor.get(together)).startswith("Envoyer")
    assert waiting.awaited(asked.claim) == [other]
    assert f'name="{places[1]}"' in page
    assert f'name="{places[0]}"' not in page
    visitor.post(together, {places[1]: file(factories.pdf(), name="scolarite.pdf")})
    assert visitor.get(together).url == page_of(asked)
