"""What is done with an appeal: filed and completed by the insured person, prepared and answered by the Fund."""

from escale.domain.appeals.actions.answering import answer, carry_out, examine, forget, note_reading, take_up
from escale.domain.appeals.actions.delay import lapse, run_anew, set_back
from escale.domain.appeals.actions.filing import add, file, receive, withdraw

__all__ = [
    "add",
    "answer",
    "carry_out",
    "examine",
    "file",
    "forget",
    "lapse",
    "note_reading",
    "receive",
    "run_anew",
    "set_back",
    "take_up",
    "withdraw",
]
