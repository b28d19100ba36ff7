"""The papers of a claim are kept as long as an appeal goes on, and until what it grants is done."""

from datetime import timedelta

import pytest
import time_machine

from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals.lifecycle import Status
from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import HoldReason
from tests import factories
from tests.domain.appeals import appeals as told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def test_papers_are_let_go_with_the_last_appeal_that_kept_them():
    decision = told.decision()
    first, other = (told.examined(told.filed(decision, overpayment=name)) for name in ("", "I1"))
    held = decision.claim.holds.get()
    told.answered(first, outcome=Status.REJECTED)
    held.refresh_from_db()
    assert held.lifted_at is None
    appeals.withdraw(appeal=other, by=factories.owner(decision.claim))
    held.refresh_from_db()
    assert held.lifted_at


def test_papers_are_kept_from_the_day_of_the_appeal(frozen: time_machine.Traveller):
    appeal = told.filed()
    claim = appeal.decision.claim
    frozen.shift(timedelta(days=6 * 366))
    assert not claims.destroy_papers(claim=claim)
    appeals.withdraw(appeal=appeal, by=factories.owner(claim))
    assert claims.destroy_papers(claim=claim)


def test_papers_are_kept_until_what_is_granted_is_done():
    appeal = told.answered()
    held = appeal.decision.claim.holds.get()
    assert held.lifted_at is None
    appeals.take_up(appeal=appeal, by=factories.actor(Role.SUPERVISOR))
    held.refresh_from_db()
    assert held.lifted_at


def test_papers_are_kept_again_when_what_silence_rejected_is_granted():
    appeal = told.silent()
    claim = appeal.decision.claim
    assert not upkeep.holds(claim).exists()
    told.answered(appeal)
    assert upkeep.holds(claim).get().reason == HoldReason.APPEAL
    appeals.take_up(appeal=appeal, by=factories.actor(Role.SUPERVISOR))
    assert not upkeep.holds(claim).exists()


def test_what_somebody_keeps_by_hand_stays_kept():
    appeal = told.filed()
    held = claims.hold(claim=appeal.decision.claim, reason=HoldReason.APPEAL, by=factories.agent())
    told.answered(told.examined(appeal), outcome=Status.REJECTED)
    held.refresh_from_db()
    assert held.lifted_at is None
