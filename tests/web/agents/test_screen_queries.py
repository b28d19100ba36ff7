"""The screens of a claim take as many queries for ten lines and papers as for one, and few."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.claims.models import Attachment, Claim, ClaimLine
from escale.domain.documents.models import Finding, Page
from tests import factories
from tests.web.agents.conftest import post_line

MOST = {
    "agents:case": 16,
    "agents:decide": 16,
    "agents:refuse": 15,
    "agents:ask_opinion": 15,
    "agents:ask_papers": 15,
}


def grown(claim: Claim) -> None:
    """Give a claim that was received nine more lines, and nine more papers of two pages, which a machine read."""
    line = ClaimLine.objects.get(bill__claim=claim)
    paper = claim.attachments.select_related("document").get(paper="bill")
    document = paper.document
    for _ in range(9):
        line.pk, line.request_key = None, uuid4()
        line.save(force_insert=True)
        document.pk, document.key = None, uuid4().hex
        document.save(force_insert=True)
        for number in (1, 2):
            Page.objects.create(document=document, number=number, key=uuid4().hex, width=10, height=14)
        Finding.objects.create(document=document, field="total", value="20000", box=[0.1, 0.1, 0.5, 0.2])
        Attachment.objects.create(claim=claim, document=document, paper=paper.paper, bill=paper.bill)


@pytest.mark.parametrize("route", MOST)
def test_a_screen_of_the_agent_takes_few_queries(
    desk: Client, claim: Claim, route: str, django_assert_max_num_queries
) -> None:
    address = reverse(route, args=[claim.number])
    post_line(desk, claim, act="G")
    desk.get(address)  # the first time in an hour leaves a line
    with django_assert_max_num_queries(MOST[route]) as once:
        desk.get(address)
    grown(claim)
    with django_assert_max_num_queries(len(once)):
        assert desk.get(address).status_code == 200


def test_the_screen_of_the_physician_takes_few_queries(
    surgery: Client, claim: Claim, django_assert_max_num_queries
) -> None:
    factories.asked(claim)
    address = reverse("agents:opinion", args=[claim.number])
    surgery.get(address)
    with django_assert_max_num_queries(15) as once:
        surgery.get(address)
    grown(claim)
    with django_assert_max_num_queries(len(once)):
        surgery.get(address)
