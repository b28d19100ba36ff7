"""What an agent has beside the lines: the tools of the papers, the original, what colleagues wrote, the family."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims.models import Attachment, Claim, Remark
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Reading
from tests import factories
from tests.web.agents.conftest import text

pytestmark = pytest.mark.django_db


def here(claim: Claim) -> str:
    return reverse("agents:case", args=[claim.number])


def test_the_original_is_taken_as_it_was_received_and_both_journals_say_it(desk: Client, claim: Claim):
    paper = claim.attachments.select_related("document").get(paper="bill")
    answer = desk.get(reverse("agents:original", args=[claim.number, paper.pk]))
    content = b"".join(answer.streaming_content)
    assert len(content) == paper.document.size
    assert content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert Entry.objects.filter(event="document.read", facts__page=0).count() == 1
    assert Reading.objects.filter(paper=paper.paper).exists()


def test_no_original_of_a_paper_under_medical_seal_leaves_the_medical_counter(desk: Client, claim: Claim):
    sealed = Attachment.objects.get(claim=claim, medical=True)
    assert desk.get(reverse("agents:original", args=[claim.number, sealed.pk])).status_code == 404


def test_what_one_writes_the_next_reads_once(desk: Client, claim: Claim):
    write = reverse("agents:remark", args=[claim.number])
    for _twice in range(2):
        desk.post(write, {"text": "Tampon du praticien vérifié au téléphone."})
    assert Remark.objects.count() == 1
    page = text(desk.get(here(claim)))
    assert "Tampon du praticien vérifié au téléphone." in page
    assert "Écrivez votre annotation." in text(desk.post(write, {"text": " "}, follow=True))


def test_the_tools_of_the_papers_have_a_name_and_a_key(desk: Client, claim: Claim):
    page = desk.get(here(claim)).content.decode()
    for key in ("j", "k", "r", "0", "+", "-"):
        assert f'data-key="{key}"' in page
    assert 'aria-label="Regarder les pièces"' in page


def test_the_other_claims_of_the_family_are_beside(desk: Client, claim: Claim):
    other = factories.received(claim.insured)
    assert other.number in desk.get(here(claim)).content.decode()
