"""What is done with the registry: take over the administration's files, shut and open files, note who looked."""

from escale.domain.registry.actions.binding import release
from escale.domain.registry.actions.declaring import accept, declare, deny, look, record, refuse
from escale.domain.registry.actions.importing import Outcome, take_over
from escale.domain.registry.actions.joining import NotTheirs, Taken, adopt, join, note_unrecognised, prove_number
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
from escale.domain.registry.actions.serving import find, propose_hat
from escale.domain.registry.actions.turning import reseal

__all__ = [
    "AlreadyDone",
    "ByAnother",
    "NotTheirs",
    "Outcome",
    "Taken",
    "accept",
    "adopt",
    "declare",
    "declare_recusal",
    "deny",
    "find",
    "join",
    "lift_protection",
    "lift_recusal",
    "look",
    "note_reading",
    "note_unrecognised",
    "open_protected",
    "propose_hat",
    "protect",
    "prove_number",
    "record",
    "refuse",
    "release",
    "reseal",
    "review",
    "take_over",
]
