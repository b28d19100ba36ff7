"""The delays: payment, originals, silence, time to claim and to appeal; French calendar, no clock."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
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


class Request(Named):
    """What the Fund is asked: what its silence means depends on it; the values name the figures."""

    CLAIM = "claim", "Demande de remboursement"
    S2 = "s2", "Autorisation de soins programmés en Europe"
    AGREEMENT = "agreement", "Accord préalable"
    LONG_AGREEMENT = "long_agreement", "Accord préalable à délai long"
    APPEAL = "appeal", "Recours amiable"
    MEDICAL_APPEAL = "medical_appeal", "Recours médical"
    MIXED_APPEAL = "mixed_appeal", "Recours à la fois administratif et médical"

    @property
    def granted_by_silence(self) -> bool:
        """True where silence means yes (CSS, art. R. 160-2, II and R. 315-15)."""
        return self in (Request.S2, Request.AGREEMENT, Request.LONG_AGREEMENT)


@dataclass(frozen=True, slots=True)
class Silence:
    """What silence becomes on a day: an agreement or a refusal, and the figure that says so."""

    on: date
    granted: bool
    article: str
    parameter: str
    version: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the Fund waits for somebody else, from a day until another (excluded; None: still waiting).

    Only the agent's clock knows of pauses: the one promised to the insured person never stops.
    """

    paused_from: date
    paused_until: date | None
    reason: str
    author: str

    def covers(self, day: date) -> bool:
        """Tell whether the Fund waits on a day."""
        return self.paused_from <= day and (self.paused_until is None or day < self.paused_until)


@dataclass(frozen=True, slots=True)
class Asking:
    """Papers that an incomplete request misses: asked for on a day, wanted by another, come on a third, or not yet."""

    asked_on: date
    wanted_by: date
    came_on: date | None = None

    def suspends(self, day: date) -> bool:
        """Tell whether the time of a silence that refuses stands still on a day (CRPA, art. L. 114-5, al. 3)."""
        end = self.wanted_by if self.came_on is None else min(self.wanted_by, self.came_on)
        return self.asked_on < day <= end


def due_on(sent_on: date, *, working_days: int | None = None, territory: str = "") -> date:
    """Return the last day to pay a claim, by the clock that never stops: the insured person's.

    That many working days after the day it was sent; as many as were announced, unless told. `territory`: that of the
    care, whose holidays count if a figure says so.
    """
    due = net_due_on(sent_on, (), working_days=working_days, territory=territory)
    assert due, "without a pause there is always a day"
    return due


def net_due_on(
    sent_on: date, pauses: Iterable[Pause], *, working_days: int | None = None, territory: str = ""
) -> date | None:
    """Return the last day to pay a claim by the agent's clock, which stops in pauses; None while one is open."""
    left = int(parameters.value("payment_working_days", on=sent_on)) if working_days is None else working_days
    waits = tuple(pauses)
    opened = min((wait.paused_from for wait in waits if wait.paused_until is None), default=date.max)
    day = sent_on
    while left:
        day += timedelta(days=1)
        if day >= opened:
            return None
        left -= _counts(day, waits, territory)
    return day


def net_working_days(sent_on: date, pauses: Iterable[Pause], until: date, *, territory: str = "") -> int:
    """Count the working days after `sent_on`, up to and including `until`, on which the Fund waited for nobody."""
    waits = tuple(pauses)
    return sum(_counts(sent_on + timedelta(days=n), waits, territory) for n in range(1, (until - sent_on).days + 1))


def working_days_between(start: date, end: date, *, territory: str = "") -> int:
    """Count the working days after `start`, up to and including `end`; negative when `end` comes first."""
    if end < start:
        return -working_days_between(end, start, territory=territory)
    return sum(is_working(start + timedelta(days=n), territory=territory) for n in range(1, (end - start).days + 1))


def is_working(day: date, *, territory: str = "") -> bool:
    """Tell whether a day is no week-end day and no public holiday in metropolitan France (C. trav., L. 3133-1).

    Nor a holiday of the territory of the care, where a figure says that these count: the Fund works on them.
    """
    if day.weekday() >= 5 or day in _holidays(day.year, "FR"):
        return False
    return not (territory and parameters.value("territory_holidays", on=day) and day in _holidays(day.year, territory))


def originals_until(paid_on: date) -> date:
    """Return the last day on which the originals must still be kept: 48 months from the payment."""
    return months_after(paid_on, int(parameters.value("originals_months", on=paid_on)))


def registered_until(received_on: date) -> date:
    """Return the last day to register what came electronically (CRPA, art. R. 112-11-1)."""
    return due_on(received_on, working_days=int(parameters.value("registration_days", on=received_on)))


def acknowledged_until(received_on: date) -> date:
    """Return the last day to acknowledge a request (CRPA, art. R. 112-11-1)."""
    return due_on(received_on, working_days=int(parameters.value("acknowledgement_days", on=received_on)))


def silence(request: Request, *, received_on: date) -> Silence:
    """Return what the Fund's silence becomes, and when, for a complete request; raises parameters.Unknown.

    Two months for a claim (CRPA, art. L. 231-4, 3°); shorter, and an agreement, before care (CSS, art. R. 160-2, II
    and R. 315-15); two, four or six months for an appeal (CSS, art. R. 142-6, R. 142-8-5 and R. 142-9-1).
    """
    name = _SILENCES[request]
    found = parameters.figure(name, on=received_on)
    match parameters.table(name)["unit"]:
        case "months":
            on = months_after(received_on, int(found.value))
        case "weeks":
            on = received_on + timedelta(weeks=int(found.value))
        case _:
            on = received_on + timedelta(days=int(found.value))
    return Silence(on, request.granted_by_silence, found.source, name, found.version)


def silence_of_incomplete(request: Request, *, received_on: date, askings: Iterable[Asking]) -> Silence | None:
    """Return what the Fund's silence becomes for a request of which papers were missing; None while it does not run.

    Where silence is an agreement, its time runs anew from the day on which the papers came; where it is a refusal, its
    time stands still until they came, or until the day by which they were wanted (CRPA, art. L. 114-5).
    """
    asked = tuple(askings)
    if request.granted_by_silence:
        if any(one.came_on is None for one in asked):
            return None
        came = (one.came_on for one in asked if one.came_on)
        return silence(request, received_on=max([received_on, *came]))
    found = silence(request, received_on=received_on)
    on, left = received_on, (found.on - received_on).days
    while left:
        on += timedelta(days=1)
        left -= not any(one.suspends(on) for one in asked)
    return replace(found, on=on)


_SILENCES = {request: f"silence_{request.value}_months" for request in Request} | {
    Request.CLAIM: "silence_months",
    Request.S2: "silence_s2_weeks",
    Request.AGREEMENT: "silence_agreement_days",
    Request.LONG_AGREEMENT: "silence_long_agreement_days",
}


def silence_refuses_on(received_on: date) -> date:
    """Return the day on which silence becomes a refusal: two months (CRPA, art. L. 231-4, 3°)."""
    return silence(Request.CLAIM, received_on=received_on).on


def claim_until(given_on: date, *, pregnancy_found_on: date | None = None) -> date:
    """Return the last day, included, to claim care (CSS, art. L. 160-11).

    Two years from the next quarter; for maternity, from the day on which a physician first found the pregnancy.
    """
    if pregnancy_found_on:
        years = int(parameters.value("maternity_claim_years", on=pregnancy_found_on))
        return months_after(pregnancy_found_on, 12 * years)
    next_quarter = months_after(date(given_on.year, (given_on.month - 1) // 3 * 3 + 1, 1), 3)
    years = int(parameters.value("claim_years", on=given_on))
    return months_after(next_quarter, 12 * years) - timedelta(days=1)


def appeal_months(residence: Residence, *, on: date) -> int:
    """Return how many months one has to contest a decision of this date (CSS, art. R. 142-1)."""
    return int(parameters.value(f"appeal_months_{residence.value}", on=on))


def appeal_until(notified_on: date, residence: Residence) -> date:
    """Return the last day to bring a decision before the commission (CSS, art. R. 142-1)."""
    return months_after(notified_on, appeal_months(residence, on=notified_on))


def court_until(rejected_on: date) -> date:
    """Return the last day to bring a rejected appeal before the court (CSS, art. R. 142-1-A, III)."""
    return months_after(rejected_on, int(parameters.value("court_months", on=rejected_on)))


def months_after(day: date, months: int) -> date:
    """Return the same day of the month some months later, or the month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _counts(day: date, pauses: tuple[Pause, ...], territory: str) -> bool:
    return is_working(day, territory=territory) and not any(pause.covers(day) for pause in pauses)


@cache
def _holidays(year: int, territory: str) -> frozenset[date]:
    """Return the public holidays of a territory; none where nobody knows them."""
    code = territory.partition("-")[0]  # ours, where the law cuts finer
    known = code in holidays.list_supported_countries()
    return frozenset(holidays.country_holidays(code, years=year)) if known else frozenset()
