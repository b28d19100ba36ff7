"""The supervisor's counter."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import LIFECYCLE
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.web.templatetags.agents import said
from tests import factories
from tests.web.agents.conftest import at_counter, draft, text


def test_the_board_counts_what_waits(claim: Claim) -> None:
    factories.sent(claim=draft())
    Claim.objects.filter(status="sent").update(sent_at=timezone.now() - timedelta(minutes=16))
    Claim.objects.filter(pk=claim.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    client: Client = at_counter(factories.actor(Role.SUPERVISOR))
    page = text(client.get("/gestion/supervision/"))
    for words in ("Demandes en cours de traitement 1", "date due est passée 1", "depuis plus de 15 minutes 1"):
        assert words in page


def test_every_event_of_a_claim_that_is_shown_has_its_words() -> None:
    shown = LIFECYCLE.events() - {"claim.open", "claim.change", "claim.assess", "claim.discard"}
    assert all(said(Entry(event=event)) for event in shown)
