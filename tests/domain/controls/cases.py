"""Signs, controls and draws, each state reached by taking the real steps (needs `scanning`)."""

from datetime import date
from typing import Any
from uuid import uuid4

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.controls import actions as controls
from escale.domain.controls.lifecycle import SignalStatus
from escale.domain.controls.models import Control, ControlReason, Draw, Finding, Signal
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.rules.doubles import Kind, Weight
from tests import factories

A_DAY = date(2026, 9, 15)


def supervisor() -> Actor:
    return factories.actor(Role.SUPERVISOR)


def paid(person: InsuredPerson | None = None, claim: Claim | None = None) -> Claim:
    """A claim that the bank paid."""
    claim = factories.approved(claim or factories.received(person))
    factories.paid(factories.ordered(claim))
    return claim


def signal(person: InsuredPerson | None = None, *, claim: Claim | None = None, **traits: Any) -> Signal:
    """A round amount that nobody has looked at yet."""
    claim = claim or factories.received(person)
    seen: dict[str, Any] = {"kind": Kind.ROUND, "weight": Weight.WEAK, "key": "1",
                            "facts": {"amount": "500", "currency": "USD"}}  # fmt: skip
    return Signal.open(by=SYSTEM, claim=claim, **seen | traits)


def settled(outcome: SignalStatus = SignalStatus.CONFIRMED, *, person: InsuredPerson | None = None) -> Signal:
    seen = signal(person)
    controls.settle(signal=seen, outcome=outcome, note="Vu.", by=factories.agent())
    return seen


def opened(person: InsuredPerson | None = None, *, claim: Claim | None = None) -> Control:
    """A control that a supervisor opened with a reason."""
    return controls.open_control(
        claim=claim or paid(person), reason=ControlReason.REPORTED, words="Deux appels reçus.", by=supervisor()
    )


def asked(person: InsuredPerson | None = None, *, control: Control | None = None) -> Control:
    control = control or opened(person)
    controls.ask(control=control, by=factories.agent())
    return control


def received(person: InsuredPerson | None = None) -> Control:
    control = asked(person)
    controls.receive(control=control, on=A_DAY, by=factories.agent())
    return control


def compared(person: InsuredPerson | None = None, *, finding: Finding = Finding.CONFORM) -> Control:
    control = received(person)
    findings = {paper.pk: (finding, "Un autre montant.") for paper in control.papers.all()}
    controls.compare(control=control, findings=findings, by=factories.agent())
    return control


def closed(person: InsuredPerson | None = None) -> Control:
    control = compared(person)
    controls.close(control=control, result="Vos originaux sont conformes aux copies.", by=factories.agent())
    return control


def announced(**traits: Any) -> Draw:
    """A draw among what was paid in the first days of the month."""
    said: dict[str, Any] = {
        "paid_from": date(2026, 9, 1), "paid_until": A_DAY, "strata": ["zone", "amount"], "number": 2,
        "percent": 0, "request_key": uuid4(), "by": supervisor(),
    }  # fmt: skip
    return controls.announce(**said | traits)


def paid_before(person: InsuredPerson | None = None) -> Claim:
    """A claim that the bank paid five days ago."""
    claim = paid(person)
    PaymentOrder.objects.exclude(paid_on=None).update(paid_on=date(2026, 9, 10))
    return claim


def drawn(**traits: Any) -> Draw:
    """A draw whose lot was drawn, among one claim at least."""
    paid_before()
    draw = announced(**traits)
    controls.draw(draw=draw, by=supervisor())
    controls.open_drawn(draw=draw)
    return draw
