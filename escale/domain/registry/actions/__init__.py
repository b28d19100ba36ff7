"""What is done with the registry: take over the administration's files, shut and open files, note who looked."""

from escale.domain.registry.actions.binding import release
from escale.domain.registry.actions.importing import Outcome, take_over
from escale.domain.registry.actions.joining import NotTheirs, join, note_unrecognised
from escale.domain.registry.actions.looking import (
    AlreadyDone,
    ByAnother,
    declare_recusal,
    lift_protection,
    lift_recusal,
    note_reading,
    open_protected,
    protect,
    review,
)

__all__ = [
    "AlreadyDone",
    "ByAnother",
    "NotTheirs",
    "Outcome",
    "declare_recusal",
    "join",
    "lift_protection",
    "lift_recusal",
    "note_reading",
    "note_unrecognised",
    "open_protected",
    "protect",
    "release",
    "review",
    "take_over",
]
