"""The control of a paid claim, from the question to the answer; and the draw by lot."""

from datetime import date

import pytest
import time_machine

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.claims import upkeep
from escale.domain.claims.models import HoldReason
from escale.domain.controls import actions as controls
from escale.domain.controls import explaining, queries
from escale.domain.controls.lifecycle import ControlStatus
from escale.domain.controls.models import Control, ControlReason, Finding, Outcome
from escale.rules import sampling
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.controls import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def test_originals_are_asked_for_by_name_posted_received_compared_and_the_papers_kept_all_along() -> None:
    control = cases.opened()
    owner = factories.owner(control.claim)
    assert queries.asked_of(control.claim, actor=owner) is None
    assert [hold.reason for hold in upkeep.holds(control.claim)] == [HoldReason.CONTROL]
    cases.asked(control=control)
    assert queries.asked_of(control.claim, actor=owner) == control
    assert control.answer_by == date(2026, 10, 15)
    names = {paper.name for paper in control.papers.all()}
    assert names == {one.document.name for one in control.claim.attachments.all()}
    controls.post(control=control, proof="1a 234-567", by=owner)
    assert control.proof == "1A234567"
    controls.receive(control=control, on=cases.A_DAY, by=factories.agent())
    first, *others = control.papers.order_by("pk")
    findings = {paper.pk: (Finding.CONFORM, "") for paper in others} | {first.pk: (Finding.DIFFERENT, "")}
    with pytest.raises(Unacceptable) as refused:
        controls.compare(control=control, findings=findings, by=factories.agent())
    assert refused.value.errors.keys() == {f"words-{first.pk}"}
    findings[first.pk] = (Finding.DIFFERENT, "Le montant n’est pas celui de la copie.")
    controls.compare(control=control, findings=findings, by=factories.agent())
    assert control.outcome == Outcome.NONCONFORM
    with pytest.raises(Unacceptable):
        controls.close(control=control, result=" ", by=factories.agent())
    controls.close(control=control, result="Le montant diffère.", by=factories.agent())
    assert control.status == ControlStatus.CLOSED
    assert not upkeep.holds(control.claim)


def test_a_control_is_opened_once_with_a_reason_on_a_claim_that_is_paid() -> None:
    said = {"reason": ControlReason.AMOUNT, "by": cases.supervisor()}
    with pytest.raises(StepRefused):
        controls.open_control(claim=factories.received(), words="Pourquoi.", **said)
    claim = cases.paid()
    with pytest.raises(Unacceptable):
        controls.open_control(claim=claim, words=" ", **said)
    first = controls.open_control(claim=claim, words="Un montant élevé.", **said)
    assert controls.open_control(claim=claim, words="Encore.", **said) == first


def test_a_control_is_opened_until_the_originals_need_not_be_kept_any_more() -> None:
    claim = cases.paid()
    with time_machine.travel(date(2030, 9, 16), tick=False):
        assert queries.may_be_controlled(claim)
    with time_machine.travel(date(2030, 9, 18), tick=False):
        assert not queries.may_be_controlled(claim)


def test_nobody_controls_their_own_claim() -> None:
    person = factories.insured(Role.SUPERVISOR)
    claim = cases.paid(person)
    oneself = factories.Actor(Role.SUPERVISOR, person.account)
    with pytest.raises(StepRefused):
        controls.open_control(claim=claim, reason=ControlReason.AMOUNT, words="Moi.", by=oneself)


def test_what_does_not_come_is_noted_once_the_delay_is_over_and_it_may_be_prolonged(
    frozen: time_machine.Traveller,
) -> None:
    control, agent = cases.asked(), factories.agent()
    with pytest.raises(StepRefused):
        controls.give_up(control=control, by=agent)
    controls.prolong(control=control, answer_by=date(2026, 11, 1), by=agent)
    frozen.move_to("2026-10-20")
    assert not queries.is_late(control)
    frozen.move_to("2026-11-02")
    controls.give_up(control=control, by=agent)
    assert control.outcome == Outcome.NOT_RECEIVED
    assert {paper.finding for paper in control.papers.all()} == {Finding.MISSING}


def test_a_draw_is_announced_then_drawn_and_anybody_draws_it_again() -> None:
    claims = [cases.paid_before() for _ in range(3)]
    draw = cases.announced()
    assert not Control.objects.exists()
    assert controls.draw(draw=draw, by=cases.supervisor()) == 2
    assert not controls.open_drawn(draw=draw)
    opened = list(Control.objects.all())
    listed = queries.units(draw)
    assert {unit.name for unit in listed} == {claim.number for claim in claims}
    assert sampling.digest(listed) == draw.digest
    again = sampling.draw(listed, seed=draw.seed, number=2)
    assert {unit.name for unit in again} == {control.claim.number for control in opened}
    assert draw.sizes == {"world/low": 3}
    assert explaining.stratum("world/low", draw.strata) == "Hors de l’Union européenne, petits montants"
    with pytest.raises(StepRefused):
        controls.draw(draw=draw, by=cases.supervisor())


def test_nothing_is_drawn_of_what_is_not_paid_nor_of_days_to_come() -> None:
    factories.approved(factories.received())
    with pytest.raises(StepRefused):
        controls.draw(draw=cases.announced(), by=cases.supervisor())
    for wrong in ({"paid_until": date(2026, 9, 30)}, {"paid_until": date(2026, 8, 1)}, {"number": 1, "percent": 1}):
        with pytest.raises(Unacceptable):
            cases.announced(**wrong)


def test_what_a_draw_found_is_told_with_its_uncertainty() -> None:
    draw = cases.drawn(strata=[], number=0, percent=100)
    control = draw.controls.get()
    (group,), whole = queries.found(draw)
    assert (group.stratum, group.size, whole.checked) == ("all", 1, 0)
    cases.asked(control=control)
    controls.receive(control=control, on=cases.A_DAY, by=factories.agent())
    findings = {paper.pk: (Finding.MISSING, "") for paper in control.papers.all()}
    controls.compare(control=control, findings=findings, by=factories.agent())
    (group,), whole = queries.found(draw)
    assert (group.estimate.checked, group.estimate.errors) == (1, 1)
    assert 0.2 < whole.low < whole.high <= 1


def test_a_withdrawn_control_says_so_and_is_no_error() -> None:
    control = cases.asked()
    controls.withdraw(control=control, by=cases.supervisor())
    assert (control.status, control.outcome) == (ControlStatus.CLOSED, Outcome.WITHDRAWN)
    assert not upkeep.holds(control.claim)
