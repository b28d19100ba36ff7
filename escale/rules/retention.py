"""How long what is kept is kept; for now, drafts only."""

from datetime import date, timedelta

from escale.rules import parameters


def draft_until(saved_on: date) -> date:
    """Return the day from which a draft not touched since `saved_on` is deleted."""
    return saved_on + timedelta(days=int(parameters.value("draft_days", on=saved_on)))
