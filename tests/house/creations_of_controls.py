"""What is made by a control, and by a draw by lot."""

from uuid import uuid4

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from tests.domain.controls import cases
from tests.house.sending import Sending, form


def open_control() -> Sending:
    typed = {"number": cases.paid().number, "reason": "reported", "words": "Deux appels reçus."}
    return form(None, Role.SUPERVISOR, "agents:open_control", **typed)


def ask_originals() -> Sending:
    return form(None, Role.AGENT, "agents:control", cases.opened().pk, step="ask")


def announce() -> Sending:
    typed = {"paid_from": "2026-09-01", "paid_until": "2026-09-14", "number": "2", "request_key": uuid4()}
    return form(None, Role.SUPERVISOR, "agents:draws", **typed)


def draw() -> Sending:
    if not Claim.objects.exists():  # what one draw lists, the next lists too, until its control is open
        cases.paid_before()
    return form(None, Role.SUPERVISOR, "agents:draw", cases.announced().pk)


CONTROLS = {
    ("agents:open_control",    open_control):  {"Control": 1, "ControlPaper": 2, "Hold": 1, "Reading": 1},
    ("agents:control",         ask_originals): {"ProcrastinateJob": 1, "Reading": 1},
    ("agents:draws",           announce):      {"Draw": 1},
    ("agents:draw",            draw):          {"DrawnFrom": 1, "ProcrastinateJob": 1},
}  # fmt: skip

CONTROLS_MAKE_NOTHING = {
    "agents:signal", "agents:review_signal",  # settled once
    "insured:control",  # a number of the post, which another replaces
}  # fmt: skip
