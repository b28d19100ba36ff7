"""A claim decided line by line: in parts, by two people, again after a refused visa or an appeal; never paid twice."""

from decimal import Decimal

import pytest

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, ClaimLine, Decision, MedicalOpinion, PaperVerdict
from escale.domain.journal.models import Entry
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.rules import second_look
from escale.rules.lifecycle import StepRefused
from escale.rules.second_look import Why
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]
REASON = {"reason_code": "R01", "words": "Ce soin n’est pas remboursable."}


@pytest.fixture
def claim() -> Claim:
    """Two bills: a consultation of 19.00 on each, once computed."""
    draft = factories.draft()
    for _rank in range(2):
        bill = factories.bill(draft)
        factories.line(bill)
        factories.attachment(draft, bill=bill, paper="bill")
    for paper in queries.papers(draft):
        if paper.mandatory and not paper.per_bill:
            factories.attachment(draft, paper=paper.code)
    return factories.received(claim=draft)


def lines(claim: Claim) -> list[ClaimLine]:
    return list(queries.lines(claim))


def assess(line: ClaimLine, **retained: object) -> None:
    claims.assess(line=line, retained=claims.Assessment(**{"act": "G", **retained}), by=factories.agent())


def seen(*chosen: ClaimLine) -> dict[int, Decimal]:
    return {line.pk: ClaimLine.objects.get(pk=line.pk).due or Decimal(0) for line in chosen}


def ordered() -> Decimal:
    return sum((order.amount for order in PaymentOrder.objects.all()), Decimal(0))


def test_what_is_not_disputed_is_paid_at_once_and_the_rest_stays_open(claim: Claim):
    first, second = lines(claim)
    assess(first)
    part = claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    claim.refresh_from_db()
    assert (part.final, part.total, claim.status) == (False, Decimal("19.00"), Status.IN_PROGRESS)
    with pytest.raises(StepRefused, match="déjà décidée"):
        assess(lines(claim)[0])
    assess(lines(claim)[1])
    whole = claims.decide(claim=claim, by=factories.agent())
    claim.refresh_from_db()
    assert (whole.final, whole.total, claim.status) == (True, Decimal("19.00"), Status.PROCESSED)
    assert [order.reference for order in PaymentOrder.objects.order_by("pk")] == [claim.number, f"{claim.number}-2"]
    assert ordered() == sum(line.due for line in lines(claim))


def test_in_parts_or_at_once_a_claim_is_paid_back_the_same(claim: Claim):
    first, second = lines(claim)
    assess(first)
    assess(second)
    at_once = [line.due for line in lines(claim)]
    claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    assess(lines(claim)[1])
    assert [line.due for line in lines(claim)] == at_once


def test_one_line_is_refused_and_the_other_paid(claim: Claim):
    first, second = lines(claim)
    assess(first)
    claims.refuse_line(line=second, by=factories.agent(), **REASON)
    claims.decide(claim=claim, by=factories.agent())
    claim.refresh_from_db()
    paid, refused = lines(claim)
    assert (claim.status, paid.due, refused.due, refused.refused) == (Status.PROCESSED, Decimal("19.00"), 0, True)
    assert [(one.reason.code, one.words) for one in queries.refusals(lines(claim))] == [("R01", REASON["words"])]
    assert refused.explanation[-1]["after"] == "0.00"
    assert Entry.objects.filter(event="claim.approve").get().facts["reasons"] == ["R01"]


def test_a_line_refused_by_mistake_is_computed_again(claim: Claim):
    first, second = lines(claim)
    claims.refuse_line(line=second, by=factories.agent(), **REASON)
    assess(lines(claim)[1])
    again = lines(claim)[1]
    assert (again.refused, again.reason_code, again.due) == (False, "", Decimal("19.00"))


def test_a_claim_all_of_whose_lines_are_refused_is_refused(claim: Claim):
    for line in lines(claim):
        claims.refuse_line(line=line, by=factories.agent(), **REASON)
    claims.decide(claim=claim, by=factories.agent())
    claim.refresh_from_db()
    assert claim.status == Status.REFUSED
    assert not PaymentOrder.objects.exists()


def test_a_claim_paid_in_part_is_processed_even_if_the_rest_is_refused(claim: Claim):
    first, _second = lines(claim)
    assess(first)
    claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    claims.refuse(claim=claim, reason_code="R11", explanation="Rien ne prouve le paiement.", by=factories.agent())
    claim.refresh_from_db()
    assert claim.status == Status.PROCESSED
    assert ordered() == Decimal("19.00")


def test_the_last_line_waits_for_the_papers_that_are_awaited_the_others_do_not(claim: Claim):
    first, second = lines(claim)
    assess(first)
    assess(second)
    bill = second.bill
    paper = claim.attachments.get(bill=bill)
    claims.judge(attachment=paper, verdict=PaperVerdict.UNREADABLE, words="Flou.", by=factories.agent())
    with pytest.raises(claims.PaperAwaited):
        claims.decide(claim=claim, by=factories.agent())
    assert claims.decide(claim=claim, seen=seen(first), by=factories.agent()).total == Decimal("19.00")


def test_an_amount_that_changed_since_it_was_seen_is_not_decided(claim: Claim):
    first, second = lines(claim)
    assess(first)
    before = seen(first)
    assess(first, act="", amount=Decimal(3), reason="Revu")
    with pytest.raises(claims.NotAssessed, match="recalculée"):
        claims.decide(claim=claim, seen=before, by=factories.agent())
    for unseen in ({}, {0: Decimal(1)}, {second.pk: Decimal(0)}):
        with pytest.raises(claims.NotAssessed):
            claims.decide(claim=claim, seen=unseen, by=factories.agent())


def test_the_visa_refused_for_a_part_leaves_the_other_part_paid(claim: Claim):
    first, second = lines(claim)
    assess(first)
    part = claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    assess(lines(claim)[1])
    claims.decide(claim=claim, by=factories.agent())
    payments.reject(order=part.order, reason="RIB à vérifier", by=factories.accountant())
    for _twice in range(2):
        claims.reopen(order=part.order)
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS
    assert [bool(line.decision_id) for line in lines(claim)] == [False, True]
    claims.decide(claim=claim, by=factories.agent())
    assert ordered() - part.total == sum(line.due for line in lines(claim))


def test_a_part_reopened_while_the_rest_waits_for_its_second_look_keeps_the_claim_open(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
):
    first, _second = lines(claim)
    assess(first)
    part = claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    assess(lines(claim)[1])
    with monkeypatch.context() as drawn:
        drawn.setattr(second_look, "why", lambda *_of, **_drawn: Why.DRAWN)
        rest = claims.decide(claim=claim, by=factories.agent())
    payments.reject(order=part.order, reason="RIB à vérifier", by=factories.accountant())
    claims.reopen(order=part.order)
    claims.second(decision=rest, by=factories.agent())
    claim.refresh_from_db()
    rest.refresh_from_db()
    assert (claim.status, rest.final) == (Status.IN_PROGRESS, False)
    assert [bool(line.decision_id) for line in lines(claim)] == [False, True]


def test_no_second_look_agrees_with_a_line_that_waits_for_an_opinion(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(second_look, "why", lambda *_of, **_drawn: Why.AMOUNT)
    line = lines(claim)[0]
    assess(line)
    agent = factories.agent()
    decision = claims.decide(claim=claim, seen=seen(line), by=agent)
    MedicalOpinion.objects.create(claim=claim, question="Ces soins ?", asked_by=agent.account).lines.set([line])
    with pytest.raises(StepRefused, match="attend l’avis"):
        claims.second(decision=decision, by=factories.agent())


def test_who_proposed_an_order_does_not_approve_it(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    both = factories.account(Role.AGENT, Role.ACCOUNTANT)
    for line in lines(claim):
        assess(line)
    monkeypatch.setattr(second_look, "why", lambda *_of, **_drawn: Why.AMOUNT)
    decision = claims.decide(claim=claim, by=Actor(Role.AGENT, both))
    claims.second(decision=decision, by=factories.agent())
    with pytest.raises(StepRefused):
        payments.visa(orders=[PaymentOrder.objects.get()], by=Actor(Role.ACCOUNTANT, both))


def test_two_parts_above_the_threshold_together_are_read_again(claim: Claim, monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(second_look, "why", lambda total, **drawn: asked.append((total, drawn["sent_back"])))
    first, _second = lines(claim)
    assess(first)
    claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    assess(lines(claim)[1])
    claims.decide(claim=claim, by=factories.agent())
    assert asked == [(Decimal("19.00"), False), (Decimal("38.00"), False)]


def test_a_virus_found_later_sets_no_claim_aside_of_which_a_part_is_paid(claim: Claim):
    first, _second = lines(claim)
    assess(first)
    claims.decide(claim=claim, seen=seen(first), by=factories.agent())
    claim.attachments.earliest("pk").document.advance("infect", by=SYSTEM)
    claims.settle(claim=claim)
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS


@pytest.fixture
def two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "why", lambda *_of, **_drawn: Why.AMOUNT)


@pytest.mark.usefixtures("two_looks")
class TestASecondLook:
    def proposed(self, claim: Claim, by: Actor) -> Decision:
        for line in lines(claim):
            assess(line)
        return claims.decide(claim=claim, by=by)

    def test_nothing_is_ordered_nor_told_before_another_agent_agrees(self, claim: Claim):
        author, other = factories.agent(), factories.agent()
        decision = self.proposed(claim, author)
        assert not PaymentOrder.objects.exists()
        assert not Entry.objects.filter(event="claim.approve").exists()
        with pytest.raises(StepRefused, match="autre personne"):
            claims.second(decision=decision, by=author)
        with pytest.raises(StepRefused, match="attend d’être relue"):
            claims.decide(claim=claim, by=other)
        for _twice in range(2):
            claims.second(decision=decision, by=other)
        claim.refresh_from_db()
        assert (claim.status, ordered()) == (Status.PROCESSED, Decimal("38.00"))
        assert Entry.objects.filter(event="claim.approve").count() == 1

    def test_sent_back_it_is_made_again(self, claim: Claim):
        decision = self.proposed(claim, factories.agent())
        claims.send_back(decision=decision, words="Le tarif est d’une autre année.", by=factories.agent())
        with pytest.raises(StepRefused):
            claims.second(decision=decision, by=factories.agent())
        assert all(line.decision_id is None for line in lines(claim))
        again = claims.decide(claim=claim, by=factories.agent())
        claims.second(decision=again, by=factories.agent())
        with pytest.raises(StepRefused):
            claims.send_back(decision=again, words="Trop tard.", by=factories.agent())
        assert ordered() == Decimal("38.00")


def test_after_an_appeal_only_the_difference_is_ordered(claim: Claim):
    first, second = lines(claim)
    assess(first, act="", amount=Decimal(5), reason="Réduite", reason_code="R01")
    claims.refuse_line(line=second, by=factories.agent(), **REASON)
    decision = claims.decide(claim=claim, by=factories.agent())
    supervisor = factories.actor(Role.SUPERVISOR)
    with pytest.raises(StepRefused, match="pas encore parti"):
        claims.take_up(decision=decision, by=supervisor)
    bank.says(bank.rejects(bank.sent(decision.order)))  # still due, it is ordered again by the accountant
    claims.take_up(decision=Decision.objects.get(), by=supervisor)
    for line in lines(claim):
        assess(line)
    claims.decide(claim=claim, by=factories.agent())
    assert ordered() == sum(line.due for line in lines(claim)) == Decimal("38.00")
    assert PaymentOrder.objects.latest("pk").amount == Decimal("33.00")


def test_an_appeal_never_takes_back_what_was_ordered(claim: Claim):
    first, second = lines(claim)
    assess(first)
    assess(second)
    factories.paid(claims.decide(claim=claim, by=factories.agent()).order)
    claims.take_up(decision=Decision.objects.get(), by=factories.actor(Role.SUPERVISOR))
    assess(lines(claim)[0], act="", amount=Decimal(1), reason="Revu à la baisse")
    with pytest.raises(claims.NotAssessed, match="moins que ce qui a déjà été ordonné"):
        claims.decide(claim=claim, by=factories.agent())
    with pytest.raises(StepRefused, match="déjà ordonnée"):
        claims.refuse_line(line=lines(claim)[0], by=factories.agent(), **REASON)
