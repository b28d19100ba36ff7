"""What an edition changes of the budgets."""

from datetime import date, timedelta
from typing import NamedTuple

from escale.domain.tariffs.models import Edition
from escale.rules import budgets
from escale.rules.budgets import Budget


class Said(NamedTuple):
    """A budget as an edition says it, from when, and as it was the day before; None for a new one."""

    after: Budget
    since: date
    before: Budget | None


def said(edition: Edition) -> list[Said]:
    """Return the budgets that an edition changes, beside what they were (1 query)."""
    rows = edition.rows.filter(table="budget").order_by("key", "valid_from")
    return [
        Said(
            budgets.read(row.key, row.row | {"from": row.valid_from}), row.valid_from, _before(row.key, row.valid_from)
        )
        for row in rows
    ]


def _before(code: str, since: date) -> Budget | None:
    try:
        return budgets.budget(code, on=since - timedelta(days=1))
    except LookupError:
        return None
