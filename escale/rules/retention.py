"""How long what is kept is kept: drafts, and the papers of claims; then it is destroyed (RGPD, art. 5, 1, e)."""

from datetime import date, timedelta
from enum import Enum

from escale.rules import parameters
from escale.rules.deadlines import months_after


class End(Enum):
    """How a claim ended, and the figure that says for how many years its papers are kept from that day."""

    PAID = "papers_years_after_payment"
    REFUSED = "papers_years_after_refusal"
    SET_ASIDE = "papers_years_after_set_aside"


class Kept(Enum):
    """What else is kept some years after it ended, and the figure that says how many."""

    APPEAL = "appeal_years_after_end"
    DEBT = "debt_years_after_end"
    CONTROL = "control_years_after_end"
    DRAW = "draw_years_after_lot"
    SIGNAL = "signal_years_after_end"
    TRACE = "trace_years_after_care"


def ended_before(kept: Kept, *, today: date) -> date:
    """Return the last day on which what is forgotten today may have ended."""
    return months_after(today, -12 * int(parameters.value(kept.value, on=today)))


def draft_until(saved_on: date) -> date:
    """Return the day from which a draft not touched since `saved_on` is deleted."""
    return saved_on + timedelta(days=int(parameters.value("draft_days", on=saved_on)))


def draft_told_from(saved_on: date) -> date:
    """Return the day from which the insured person is told that a draft will be deleted."""
    return draft_until(saved_on) - notice(on=saved_on)


def notice(*, on: date) -> timedelta:
    """Return for how long before it is deleted the insured person knows it."""
    return timedelta(days=int(parameters.value("draft_notice_days", on=on)))


def papers_until(end: End, *, on: date) -> date:
    """Return the day from which the papers of a claim that ended on this day are destroyed."""
    return months_after(on, 12 * int(parameters.value(end.value, on=on)))


def papers_sent_before(today: date) -> date:
    """Return the first day on which no claim can have been sent whose papers are to be destroyed by today."""
    years = min(int(row["value"]) for end in End for row in parameters.table(end.value)["values"])
    day = timedelta(days=1)  # on either side: some Februaries have one more
    return max(months_after(today + day, -12 * years), months_after(today, -12 * years) + day)
