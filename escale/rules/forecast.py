"""The stock of the days to come if everything goes on as in the last weeks; no clock."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist, fmean, pstdev

from escale.rules import deadlines

WEEK = 7
SUNDAY = 6
LOOKED_BACK = 8 * WEEK
"""Days from which the pace is read."""
LEAST = 4 * WEEK
"""Fewer days tell no pace."""
AHEAD = 10
"""Working days told."""
_FOUR_IN_FIVE = NormalDist().inv_cdf(9 / 10)  # standard deviations on each side that hold four days in five


@dataclass(frozen=True, slots=True)
class Expected:
    """How many cases wait on the evening of a day: the middle, and a band that holds four days in five."""

    on: date
    stock: int
    low: int
    high: int


def stock(*, now: int, on: date, flows: Mapping[date, tuple[int, int]]) -> tuple[Expected, ...]:
    """
    Return the stock of the next ten working days at the present pace; nothing if too few days are known.

    `now`: cases that wait on the evening of `on`. `flows`: what came in and what went out, day by day; a day of the
    last eight weeks that is absent had neither. Each day is expected to be like those of its name; a public holiday,
    like a Sunday. The band grows as the square root of the days, by what days of one name differ from one another.
    """
    known = [day for day in flows if day <= on]
    if not known or (on - min(known)).days + 1 < LEAST:
        return ()
    days = [on - timedelta(days=back) for back in range(min(LOOKED_BACK, (on - min(known)).days + 1))]
    change = {day: _change(flows.get(day, (0, 0))) for day in days}
    pace = [fmean(those) if (those := [change[d] for d in days if _name(d) == name]) else 0 for name in range(WEEK)]
    spread = pstdev([change[day] - pace[_name(day)] for day in days]) * _FOUR_IN_FIVE
    return tuple(_expected(now, on, pace, spread))


def _expected(now: int, on: date, pace: Sequence[float], spread: float) -> list[Expected]:
    told: list[Expected] = []
    middle, passed = float(now), 0
    while len(told) < AHEAD:
        passed += 1
        day = on + timedelta(days=passed)
        middle = max(0, middle + pace[_name(day)])
        if deadlines.is_working(day):
            reach = spread * math.sqrt(passed)
            told.append(Expected(day, round(middle), max(0, round(middle - reach)), round(middle + reach)))
    return told


def _change(flow: tuple[int, int]) -> int:
    came, went = flow
    return came - went


def _name(day: date) -> int:
    """Return the day of the week, Monday first; nobody works on a holiday more than on a Sunday."""
    return day.weekday() if deadlines.is_working(day) or day.weekday() > SUNDAY - 2 else SUNDAY
