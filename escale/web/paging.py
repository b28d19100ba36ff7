"""Lists shown page by page: the address says after which row one goes on, and what makes no sense is the beginning."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils import timezone

Row = TypeVar("Row")


def key(request: HttpRequest, name: str) -> int | None:
    """Read the key of a row from the address."""
    typed = request.GET.get(name, "")
    return int(typed[:18]) if typed.isdecimal() else None


def due(request: HttpRequest, name: str = "apres") -> tuple[date, int] | None:
    """Read the day on which a case is due, and its key, from the address."""
    day, _sign, pk = request.GET.get(name, "").partition("_")
    try:
        return date.fromisoformat(day), int(pk[:18])
    except ValueError:
        return None


def moment(request: HttpRequest, name: str) -> tuple[datetime, int] | None:
    """Read when something happened, and its key, from the address."""
    at, _sign, pk = request.GET.get(name, "").partition("_")
    try:
        read = datetime.fromisoformat(at)
        return (read, int(pk[:18])) if timezone.is_aware(read) else None
    except ValueError:
        return None


def last(rows: Sequence[Row], *, size: int) -> Row | None:
    """Return the last row of a page of this size, after which one goes on; None if no other follows."""
    return rows[-1] if len(rows) == size else None


def after_due(cases: Sequence[Any], *, size: int) -> str:
    """Write where one goes on after these cases; nothing if no other follows."""
    case = last(cases, size=size)
    return f"{case.due_on}_{case.pk}" if case else ""


def address(request: HttpRequest, **changed: int | None) -> str:
    """Write the end of this address with some of its parts changed, or gone."""
    asked = request.GET.copy()
    for name, value in changed.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"
