"""The circumstances of care, on the agent's form of a line."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import Claim, ClaimLine
from escale.rules.intake import Care
from escale.rules.reimbursement import Choice
from escale.rules.scope import Stay
from tests import factories
from tests.web.agents.conftest import post_line, text

pytestmark = pytest.mark.usefixtures("scanning")


def waiting(*, choice: Choice = Choice.FRENCH, care: Care = Care.GENERALIST, **stay: Any) -> Claim:
    """A claim of one line of 50 € that waits for an agent."""
    claim = factories.draft(**stay)
    claims.choose_tariff(claim=claim, choice=choice, by=factories.owner(claim))
    factories.line(factories.bill(claim, currency="EUR"), care=care)
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    return factories.received(claim=claim)


def in_america(**traits: Any) -> Claim:
    return waiting(territory="US", stay=Stay.HOLIDAY, **traits)


def in_germany(**traits: Any) -> Claim:
    return waiting(territory="DE", stay=Stay.HOLIDAY, choice=Choice.STATE_OF_STAY, **traits)


def screen(desk: Client, claim: Claim) -> str:
    return desk.get(f"/gestion/demandes/{claim.number}/").content.decode()


def group(page: str) -> str:
    """The group of the circumstances, from its opening tag."""
    before, _summary, after = page.partition("<summary>Circonstances des soins")
    return before[before.rindex("<details") :] + after.partition("</details>")[0]


def test_the_group_is_open_while_something_is_to_say(desk: Client) -> None:
    claim = in_america()
    asked = group(screen(desk, claim))
    assert asked.startswith("<details open>")
    for name in ("unforeseen", "in_hospital", "emergency", "heavy"):
        assert f'name="{name}"' in asked
    for name in ("authorised", "state_of_stay", "pregnancy_found_on"):
        assert f'name="{name}"' not in asked
    assert post_line(desk, claim, act="G", unforeseen="yes", emergency="on").status_code == 302
    line = ClaimLine.objects.get(bill__claim=claim)
    assert (line.unforeseen, line.emergency, line.heavy, line.due) == (True, True, False, Decimal("5.00"))
    told = screen(desk, claim)
    assert "Circonstances : soins inopinés, passage aux urgences" in told
    assert group(told).startswith("<details>")
    assert '<option value="yes" selected>' in group(told)


def test_care_that_nothing_can_change_asks_nothing(desk: Client) -> None:
    assert "Circonstances des soins" not in screen(desk, waiting(care=Care.TRANSPORT))


def test_planned_before_leaving_gives_nothing_whatever_the_act(desk: Client) -> None:
    claim = in_america()
    assert post_line(desk, claim, unforeseen="no").status_code == 302
    assert ClaimLine.objects.get(bill__claim=claim).due == Decimal(0)
    assert "CSS, art. R. 160-4, al. 1" in screen(desk, claim)


def test_what_was_ticked_is_not_lost_on_an_error(desk: Client) -> None:
    claim = in_america()
    refused = post_line(desk, claim, act="ZZZZ", unforeseen="yes", heavy="on", emergency="on", in_hospital="on")
    assert "cochez l’un ou l’autre" in text(refused)
    asked = group(refused.content.decode())
    assert asked.startswith("<details open>")
    assert '<option value="yes" selected>' in asked
    assert asked.count("checked") == 3
    assert 'value="ZZZZ"' in refused.content.decode()


def test_the_answer_of_the_state_of_stay_is_asked_at_its_field(desk: Client) -> None:
    claim = in_germany()
    assert group(screen(desk, claim)).startswith("<details open>")
    assert "tarifs de l’État de séjour, au choix de l’assuré" in screen(desk, claim)
    refused = post_line(desk, claim, act="G")
    assert "<title>Erreur" in refused.content.decode()
    assert "indiquez le montant que l’organisme de cet État a répondu" in text(refused)
    assert 'value="G"' in refused.content.decode()
    assert "Saisissez un nombre" in text(post_line(desk, claim, state_of_stay="beaucoup"))
    assert post_line(desk, claim, state_of_stay="41,20").status_code == 302
    assert "réponse de cet État : 41,20 €" in text(desk.get(f"/gestion/demandes/{claim.number}/")).replace("\xa0", " ")
    assert ClaimLine.objects.get(bill__claim=claim).due == Decimal("41.20")


def test_maternity_asks_when_the_pregnancy_was_found(desk: Client) -> None:
    claim = waiting(care=Care.MATERNITY)
    typed = {"act": "JQQM010", "stated_tariff": "30", "reason": "Prix français"}
    assert "avant les soins de maternité" in text(post_line(desk, claim, **typed, pregnancy_found_on="2026-09-02"))
    assert post_line(desk, claim, **typed, pregnancy_found_on="2026-05-04").status_code == 302
    told = screen(desk, claim)
    assert "grossesse constatée le 04/05/2026" in told
    assert 'value="2026-05-04"' in told
