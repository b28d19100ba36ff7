"""What is asked of the figures: flows, delays, stock, reasons, steps; of all claims, or of a place and a care."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from escale.domain.statistics.models import ALL, Measure, OpenMonth, Progress, Tally

Stock = dict[tuple[date, str], int]
"""Open claims by the day of their sending and by whom they wait for."""


@dataclass(frozen=True)
class Scope:
    """Which figures are asked: between two days (the last one excluded), of a territory or all, of a care or all."""

    since: date
    until: date
    territory: str = ALL
    care: str = ALL

    def tallies(self, *measures: Measure) -> QuerySet[Tally]:
        """Return the figures of these measures within this scope."""
        return Tally.objects.filter(
            measure__in=measures, territory=self.territory, care=self.care, day__gte=self.since, day__lt=self.until
        )


@dataclass
class Flow:
    """What came in and what went out, and how much of it in time by each clock."""

    received: int = 0
    answered: int = 0
    set_aside: int = 0
    gross: int = 0
    net: int = 0

    @property
    def out(self) -> int:
        """All that left the stock."""
        return self.answered + self.set_aside

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(*(one + more for one, more in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass
class Part:
    """The figures of one territory, or of one kind of care."""

    open: int = 0
    received: int = 0
    answered: int = 0
    gross: int = 0
    net: int = 0


@dataclass
class Sorts:
    """
    What was decided, by its delay in working days and its end; why it was refused; the steps, by their hours.

    `readings`: what became of each field that the machine read, of all claims alone.
    """

    delays: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    paid: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    reasons: Counter[str] = field(default_factory=Counter)
    steps: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    hours: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    readings: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


def progress() -> Progress | None:
    """Return how far the figures are counted, once they are."""
    return Progress.objects.filter(pk=1).first()


def moves(scope: Scope) -> tuple[dict[date, Flow], Stock]:
    """
    Return what came in and went out, day by day, and the open claims of now by the day of their sending (1 query).

    A day without anything is absent; each open claim is told with whom it waits for.
    """
    flows: defaultdict[date, Flow] = defaultdict(Flow)
    stock: Stock = {}
    counted = scope.tallies(Measure.RECEIVED, Measure.ANSWERED, Measure.SET_ASIDE, Measure.IN_TIME)
    opened = Tally.objects.filter(measure=Measure.OPEN, territory=scope.territory, care=scope.care)
    columns = ("measure", "day", "key")
    for measure, day, key, count in _by(counted, *columns).union(_by(opened, *columns), all=True):
        if measure == Measure.OPEN:
            stock[day, key] = count
        else:
            _add(flows[day], measure, key, count)
    return dict(flows), stock


def sorts(scope: Scope) -> Sorts:
    """Return in how many days, to what end, why and by which steps claims were decided (1 query)."""
    found = Sorts()
    measures = (Measure.DECIDED, Measure.REASON, Measure.STEP, Measure.READING)
    counted = _by(scope.tallies(*measures), "measure", "key", "bucket")
    for measure, key, bucket, count, total in counted.annotate(Sum("total")):
        if measure == Measure.REASON:
            found.reasons[key] += count
        elif measure == Measure.READING:
            found.readings[key][bucket] += count
        elif measure == Measure.STEP:
            found.steps[key][bucket] += count
            found.hours[key] += total
        else:
            found.delays[bucket] += count
            found.outcomes[key] += count
            found.paid[key] += total
    return found


def parts(scope: Scope) -> tuple[dict[str, Part], dict[str, Part]]:
    """Return the figures of each territory, and those of each kind of care (1 query)."""
    by_territory = (Q(care=scope.care), _only("territory", scope.territory))
    by_care = (Q(territory=scope.territory), _only("care", scope.care))
    rows = _parts("territory", scope, *by_territory)
    found: tuple[defaultdict[str, Part], defaultdict[str, Part]] = defaultdict(Part), defaultdict(Part)
    for side, part, measure, key, count in rows.union(*_both(scope, by_territory, by_care), all=True):
        _add(found[side == "care"][part], measure, key, count)
    return dict(found[0]), dict(found[1])


def _both(scope: Scope, by_territory: tuple[Q, Q], by_care: tuple[Q, Q]) -> list[QuerySet[Any, Any]]:
    return [
        _parts("territory", scope, *by_territory, opened=True),
        _parts("care", scope, *by_care),
        _parts("care", scope, *by_care, opened=True),
    ]


def _parts(name: str, scope: Scope, *which: Q, opened: bool = False) -> QuerySet[Any, Any]:
    """Count by territory or by care; figures of both at once are only read when one of each is asked."""
    within = Q(measure=Measure.OPEN)
    if not opened:
        measures = [Measure.RECEIVED, Measure.ANSWERED, Measure.IN_TIME]
        within = Q(measure__in=measures, day__gte=scope.since, day__lt=scope.until)
    tallies = Tally.objects.filter(*which, within).values(side=Value(name), part=F(name), sort=F("measure"))
    kept = tallies.annotate(as_key=Case(When(measure=Measure.IN_TIME, then="key"), default=Value("")))
    return kept.values_list("side", "part", "sort", "as_key").annotate(Sum("count"))


def _only(name: str, value: str) -> Q:
    return Q(**{name: value}) if value else ~Q(**{name: ALL})


def _add(to: Flow | Part, measure: str, key: str, count: int) -> None:
    """Add a count where its name says; what is in time is told by its clock."""
    name = key if measure == Measure.IN_TIME else measure
    setattr(to, name, getattr(to, name) + count)


def _by(tallies: QuerySet[Tally], *names: str) -> QuerySet[Any, Any]:
    """Return the sums of figures by these columns."""
    return tallies.values_list(*names).annotate(Sum("count"))


def within(spread: Mapping[int, int], share: int) -> int | None:
    """Return the smallest number within which this share of all (in percent) lies; None if there is nothing."""
    reached, counted = sum(spread.values()) * share, 0
    for number in sorted(spread):
        counted += 100 * spread[number]
        if counted >= reached:
            return number
    return None


def share(part: int, whole: int) -> int | None:
    """Return a share in whole percent, never rounded up to all of it; None of nothing."""
    if not whole:
        return None
    return 100 if part == whole else min(99, (200 * part + whole) // (2 * whole))


def lines(scope: Scope) -> QuerySet[Tally]:
    """Return every figure of a scope of days, the totals aside, to be taken away line after line."""
    of_place = Q(territory=scope.territory) if scope.territory else ~Q(territory=ALL)
    of_care = Q(care=scope.care) if scope.care else ~Q(care=ALL)
    kept = Tally.objects.filter(of_place, of_care, day__gte=scope.since, day__lt=scope.until)
    return kept.order_by("day", "pk")


def open_months() -> QuerySet[OpenMonth]:
    """Return the months that were published, the latest first."""
    return OpenMonth.objects.order_by("-month")
