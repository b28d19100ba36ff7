"""What is asked of the figures: flows, delays, stock, reasons, steps; of all claims, or of a place and a care."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from escale.domain.statistics.models import ALL, Measure, OpenMonth, Outcome, Progress, Tally


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
    decided: int = 0
    set_aside: int = 0
    gross: int = 0
    net: int = 0

    @property
    def out(self) -> int:
        """All that left the stock."""
        return self.decided + self.set_aside

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(*(one + more for one, more in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass
class Part:
    """The figures of one territory, or of one kind of care."""

    stock: int = 0
    received: int = 0
    decided: int = 0
    gross: int = 0
    net: int = 0


def progress() -> Progress | None:
    """Return how far the figures are counted, once they are."""
    return Progress.objects.filter(pk=1).first()


def flows(scope: Scope) -> dict[date, Flow]:
    """Return what came in and went out, day by day; a day without anything is absent (1 query)."""
    found: defaultdict[date, Flow] = defaultdict(Flow)
    counted = scope.tallies(Measure.RECEIVED, Measure.DECIDED, Measure.SET_ASIDE, Measure.IN_TIME)
    for measure, day, key, count in _by(counted, "measure", "day", "key"):
        name = key if measure == Measure.IN_TIME else measure
        setattr(found[day], name, getattr(found[day], name) + count)
    return dict(found)


def delays(scope: Scope) -> Counter[int]:
    """Return how many claims were decided in so many working days, by the clock that never stops (1 query)."""
    return Counter(dict(_by(scope.tallies(Measure.DECIDED), "bucket")))


def outcomes(scope: Scope) -> dict[Outcome, tuple[int, Decimal]]:
    """Return how many claims came to each end, and what was paid back (1 query)."""
    rows = scope.tallies(Measure.DECIDED).order_by("key").values_list("key").annotate(Sum("count"), Sum("total"))
    return {Outcome(key): (count, total) for key, count, total in rows}


def reasons(scope: Scope) -> Counter[str]:
    """Return how many claims met each coded reason of refusal (1 query)."""
    return Counter(dict(_by(scope.tallies(Measure.REASON), "key")))


def steps(scope: Scope) -> dict[str, tuple[Counter[int], Decimal]]:
    """Return of each step how many took at most so many hours, and the sum of their hours (1 query)."""
    found: defaultdict[str, tuple[Counter[int], list[Decimal]]] = defaultdict(lambda: (Counter(), []))
    rows = scope.tallies(Measure.STEP).order_by("key", "bucket").values_list("key", "bucket")
    for key, bucket, count, hours in rows.annotate(Sum("count"), Sum("total")):
        found[key][0][bucket] += count
        found[key][1].append(hours)
    return {key: (spread, sum(hours, Decimal(0))) for key, (spread, hours) in found.items()}


def stock(scope: Scope) -> dict[tuple[date, str], int]:
    """Return the open claims by the day of their sending and by whom they wait for, whatever the days (1 query)."""
    counted = Tally.objects.filter(measure=Measure.OPEN, territory=scope.territory, care=scope.care)
    return {(day, key): count for day, key, count in _by(counted, "day", "key")}


def by_territory(scope: Scope) -> dict[str, Part]:
    """Return the figures of each territory (2 queries)."""
    return _parts("territory", scope, Q(care=scope.care), _only("territory", scope.territory))


def by_care(scope: Scope) -> dict[str, Part]:
    """Return the figures of each kind of care (2 queries)."""
    return _parts("care", scope, Q(territory=scope.territory), _only("care", scope.care))


def _only(name: str, value: str) -> Q:
    return Q(**{name: value}) if value else ~Q(**{name: ALL})


def _parts(name: str, scope: Scope, beside: Q, which: Q) -> dict[str, Part]:
    """Return the figures by territory or by care; figures of both at once are only read when one of each is asked."""
    found: defaultdict[str, Part] = defaultdict(Part)
    tallies = Tally.objects.filter(beside, which)
    for part, count in _by(tallies.filter(measure=Measure.OPEN), name):
        found[part].stock = count
    measures = [Measure.RECEIVED, Measure.DECIDED, Measure.IN_TIME]
    moved = tallies.filter(measure__in=measures, day__gte=scope.since, day__lt=scope.until)
    for part, measure, key, count in _by(moved, name, "measure", "key"):
        field = key if measure == Measure.IN_TIME else measure
        setattr(found[part], field, getattr(found[part], field) + count)
    return dict(found)


def _by(tallies: QuerySet[Tally], *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield the sums of figures by these columns."""
    yield from tallies.order_by(*names).values_list(*names).annotate(Sum("count"))


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
