"""The words of a page are for whoever may see its picture, and its opening leaves the same line."""

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims.models import Attachment, Claim
from escale.domain.documents.models import Field, Finding
from escale.domain.journal.actions import name_of
from escale.domain.registry.models import Reading

pytestmark = pytest.mark.django_db


def words(claim: Claim, attachment: Attachment) -> str:
    return reverse("agents:page_words", args=[claim.number, attachment.pk, 1])


def test_what_was_read_on_a_page_is_told_to_its_agent_and_noted(desk: Client, claim: Claim):
    paper = claim.attachments.select_related("document").get(paper="bill")
    Finding.objects.create(
        document=paper.document, field=Field.TOTAL, value="45.50", candidates=["45.50"], box=[0.1, 0.1, 0.2, 0.2]
    )
    told = desk.get(words(claim, paper)).json()
    assert told["lines"] == []
    assert [one["value"] for one in told["findings"]] == ["45.50"]
    assert Reading.objects.filter(subject=name_of(paper.document)).exists()


def test_the_words_of_a_paper_under_medical_seal_are_nobody_s_here(desk: Client, claim: Claim):
    sealed = Attachment.objects.get(claim=claim, medical=True)
    assert desk.get(words(claim, sealed)).status_code == 404
