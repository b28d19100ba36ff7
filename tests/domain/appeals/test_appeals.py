"""A decision is contested online, whoever took it stands aside, silence rejects, and what is granted is paid once."""

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries
from escale.domain.appeals.lifecycle import Status
from escale.domain.appeals.models import Appeal, Point, Route
from escale.domain.case import BeyondAuthority, Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims.lifecycle import Status as ClaimStatus
from escale.domain.claims.models import Claim, ClaimLine, Decision, HoldReason
from escale.domain.journal.models import Entry
from escale.domain.mandates.acts import Act
from escale.domain.notices.models import Notice
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.jobs import after
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.conftest import Work
from tests.domain.appeals import appeals as told
from tests.domain.mandates import mandates
from tests.house.test_letters import HEALTH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def test_an_appeal_is_filed_once_with_its_number_and_the_day_of_silence():
    decision = told.decision()
    appeal = told.filed(decision)
    again = told.filed(decision, request_key=appeal.request_key)
    assert again == appeal
    assert appeal.reference == f"{decision.claim.number}-R1"
    assert (appeal.late, appeal.due_on, appeal.route) == (False, date(2026, 11, 15), Route.AMICABLE)
    assert queries.contestable(decision.claim).get().contested
    with pytest.raises(StepRefused, match="déjà en cours"):
        told.filed(decision)


def test_an_appeal_says_on_what_it_bears_and_why():
    with pytest.raises(Unacceptable) as refused:
        told.filed(points=[], text=" ")
    assert set(refused.value.errors) == {"points", "text"}


@pytest.mark.parametrize(("residence", "days", "late"), [
    ("france", 61, False), ("france", 62, True), ("abroad", 62, False), ("abroad", 123, True),
])  # fmt: skip
def test_a_late_appeal_is_taken_and_said_late(frozen: time_machine.Traveller, residence, days, late):
    person = factories.insured()
    person.residence = residence
    person.save()
    decision = told.decision(person)
    frozen.shift(timedelta(days=days))
    assert told.filed(decision).late is late


@pytest.mark.parametrize(("points", "route", "due_on"), [
    ([Point.MEDICAL], Route.MEDICAL, date(2027, 1, 15)),
    ([Point.MEDICAL, Point.TARIFF], Route.MIXED, date(2027, 3, 15)),
])  # fmt: skip
def test_what_is_medical_goes_to_the_other_commission_with_its_own_silence(points, route, due_on):
    appeal = told.filed(told.medical(), points=points)
    assert (appeal.route, appeal.due_on) == (route, due_on)


@pytest.mark.parametrize(("points", "before", "after"), [
    ([Point.PAPERS], date(2026, 11, 15), date(2026, 12, 5)),
    ([Point.MEDICAL], date(2027, 1, 15), date(2027, 1, 15)),
    ([Point.MEDICAL, Point.TARIFF], date(2027, 3, 15), date(2027, 3, 15)),
])  # fmt: skip
def test_only_papers_make_the_delay_run_anew_where_nothing_is_medical(
    frozen: time_machine.Traveller, work: Work, points, before, after
):
    appeal = told.filed(told.medical(), points=points)
    frozen.shift(timedelta(days=20))
    tomorrow = timezone.localdate() + timedelta(days=1)
    by = factories.owner(appeal.decision.claim)
    appeals.add(appeal=appeal, text="Voici pourquoi.", request_key=appeal.request_key, by=by)
    assert appeal.due_on == before
    came = {"text": "Une lettre.", "request_key": uuid4(), "by": factories.agent()}
    with pytest.raises(Unacceptable):
        appeals.receive(appeal=appeal, received_on=tomorrow, **came)
    appeals.receive(appeal=appeal, received_on=timezone.localdate(), **came)
    assert appeal.due_on == after
    work()
    says = "à partir de la réception des derniers" in Notice.objects.get(kind="appeal_filed").body
    assert says is (before != after)


def test_whoever_took_the_decision_prepares_no_answer_to_its_appeal():
    by = factories.account(Role.AGENT, Role.SUPERVISOR)
    claim = factories.refused(factories.received(), by=Actor(Role.AGENT, by))
    appeal = told.filed(claim.decisions.get())
    for role in (Role.AGENT, Role.SUPERVISOR):
        assert "examine" not in appeal.steps_open_to(Actor(role, by))
        with pytest.raises(StepRefused):
            appeals.examine(appeal=appeal, by=Actor(role, by))
    told.examined(appeal)
    assert appeal.decision.claim.holds.get().reason == HoldReason.APPEAL


def test_what_the_commission_grants_is_decided_again_by_an_agent():
    appeal = told.answered()
    claim = appeal.decision.claim
    supervisor = factories.actor(Role.SUPERVISOR)
    appeals.take_up(appeal=appeal, by=supervisor)
    appeals.take_up(appeal=appeal, by=supervisor)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_PROGRESS
    assert not queries.contestable(claim).exists()
    factories.approved(claim)
    assert claim.decisions.latest("pk").order.amount == claim.bills.get().lines.get().due


def test_a_second_granted_appeal_of_a_claim_waits_for_its_lines_to_be_decided():
    claim = _decided_in_two()
    first, second = (told.answered(told.examined(told.filed(one))) for one in claim.decisions.order_by("pk"))
    supervisor = factories.actor(Role.SUPERVISOR)
    assert queries.waits([first, second]) == dict.fromkeys([first.pk, second.pk], queries.Wait.PAYMENT)
    payments.send_batch(batch=factories.batch(*PaymentOrder.objects.order_by("pk")))
    queue = partial(queries.queue, actor=supervisor, view=queries.View.TO_CARRY_OUT)
    assert queries.waits(queue()) == {}
    appeals.take_up(appeal=Appeal.objects.get(pk=first.pk), by=supervisor)
    assert queries.waits(queue()) == {second.pk: queries.Wait.LINES}
    with pytest.raises(StepRefused, match="encore à décider"):
        appeals.take_up(appeal=Appeal.objects.get(pk=second.pk), by=supervisor)
    _decide(ClaimLine.objects.get(bill__claim=claim, decision=None))
    assert appeals.take_up(appeal=Appeal.objects.get(pk=second.pk), by=supervisor)


def _decided_in_two() -> Claim:
    draft = factories.complete()
    factories.line(draft.bills.get())
    claim = factories.received(claim=draft)
    for line in claim.bills.get().lines.order_by("pk"):
        _decide(line)
    return claim


def _decide(line: ClaimLine) -> None:
    claims.assess(line=line, retained=claims.Assessment(act="G"), by=factories.agent())
    line.refresh_from_db()
    claims.decide(claim=line.bill.claim, seen={line.pk: line.due}, by=factories.agent())


def test_what_no_longer_held_is_closed_as_already_to_be_decided_again():
    appeal = told.answered()
    Decision.objects.filter(pk=appeal.decision_id).update(annulled_at=timezone.now())
    assert appeals.take_up(appeal=appeal, by=factories.actor(Role.SUPERVISOR)) is False
    assert appeal.taken_up_at
    assert appeal.decision.lines.exists()


def test_what_is_granted_about_a_debt_is_done_on_the_debt():
    appeal = told.answered(told.examined(told.filed(overpayment="I1")))
    by = factories.actor(Role.SUPERVISOR)
    with pytest.raises(StepRefused, match="rectifiez ou annulez"):
        appeals.take_up(appeal=appeal, by=by)
    assert list(queries.to_carry_out("I1")) == [appeal]
    appeals.carry_out(appeal=appeal, by=by)
    appeals.carry_out(appeal=appeal, by=by)
    assert not queries.to_carry_out("I1").exists()
    with pytest.raises(StepRefused, match="rendez la demande"):
        appeals.carry_out(appeal=told.answered(), by=by)


def test_each_list_holds_what_is_to_be_done():
    decision, agent = told.decision(), factories.agent()
    filed = told.filed(decision)
    granted = told.answered(told.examined(told.filed(decision, overpayment="I1")))
    silent = told.silent()
    lists = {view: list(queries.queue(actor=agent, view=view)) for view in queries.View}
    assert lists == {
        queries.View.WAITING: [filed],
        queries.View.TO_CARRY_OUT: [granted],
        queries.View.SILENT: [silent],
    }
    assert queries.waits([granted]) == {}


def test_a_number_is_above_the_highest():
    decision = told.decision()
    told.filed(decision).delete()
    told.filed(decision)
    last = told.filed(decision, overpayment="I1")
    assert last.reference.endswith("-R2")
    Appeal.objects.exclude(pk=last.pk).delete()
    assert told.filed(decision).reference.endswith("-R3")


def test_what_is_rejected_is_not_taken_up():
    with pytest.raises(StepRefused):
        appeals.take_up(appeal=told.rejected(), by=factories.actor(Role.SUPERVISOR))


def test_an_answer_says_its_day_and_its_reasons():
    said = {"outcome": Status.REJECTED, "articles": "", "by": factories.actor(Role.SUPERVISOR)}
    with pytest.raises(Unacceptable) as refused:
        appeals.answer(appeal=told.examined(), session_on=date(2026, 9, 1), reasons="", **said)
    assert set(refused.value.errors) == {"reasons", "session_on"}


def test_silence_rejects_on_its_day_and_the_commission_may_still_answer(frozen: time_machine.Traveller, work: Work):
    appeal = told.examined()
    frozen.move_to("2026-11-15T12:00:00+01:00")
    after.let_silence_speak()
    appeal.refresh_from_db()
    assert appeal.is_open
    frozen.shift(timedelta(days=1))
    after.let_silence_speak()
    after.let_silence_speak()
    appeal.refresh_from_db()
    assert appeal.status == Status.SILENT
    assert queries.court_until(appeal) == date(2027, 1, 15)
    told.answered(appeal)
    work()
    written = Notice.objects.filter(kind__startswith="appeal").order_by("pk")
    assert [notice.kind for notice in written] == ["appeal_filed", "appeal_answered", "appeal_answered"]
    assert all(appeal.reference in notice.title and not HEALTH.search(notice.title) for notice in written)


def test_the_delay_to_go_to_court_runs_from_the_reading_of_the_answer(frozen: time_machine.Traveller):
    appeal = told.rejected()
    frozen.shift(timedelta(days=10))
    appeals.note_reading(appeal=appeal, by=factories.owner(appeal.decision.claim))
    assert queries.court_until(appeal) == date(2026, 11, 25)
    assert Entry.objects.filter(event="appeal.read_answer").count() == 1


def test_whoever_acts_for_another_contests_only_if_it_was_given():
    decision = told.decision()
    for acts, given in ((set(Act) - {Act.CONTEST}, False), ({Act.CONTEST}, True)):
        mandate = mandates.accepted(decision.claim.insured, acts=sorted(acts))
        by = Actor(Role.INSURED, mandate.delegate, mandate.authority)
        if given:
            assert told.filed(decision, by=by).status == Status.FILED
        else:
            with pytest.raises(BeyondAuthority):
                told.filed(decision, by=by)
            assert not Appeal.objects.exists()
            mandate.advance("revoke", by=factories.owner(decision.claim))


def test_an_appeal_is_forgotten_years_after_its_end(frozen: time_machine.Traveller):
    told.withdrawn()
    after.forget_what_is_over()
    assert Appeal.objects.exists()
    frozen.shift(timedelta(days=5 * 366))
    after.forget_what_is_over()
    assert not Appeal.objects.exists()


def test_nobody_else_sees_an_appeal():
    appeal = told.filed()
    seen = {role for role in Role if Appeal.objects.visible_to(factories.actor(role)).exists()}
    assert seen == {Role.AGENT, Role.SUPERVISOR, Role.SYSTEM}
    assert Appeal.objects.visible_to(factories.owner(appeal.decision.claim)).exists()
