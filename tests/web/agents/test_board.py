"""The supervisor's counter."""

from datetime import timedelta

import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import LIFECYCLE
from escale.domain.claims.models import Claim
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.web.templatetags.agents import said
from tests import factories
from tests.web.agents.conftest import at_counter, draft, text


def test_the_board_counts_what_waits(claim: Claim, frozen: time_machine.Traveller) -> None:
    factories.sent(claim=draft())
    frozen.shift(timedelta(minutes=16))
    Claim.objects.filter(pk=claim.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    client: Client = at_counter(factories.actor(Role.SUPERVISOR))
    page = text(client.get("/gestion/supervision/"))
    for words in (
        "Demandes en cours de traitement 1",
        "date due est passée 1",
        "depuis plus de 15 minutes La première depuis le 15/09/2026 à 10:00 3",
    ):
        assert words in page


def test_the_board_counts_the_viruses_found_after_somebody_looked(claim: Claim) -> None:
    supervisor = at_counter(factories.actor(Role.SUPERVISOR))
    read, unread, *_ = [paper.document for paper in claim.attachments.order_by("pk")]
    documents.read(page=read.pages.get(), by=factories.agent())
    for document in (read, unread):
        document.advance("infect", by=SYSTEM)
    assert "regardées, depuis 30 jours 1" in text(supervisor.get("/gestion/supervision/"))


def test_the_board_counts_the_files_that_resist_verification(claim: Claim) -> None:
    for paper, days in zip(claim.attachments.order_by("pk")[:2], (0, 2), strict=True):
        due = timezone.now() - timedelta(days=settings.VERIFY_DAYS + days)
        Document.objects.filter(pk=paper.document_id).update(verified_at=due)
    assert "vérifiée à temps 1" in text(at_counter(factories.actor(Role.SUPERVISOR)).get("/gestion/supervision/"))


def test_every_event_of_a_claim_that_is_shown_has_its_words() -> None:
    shown = LIFECYCLE.events() - {"claim.open", "claim.change", "claim.assess", "claim.discard"}
    stays = {"before": ["XX", "posting", "2025-09-01", ""], "after": ["SN", "posting", "2025-09-01", ""]}
    assert all(said(Entry(event=event, facts=stays | {"grounds": "bills", "papers": 2})) for event in shown)
