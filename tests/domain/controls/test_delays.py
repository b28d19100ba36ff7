"""What time does to a control: the 48 months, what the post brings late, what is forgotten."""

from datetime import date

import pytest
import time_machine

from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import HoldReason
from escale.domain.controls import actions as controls
from escale.domain.controls import queries
from escale.domain.controls.lifecycle import ControlStatus
from escale.domain.controls.models import Control, Draw, DrawnFrom, Finding, LineTrace, Lot, Outcome, Signal
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.jobs import controlling
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.controls import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def test_originals_that_need_not_be_kept_any_more_are_not_asked_for(frozen: time_machine.Traveller) -> None:
    control = cases.opened()
    frozen.move_to("2030-09-20")
    with pytest.raises(StepRefused, match="ne sont plus à garder"):
        controls.ask(control=control, by=factories.agent())
    control.refresh_from_db()
    assert (control.status, control.asked_at) == (ControlStatus.OPENED, None)
    assert upkeep.holds(control.claim).exists()


def test_a_control_without_a_paper_asks_and_compares_nothing() -> None:
    control = cases.opened()
    control.papers.all().delete()
    with pytest.raises(StepRefused, match="aucun original"):
        controls.ask(control=control, by=factories.agent())
    received = cases.received()
    received.papers.all().delete()
    with pytest.raises(StepRefused, match="rien à comparer"):
        controls.compare(control=received, findings={}, by=factories.agent())


def test_what_is_posted_has_the_time_to_come_and_what_comes_later_is_compared(frozen: time_machine.Traveller) -> None:
    control, agent = cases.asked(), factories.agent()
    controls.post(control=control, proof="1A2345678", by=factories.owner(control.claim))
    frozen.move_to("2026-11-14")
    with pytest.raises(StepRefused, match="noté son envoi"):
        controls.give_up(control=control, by=agent)
    assert "give_up" not in queries.steps(control, actor=agent)
    frozen.move_to("2026-11-15")
    controls.give_up(control=control, by=agent)
    assert "receive" in queries.steps(control, actor=agent)
    controls.receive(control=control, on=date(2026, 11, 15), by=agent)
    assert (control.status, control.outcome) == (ControlStatus.RECEIVED, "")
    findings = {paper.pk: (Finding.CONFORM, "") for paper in control.papers.all()}
    controls.compare(control=control, findings=findings, by=agent)
    assert control.outcome == Outcome.CONFORM
    with pytest.raises(StepRefused):
        controls.receive(control=control, on=date(2026, 11, 15), by=agent)


def test_a_control_lifts_only_the_hold_that_it_placed() -> None:
    claim = cases.paid()
    placed = claims.hold(claim=claim, reason=HoldReason.CONTROL, by=factories.agent())
    controls.withdraw(control=cases.opened(claim=claim), by=cases.supervisor())
    assert list(upkeep.holds(claim)) == [placed]


def test_supervisors_are_told_once_of_a_delay_that_is_over(frozen: time_machine.Traveller) -> None:
    supervisor = cases.supervisor()
    control = cases.asked()
    frozen.move_to("2026-10-16")
    for _ in range(2):
        controlling.watch_delays()
    assert Entry.objects.filter(event="control.expire").count() == 1
    told = Notice.objects.filter(kind="originals_late", account=supervisor.account)
    assert [one.title for one in told] == ["Un contrôle a passé son délai"]
    assert list(queries.controls(actor=supervisor, status=queries.LATE)) == [control]
    controls.prolong(control=control, answer_by=date(2026, 10, 30), by=factories.agent())
    assert not queries.controls(actor=supervisor, status=queries.LATE)
    frozen.move_to("2026-10-31")
    controlling.watch_delays()
    assert told.all().count() == 2


def test_what_is_controlled_already_when_its_turn_comes_is_passed_over() -> None:
    first = cases.paid_before()
    cases.paid_before()
    draw = cases.announced(strata=[], number=0, percent=100)
    controls.draw(draw=draw, by=cases.supervisor())
    own = cases.opened(claim=first)
    assert controls.open_drawn(draw=draw, most=1)
    assert not controls.open_drawn(draw=draw, most=1)
    assert Control.objects.filter(claim=first).get() == own
    assert queries.progress(draw) == {Lot.DRAWN: 0, Lot.OPENED: 1, Lot.PASSED: 1}
    assert not upkeep.holds(draw.controls.get().claim).exclude(reason=HoldReason.CONTROL)


def test_controls_draws_signs_and_traces_are_forgotten_once_they_have_had_their_time(
    frozen: time_machine.Traveller,
) -> None:
    cases.drawn()
    controls.withdraw(control=Control.objects.get(), by=cases.supervisor())
    controls.look(claim=cases.settled().claim)
    frozen.move_to("2029-09-14")
    controlling.forget_what_is_over()
    kept = [model.objects.count() for model in (Control, Draw, DrawnFrom, Signal, LineTrace)]
    assert kept == [1, 1, 1, 1, 1]
    frozen.move_to("2031-09-16")
    controlling.forget_what_is_over()
    assert [model.objects.count() for model in (Control, Draw, DrawnFrom, Signal, LineTrace)] == [0, 1, 1, 0, 0]
    frozen.move_to("2032-09-16")
    controlling.forget_what_is_over()
    assert not DrawnFrom.objects.exists()
