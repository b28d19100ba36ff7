"""How long papers are kept, as the agent reads and changes it."""

from datetime import timedelta
from pathlib import Path

import time_machine
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from tests import factories
from tests.domain.documents.test_files import flip_a_bit
from tests.web.agents.conftest import at_counter, text


def page(desk: Client, claim: Claim) -> str:
    return text(desk.get(f"/gestion/demandes/{claim.number}/"))


def test_the_screen_says_until_when_papers_are_kept(desk: Client, claim: Claim) -> None:
    assert "Les pièces sont gardées pendant le traitement" in page(desk, claim)
    factories.refused(claim)
    assert "gardées jusqu’au 15/09/2031, puis détruites" in page(desk, claim)


def test_an_agent_keeps_papers_for_an_appeal_then_lets_them_go(desk: Client, agent: Actor, claim: Claim) -> None:
    factories.refused(claim)
    address = f"/gestion/demandes/{claim.number}/conservation/"
    for _ in range(2):
        shown = desk.post(address, {"reason": "appeal"}, follow=True)
    assert f"Recours en cours {agent.account}, le 15/09/2026 : rien n’est détruit tant qu’il dure. Lever" in text(shown)
    hold = upkeep.holds(claim).get()
    for _ in range(2):
        shown = desk.post(f"{address}{hold.pk}/lever/", follow=True)
    assert "La prolongation est levée." in text(shown)
    assert not upkeep.holds(claim).exists()
    written = Entry.objects.filter(subject=f"claims.claim:{claim.pk}", event__endswith="_papers").order_by("pk")
    assert [entry.event for entry in written] == ["claim.hold_papers", "claim.release_papers"]


def test_a_reason_that_is_none_is_told(desk: Client, claim: Claim) -> None:
    shown = desk.post(f"/gestion/demandes/{claim.number}/conservation/", {"reason": "envie"}, follow=True)
    assert "un contrôle ou un recours" in text(shown)


def test_after_their_destruction_the_claim_still_opens(
    agent: Actor, claim: Claim, frozen: time_machine.Traveller
) -> None:
    factories.refused(claim)
    frozen.shift(timedelta(days=5 * 366))
    assert claims.destroy_papers(claim=claim)
    desk = at_counter(agent)
    assert "Pièces détruites le" in page(desk, claim)
    shown = desk.post(f"/gestion/demandes/{claim.number}/conservation/", {"reason": "appeal"}, follow=True)
    assert "déjà détruites" in text(shown)


def test_a_reading_is_written_before_the_image_is_given(desk: Client, agent: Actor, claim: Claim) -> None:
    attachment = claim.attachments.get(paper="bill")
    assert desk.get(f"/gestion/demandes/{claim.number}/pieces/{attachment.pk}/pages/1.jpg").status_code == 200
    entry = Entry.objects.get(event="document.read")
    assert (entry.actor, entry.facts) == (agent.account, {"page": 1})


def test_an_image_that_is_not_the_one_drawn_is_not_shown(desk: Client, claim: Claim) -> None:
    attachment = claim.attachments.get(paper="bill")
    image = attachment.document.pages.get()
    flip_a_bit(image)
    response = desk.get(f"/gestion/demandes/{claim.number}/pieces/{attachment.pk}/pages/1.jpg")
    assert response.status_code == 404
    assert "Cette pièce ne peut pas être ouverte" in text(response)
    assert not Entry.objects.filter(event="document.read").exists()
    assert Entry.objects.filter(event="document.doubt").count() == 1


def test_a_vault_that_is_away_is_told_to_be_away(desk: Client, claim: Claim, home: Path) -> None:
    attachment = claim.attachments.get(paper="bill")
    (home / "vault").rename(home / "away")
    response = desk.get(f"/gestion/demandes/{claim.number}/pieces/{attachment.pk}/pages/1.jpg")
    assert response.status_code == 503
    assert "réessayez dans quelques minutes" in text(response)
    assert not Entry.objects.filter(event__in=["document.read", "document.doubt"]).exists()
