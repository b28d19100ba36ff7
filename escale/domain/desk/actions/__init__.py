"""What is done at the desk: take a claim and give it back, say who is skilled, watch what lasts, act on many."""

from escale.domain.case import Unacceptable
from escale.domain.desk.actions.grouped import MOST, go_on, launch, prepare, undo
from escale.domain.desk.actions.people import assign, forget_view, give_skill, save_view, withdraw_skill
from escale.domain.desk.actions.taking import InOtherHands, arrive, give_back, leave, take, take_next, words
from escale.domain.desk.actions.watching import (
    alert_agents,
    alert_supervisors,
    forget_assignments,
    is_on_duty,
    make_excuses,
)

__all__ = [
    "MOST",
    "InOtherHands",
    "Unacceptable",
    "alert_agents",
    "alert_supervisors",
    "arrive",
    "assign",
    "forget_assignments",
    "forget_view",
    "give_back",
    "give_skill",
    "go_on",
    "is_on_duty",
    "launch",
    "leave",
    "make_excuses",
    "prepare",
    "save_view",
    "take",
    "take_next",
    "undo",
    "withdraw_skill",
    "words",
]
