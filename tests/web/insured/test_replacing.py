"""One paper in the place of another, as the insured person does it."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims import actions as claims
from escale.domain.claims.models import Attachment, Claim, PaperVerdict
from escale.domain.documents.models import Document
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.documents_corpus import locked_pdfs
from tests.web.insured.conftest import file, text, title

pytestmark = pytest.mark.usefixtures("scanning")

WORDS = "Photographiez-la à nouveau."
ASKED = "Pièce à remplacer"


@pytest.fixture
def paper(person: InsuredPerson) -> Attachment:
    return factories.to_replace(factories.received(person))


def address(paper: Attachment) -> str:
    return reverse("insured:replace", args=[paper.claim.number, paper.pk])


def page_of(claim: Claim) -> str:
    return reverse("insured:claim", args=[claim.number])


def sends(visitor: Client, paper: Attachment, content: bytes, **named: str):
    return visitor.post(address(paper), {"files": file(content, **named)})


def test_the_claim_keeps_its_status_and_shows_what_is_to_be_replaced_and_why(visitor: Client, paper: Attachment):
    page = text(visitor.get(page_of(paper.claim)))
    for words in ("En cours de traitement", ASKED, paper.document.name, WORDS, "Illisible", "de votre part"):
        assert words in page
    assert f'href="{address(paper)}"' in page
    assert "Une pièce est à remplacer." in page


@pytest.mark.parametrize("name", ["home", "claims"])
def test_the_lists_show_it_without_asking_more(
    visitor: Client, person: InsuredPerson, paper: Attachment, name: str, django_assert_max_num_queries
):
    factories.to_replace(factories.received(person))
    with django_assert_max_num_queries(11):
        page = text(visitor.get(reverse(f"insured:{name}")))
    assert page.count("Pièce à envoyer") == 2
    factories.replacement(paper)
    assert text(visitor.get(reverse(f"insured:{name}"))).count("Pièce à envoyer") == 1


def test_the_page_says_what_and_why_and_takes_one_file(visitor: Client, paper: Attachment):
    page = text(visitor.get(address(paper)))
    for words in (paper.document.name, WORDS, "Illisible", "Nouveau fichier", f'name="replaces" value="{paper.pk}"'):
        assert words in page
    assert " multiple" not in page.partition("<main")[2].partition("</main")[0]


def test_a_file_takes_its_place_and_the_treatment_goes_on(visitor: Client, paper: Attachment):
    answer = sends(visitor, paper, factories.pdf(), name="nette.pdf")
    assert answer.url == page_of(paper.claim)
    page = text(visitor.get(answer.url))
    for words in (
        "« nette.pdf » est reçu",
        "Contrôle antivirus en cours",
        "Remplacée",
        "Vous avez remplacé une pièce.",
    ):
        assert words in page
    assert ASKED not in page
    assert "nette.pdf" not in text(visitor.get(reverse("insured:receipt", args=[paper.claim.number])))


def test_sent_twice_the_same_file_gets_the_same_answer(visitor: Client, paper: Attachment):
    content = factories.pdf()
    first = sends(visitor, paper, content)
    again = sends(visitor, paper, content)
    assert (again.status_code, again.url) == (302, first.url)
    assert "est reçu" in text(visitor.get(again.url))
    assert Attachment.objects.filter(replaces=paper).count() == 1


def test_another_window_that_comes_too_late_is_told(visitor: Client, paper: Attachment):
    sends(visitor, paper, factories.pdf())
    answer = visitor.post(address(paper), {"files": file(factories.pdf())}, follow=True)
    assert "Cette pièce n’est plus à remplacer." in text(answer)
    assert Attachment.objects.filter(replaces=paper).count() == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"PK\x03\x04", "autre.pdf"), (b"", "autre.pdf"), (None, "Choisissez au moins un fichier")],
    ids=["not a paper", "empty", "nothing"],
)
def test_what_cannot_be_kept_is_said_at_the_file(visitor: Client, paper: Attachment, content: bytes | None, told: str):
    typed = {} if content is None else {"files": file(content, name="autre.pdf")}
    page = visitor.post(address(paper), typed)
    assert title(page).strip().startswith("Erreur")
    assert told in text(page)
    assert ASKED in text(visitor.get(page_of(paper.claim)))


@pytest.mark.django_db(transaction=True)
def test_a_locked_pdf_is_asked_its_password_and_then_takes_the_place(visitor: Client, paper: Attachment):
    answer = sends(visitor, paper, locked_pdfs.locked(6, user="Toulon83", owner="Toulon83"), name="verrou.pdf")
    assert "/mot-de-passe/" in answer.url
    assert "verrou.pdf" in text(visitor.get(address(paper)))
    opened = visitor.post(answer.url, {"password": "Toulon83"})
    assert opened.url == page_of(paper.claim)
    assert Attachment.objects.get(replaces=paper).document.name == "verrou.pdf"


def test_a_file_that_held_a_virus_is_asked_for_again_with_its_reason(visitor: Client, paper: Attachment):
    bad = factories.replacement(paper, content=factories.pdf() + factories.EICAR + b"\n%%EOF\n")
    factories.scanned(paper.claim)
    page = text(visitor.get(page_of(paper.claim)))
    assert ASKED in page
    assert "Ce fichier contient un virus." in page
    assert sends(visitor, bad, factories.pdf()).status_code == 302
    assert Document.objects.filter(attachments__replaces=bad).exists()


def test_nothing_is_replaced_that_was_not_refused_or_once_all_is_decided(visitor: Client, paper: Attachment):
    other = paper.claim.attachments.exclude(pk=paper.pk).earliest("pk")
    assert visitor.get(address(other)).url == page_of(paper.claim)
    assert not Attachment.objects.filter(replaces=other).exists()
    agent = factories.agent()
    claims.refuse(claim=paper.claim, reason_code="R14", explanation="Voir la notice.", by=agent)
    assert sends(visitor, paper, factories.pdf()).url == page_of(paper.claim)
    assert not Attachment.objects.filter(replaces=paper).exists()
    assert ASKED not in text(visitor.get(page_of(paper.claim)))


def test_a_verdict_lifted_is_told_in_the_steps(visitor: Client, paper: Attachment):
    claims.judge(attachment=paper, verdict=PaperVerdict.ACCEPTED, by=factories.agent())
    page = text(visitor.get(page_of(paper.claim)))
    assert ASKED not in page
    assert "acceptée après tout" in page


def test_a_paper_of_somebody_else_does_not_exist(visitor: Client):
    assert visitor.get(address(factories.to_replace())).status_code == 404
