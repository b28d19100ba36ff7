"""What is kept of the likeness of papers, of the signs seen, and of the controls."""

from escale.domain.controls.models.controls import (
    ERRORS,
    Control,
    ControlPaper,
    ControlReason,
    Draw,
    DrawnFrom,
    Finding,
    Lot,
    Outcome,
    Stratum,
)
from escale.domain.controls.models.signals import Glance, Likeness, Signal, Trace

__all__ = [
    "ERRORS",
    "Control",
    "ControlPaper",
    "ControlReason",
    "Draw",
    "DrawnFrom",
    "Finding",
    "Glance",
    "Likeness",
    "Lot",
    "Outcome",
    "Signal",
    "Stratum",
    "Trace",
]
