"""What is done with a debt: two people open it, the insured person answers, the Fund recovers it or gives it up."""

from escale.domain.debts.actions.answering import agree_withholding, ask_plan, contest, note_reading
from escale.domain.debts.actions.opening import drop, note_receipt, propose, sign
from escale.domain.debts.actions.recovering import abandon, call, cancel, constrain, forget, record, spread
from escale.domain.debts.actions.rectifying import confirm, lapse, rectify

__all__ = [
    "abandon",
    "agree_withholding",
    "ask_plan",
    "call",
    "cancel",
    "confirm",
    "constrain",
    "contest",
    "drop",
    "forget",
    "lapse",
    "note_reading",
    "note_receipt",
    "propose",
    "record",
    "rectify",
    "sign",
    "spread",
]
