"""What is done with the registry: take over the administration's files, shut and open files, note who looked."""

from escale.domain.registry.actions.importing import Outcome, take_over
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
    "Outcome",
    "declare_recusal",
    "lift_protection",
    "lift_recusal",
    "note_reading",
    "open_protected",
    "protect",
    "review",
    "take_over",
]
