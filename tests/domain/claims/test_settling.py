"""An agent says where, why and when care was given: what follows for the law, the lines and the story."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.actions import Grounds
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.journal.models import Entry
from escale.rules import intake
from escale.rules.lifecycle import StepRefused
from escale.rules.scope import Cause, RuleSet, Stay
from tests import factories

pytestmark = pytest.mark.usefixtures("scanning", "db")

UNKNOWN = "Pays inconnu : indiquez où les soins ont été donnés avant de calculer."


def settle(claim: Claim, *, by: Actor | None = None, **traits: Any) -> int:
    found: dict[str, Any] = {
        "territory": "SN", "stay": Stay(claim.stay), "stay_from": claim.stay_from, "stay_until": claim.stay_until,
        "grounds": Grounds.BILLS,
    }  # fmt: skip
    return claims.settle_stay(claim=claim, by=by or factories.agent(), **found | traits)


def received(territory: str = "DJ", **traits: Any) -> Claim:
    return factories.received(claim=factories.complete(territory=territory, **traits))


def stay(claim: Claim) -> tuple[object, ...]:
    return Claim.objects.values_list("territory", "stay", "stay_from", "stay_until").get(pk=claim.pk)


def compute(claim: Claim) -> ClaimLine:
    line = ClaimLine.objects.get(bill__claim=claim)
    claims.assess(line=line, retained=claims.Assessment(act="G"), by=factories.agent())
    return ClaimLine.objects.get(bill__claim=claim)


def test_nothing_is_computed_nor_accepted_while_the_country_is_unknown():
    claim = received("XX")
    with pytest.raises(StepRefused, match=UNKNOWN):
        compute(claim)
    before = {"due": 1, "expense": 40, "rate": 1, "counted_on": date(2026, 9, 1)}  # when this was not asked
    ClaimLine.objects.filter(bill__claim=claim).update(**before)
    with pytest.raises(StepRefused, match=UNKNOWN):
        claims.decide(claim=claim, by=factories.agent())
    assert settle(claim) == 1
    assert compute(claim).due


def test_a_claim_of_which_nothing_was_computed_just_changes():
    claim = received("XX")
    found = {"territory": "KE", "stay": Stay.HOLIDAY, "stay_from": date(2026, 8, 1), "stay_until": date(2026, 9, 3)}
    assert settle(claim, **found) == 0
    assert stay(claim) == tuple(found.values())
    assert queries.competence(claim).rule_set is RuleSet.PRIVATE_WORLD


def test_care_at_sea_is_a_true_answer():
    claim = received("XX")
    settle(claim, territory="XZ")
    assert compute(claim).due


def test_lines_lose_what_the_other_rules_gave_and_keep_what_was_retained():
    claim = factories.assessed(received())
    before = ClaimLine.objects.get(bill__claim=claim)
    assert before.due == Decimal("19.00")
    assert settle(claim, territory="KE", stay=Stay.HOLIDAY) == 1
    after = ClaimLine.objects.get(bill__claim=claim)
    assert (after.due, after.participation, after.explanation, after.to_judge) == (None, 0, [], [])
    assert (after.act, after.rate, after.expense) == ("G", before.rate, before.expense)
    with pytest.raises(claims.NotAssessed):
        claims.decide(claim=claim, by=factories.agent())
    assert compute(claim).to_judge, "whether the care was unforeseen"


def test_another_fund_is_named_and_the_claim_is_not_changed():
    claim = factories.assessed(received())
    before = stay(claim)
    with pytest.raises(claims.Redirected, match="CAFAT"):
        settle(claim, territory="NC", stay_until=date(2026, 9, 10))
    assert stay(claim) == before == (claim.territory, claim.stay, claim.stay_from, claim.stay_until)
    assert ClaimLine.objects.get(bill__claim=claim).due
    assert not Entry.objects.filter(event="claim.settle_stay").exists()


def test_the_law_looks_at_the_beneficiary():
    claim = received("XX", stay=Stay.MISSION)
    Claim.objects.filter(pk=claim.pk).update(beneficiary=claim.insured.beneficiaries.get(link="spouse"))
    settle(claim)
    assert queries.competence(claim).rule_set is RuleSet.PRIVATE_WORLD


@pytest.mark.parametrize(("traits", "field"), [
    ({"territory": "XX"}, "territory"),
    ({"territory": "??"}, "territory"),
    ({"stay_from": date(2026, 12, 1)}, "stay_from"),
    ({"stay_until": date(2025, 9, 1)}, "stay_until"),
])  # fmt: skip
def test_what_cannot_be_right_is_said_at_its_field(traits: dict[str, Any], field: str):
    claim = received("XX")
    with pytest.raises(claims.Unacceptable) as refused:
        settle(claim, **traits)
    assert set(refused.value.errors) == {field}
    assert stay(claim)[0] == "XX"


def test_papers_that_the_true_stay_asks_for_are_missed():
    claim = received()
    assert not intake.missing(papers=queries.papers(claim), provided=queries.provided(claim))
    settle(claim, stay=Stay.HOLIDAY)
    missing = intake.missing(papers=queries.papers(claim), provided=queries.provided(claim))
    assert {paper.code for paper in missing} == {"proof_of_stay", "emergency"}


@pytest.mark.parametrize("cause", Cause)
def test_care_of_another_service_is_named_and_the_claim_is_not_changed(cause: Cause):
    claim = received()
    with pytest.raises(claims.Redirected, match="CNMSS, s"):
        settle(claim, cause=cause)
    assert stay(claim)[0] == "DJ"
    assert not Entry.objects.filter(event="claim.settle_stay").exists()


def test_an_operation_and_an_accident_are_settled_and_what_was_sent_stays_known():
    claim = received()
    settle(claim, stay=Stay.MISSION, opex=True, accident=True)
    claim.refresh_from_db()
    assert (claim.opex, claim.accident) == (True, True)
    assert queries.competence(claim).terms.key == "opex"
    assert "accident" in {paper.code for paper in queries.papers(claim)}
    entry = Entry.objects.get(event="claim.settle_stay")
    assert entry.facts["after"] == ["SN", "mission", "2025-09-01", "", "opex", "accident"]
    sent = queries.as_sent(claim, story=queries.timeline(claim))
    assert (sent.opex, sent.accident) == (False, False)


def test_the_journal_keeps_what_it_was_what_it_is_and_what_shows_it_once():
    claim, agent = factories.assessed(received()), factories.agent()
    for _ in range(2):
        settle(claim, grounds=Grounds.ORDER, by=agent)
        claim.refresh_from_db()
    [entry] = Entry.objects.filter(event="claim.settle_stay")
    assert (entry.actor, entry.hat) == (agent.account, Role.AGENT)
    assert entry.facts == {
        "before": ["DJ", "posting", "2025-09-01", ""],
        "after": ["SN", "posting", "2025-09-01", ""],
        "grounds": "order",
        "lines": 1,
    }
    assert queries.timeline(claim).get(event="claim.settle_stay") == entry


def test_what_was_sent_is_known_whatever_was_found_since():
    claim = received("XX", stay_until=date(2026, 9, 10))
    assert queries.as_sent(claim, story=queries.timeline(claim)) is claim
    before = stay(claim)
    settle(claim)
    settle(claim, territory="KE", stay=Stay.HOLIDAY, stay_until=None)
    sent = queries.as_sent(claim, story=queries.timeline(claim))
    assert (sent.territory, sent.stay, sent.stay_from, sent.stay_until) == before
    assert queries.place(claim).code == "KE"


def test_who_comes_too_late_learns_who_decided():
    claim, first = received(), factories.agent()
    factories.refused(claim, by=first)
    with pytest.raises(StepRefused, match=f"{first.account} a déjà décidé"):
        settle(claim)
    with pytest.raises(StepRefused, match="n’est plus possible"):
        settle(factories.asked(received()).claim)
