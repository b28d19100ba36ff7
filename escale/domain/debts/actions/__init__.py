"""What is done with a debt: two people open it, the insured person answers, the Fund recovers it or gives it up."""

from escale.domain.debts.actions.answering import TooLate, agree_withholding, ask_plan, contest, note_reading
from escale.domain.debts.actions.correcting import correct, give_back
from escale.domain.debts.actions.opening import drop, note_receipt, propose, sign
from escale.domain.debts.actions.recovering import abandon, call, cancel, constrain, forget, record, spread
from escale.domain.debts.actions.rectifying import confirm, lapse, rectify, rectify_on_appeal

__all__ = [
    "TooLate",
    "abandon",
    "agree_withholding",
    "ask_plan",
    "call",
    "cancel",
    "confirm",
    "constrain",
    "contest",
    "correct",
    "drop",
    "forget",
    "give_back",
    "lapse",
    "note_reading",
    "note_receipt",
    "propose",
    "record",
    "rectify",
    "rectify_on_appeal",
    "sign",
    "spread",
]
