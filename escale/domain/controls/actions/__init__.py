"""What is done with the signs and the controls."""

from escale.domain.controls.actions.drawing import announce, draw, forget_draw, open_drawn
from escale.domain.controls.actions.looking import (
    examine,
    forget_signal,
    forget_traces,
    look,
    look_again,
    review,
    settle,
)
from escale.domain.controls.actions.originals import (
    ask,
    close,
    compare,
    expire,
    forget,
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
    "expire",
    "forget",
    "forget_draw",
    "forget_signal",
    "forget_traces",
    "give_up",
    "look",
    "look_again",
    "open_control",
    "open_drawn",
    "post",
    "prolong",
    "receive",
    "review",
    "settle",
    "withdraw",
]
