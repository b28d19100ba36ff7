"""How each status of a sign, a control and a draw is reached, and what their steps need besides."""

from django.utils import timezone

from escale.domain.case import Case
from escale.domain.controls.lifecycle import ControlStatus, DrawStatus, SignalStatus
from escale.domain.controls.models import Control, Draw, Outcome, Signal
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.domain.controls import cases

REACH_CONTROLS = {
    (Signal, SignalStatus.RAISED): cases.signal,
    (Signal, SignalStatus.CONFIRMED): cases.settled,
    (Signal, SignalStatus.HARMLESS): lambda: cases.settled(SignalStatus.HARMLESS),
    (Signal, SignalStatus.UNCLEAR): lambda: cases.settled(SignalStatus.UNCLEAR),
    (Control, ControlStatus.OPENED): cases.opened,
    (Control, ControlStatus.ASKED): cases.asked,
    (Control, ControlStatus.RECEIVED): cases.received,
    (Control, ControlStatus.COMPARED): cases.compared,
    (Control, ControlStatus.CLOSED): cases.closed,
    (Draw, DrawStatus.ANNOUNCED): cases.announced,
    (Draw, DrawStatus.DRAWN): cases.drawn,
}


def make_room_in_controls(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    now = timezone.now()
    if isinstance(case, Signal):
        Signal.objects.filter(pk=case.pk).update(settled_by=factories.account(), settled_at=now)
    if isinstance(case, Control) and step in {"compare", "give_up", "withdraw"}:
        Control.objects.filter(pk=case.pk).update(outcome=Outcome.CONFORM)
    if isinstance(case, Draw) and step == "forget":
        Control.objects.filter(draw=case).delete()
    elif isinstance(case, Draw):
        Draw.objects.filter(pk=case.pk).update(seed="a", digest="b", drawn_at=now)


def own_controls(person: InsuredPerson) -> tuple[Case, ...]:
    """Somebody's own signs and controls, at each point where the Fund decides."""
    return (
        cases.signal(person),
        cases.settled(person=person),
        cases.opened(person),
        cases.asked(person),
        cases.received(person),
        cases.compared(person),
    )


def held_in_controls(person: InsuredPerson) -> dict[str, dict[str, object]]:
    """A sign, a control and draws, for the addresses."""
    signal, control = cases.signal(person), cases.received(person)
    return {
        "signal": {"number": signal.claim.number, "pk": signal.pk},
        "signal_pk": {"pk": signal.pk},
        "control": {"pk": control.pk},
        "controlled": {"number": cases.asked(person).claim.number},
        "draw": {"pk": cases.announced().pk},
        "drawn": {"pk": cases.drawn().pk},
    }
