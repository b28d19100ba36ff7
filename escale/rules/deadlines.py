"""The delays: payment, originals, silence, time to claim and to appeal; French calendar, no clock."""

import calendar
from datetime import date, timedelta
from functools import cache

import holidays

from escale.rules import parameters
from escale.rules.named import Named


class Residence(Named):
    """Where the insured person lives: the time to appeal depends on it."""

    FRANCE = "france", "France métropolitaine"
    OVERSEAS = "overseas", "Outre-mer"
    ABROAD = "abroad", "Étranger"


def due_on(sent_on: date, *, working_days: int | None = None) -> date:
    """Return the last day to pay a claim: the given working days, or those announced, after the day it was sent."""
    left = int(parameters.value("payment_working_days", on=sent_on)) if working_days is None else working_days
    day = sent_on
    while left:
        day += timedelta(days=1)
        left -= is_working(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after `start`, up to and including `end`; negative when `end` comes first."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def is_working(day: date) -> bool:
    """Tell whether a day is no week-end day and no public holiday in metropolitan France (C. trav., L. 3133-1)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def originals_until(paid_on: date) -> date:
    """Return the last day on which the originals must still be kept: 48 months from the payment."""
    return months_after(paid_on, int(parameters.value("originals_months", on=paid_on)))


def silence_refuses_on(received_on: date) -> date:
    """Return the day on which silence becomes a refusal: two months (CRPA, art. L. 231-4, 3°)."""
    return months_after(received_on, int(parameters.value("silence_months", on=received_on)))


def claim_until(given_on: date) -> date:
    """Return the last day, included, to claim care: two years from the next quarter (CSS, art. L. 160-11)."""
    next_quarter = months_after(date(given_on.year, (given_on.month - 1) // 3 * 3 + 1, 1), 3)
    years = int(parameters.value("claim_years", on=given_on))
    return months_after(next_quarter, 12 * years) - timedelta(days=1)


def appeal_months(residence: Residence, *, on: date) -> int:
    """Return how many months one has to contest a decision of this date (CSS, art. R. 142-1)."""
    return int(parameters.value(f"appeal_months_{residence.value}", on=on))


def months_after(day: date, months: int) -> date:
    """Return the same day of the month some months later, or the month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year, language="fr"))
