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
from escale.domain.controls.models.signals import Glance, Likeness, LineTrace, Signal

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
    "LineTrace",
    "Lot",
    "Outcome",
    "Signal",
    "Stratum",
]
