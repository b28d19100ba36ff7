"""The coded reasons, as an agent chooses among them."""

from itertools import groupby
from typing import Any

from django.utils import timezone

from escale.rules import refusal


def refusal_choices(none: Any) -> list[tuple[Any, Any]]:
    """Return the reasons by category, after the words for none of them."""
    offered = refusal.reasons(on=timezone.localdate())
    return [
        ("", none),
        *(
            (category, [(reason.code, f"{reason.code} – {reason.label}") for reason in reasons])
            for category, reasons in groupby(offered, key=lambda reason: reason.category)
        ),
    ]
