"""The agent's clock stops while somebody else is waited for; the date promised never moves."""

from datetime import date, timedelta

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, waiting
from escale.domain.claims.models import Claim, PaperVerdict, PauseReason
from escale.domain.desk import queries as desk
from escale.domain.desk.filters import Filters
from escale.rules.clock import Standing
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]


def net(claim: Claim) -> object:
    return waiting.net_due_on(claim, waiting.pauses().filter(claim=claim))


def test_asking_the_physicians_stops_the_clock_until_they_answer(frozen):
    claim, agent = factories.received(), factories.agent()
    promised = claim.due_on
    assert net(claim) == promised
    opinion = factories.asked(claim, by=agent)
    pause = claim.pauses.get()
    assert (pause.reason, pause.author, pause.paused_until) == (PauseReason.OPINION, agent.account, None)
    assert net(claim) is None
    frozen.shift(timedelta(days=2))
    factories.answered(opinion)
    claim.refresh_from_db()
    assert claim.due_on == promised
    assert net(claim) == promised + timedelta(days=1)  # the day of the question would not have counted


def test_a_paper_to_replace_stops_the_clock_until_it_comes_or_is_no_longer_waited_for(frozen):
    agent = factories.agent()
    paper = factories.to_replace(by=agent)
    claim = paper.claim
    assert claim.pauses.get().reason == PauseReason.PAPERS
    frozen.shift(timedelta(days=1))
    claims.judge(attachment=paper, verdict=PaperVerdict.ACCEPTED, by=agent)
    assert claim.pauses.get().paused_until == claim.pauses.get().paused_from + timedelta(days=1)
    factories.to_replace(claim, by=agent)
    factories.replacement(paper)
    assert not claim.pauses.filter(paused_until=None).exists()
    assert claim.pauses.count() == 2


def test_what_is_given_back_to_the_agents_has_a_new_day_promised(frozen):
    claim = factories.approved()
    promised = claim.due_on
    frozen.shift(timedelta(days=14))
    claims.reopen(order=factories.ordered(claim))
    claim.refresh_from_db()
    assert (claim.reopened_on, claim.due_on) == (date(2026, 9, 29), promised + timedelta(days=14))
    read = waiting.clock_of(claim, claim.pauses.all())
    assert (read.gross, read.standing, net(claim)) == (0, Standing.EARLY, claim.due_on)
    [found] = desk.queue(actor=factories.agent(), filters=Filters())
    assert not desk.queue(actor=factories.agent(), filters=Filters(age=3))
    frozen.shift(timedelta(days=3))
    assert list(desk.queue(actor=factories.agent(), filters=Filters(age=3))) == [found]


def test_a_decision_ends_every_pause_and_a_late_claim_is_late_whatever_the_pauses(frozen):
    claim = factories.to_replace().claim
    frozen.shift(timedelta(days=30))
    assert queries.stock(actor=factories.actor(Role.SUPERVISOR))["late"] == 1
    factories.refused(claim)
    assert not claim.pauses.filter(paused_until=None).exists()
