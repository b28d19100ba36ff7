"""What is done with the signs and the controls."""

from escale.domain.controls.actions.drawing import announce, draw
from escale.domain.controls.actions.looking import examine, look, review, settle
from escale.domain.controls.actions.originals import (
    ask,
    close,
    compare,
    give_up,
    open_control,
    post,
    prolong,
    receive,
    withdraw,
)

__all__ = [
    "announce",
    "ask",
    "close",
    "compare",
    "draw",
    "examine",
    "give_up",
    "look",
    "open_control",
    "post",
    "prolong",
    "receive",
    "review",
    "settle",
    "withdraw",
]
