"""What is told to everybody: the figures of each month that is over, published once, so that none is ever compared."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Func, Q, Sum
from django.utils import timezone

from escale.domain.journal import queries as journal
from escale.domain.journal.models import Block, Entry
from escale.domain.statistics import queries
from escale.domain.statistics.models import ALL, Clock, Measure, OpenMonth, Progress, Tally
from escale.rules import deadlines, parameters, refusal, scope, small_cells
from escale.rules.small_cells import Cell

EVERY = "all"
"""The name of a total in what is published."""
DAYS_LEFT = 10
"""Days after a month in which what it counts may still be taken back, before it is published."""
RECEIVED, DECIDED, REFUSALS = "received", "decided", "refusals"

Row = dict[str, Any]


@transaction.atomic
def publish() -> list[date]:
    """
    Publish the months that are over and were not yet, and return them; a month of which nothing may be told too.

    Nothing is published while the figures are counted anew, or while something that happened then is not counted yet:
    what is published once is never mended.
    """
    progress = Progress.objects.select_for_update().filter(pk=1).first()
    if progress and progress.recounting:
        return []
    today = timezone.localdate()
    first = Tally.objects.filter(measure=Measure.RECEIVED, territory=ALL, care=ALL).order_by("day").first()
    if first is None:
        return []
    known = set(OpenMonth.objects.values_list("month", flat=True))
    month, published = first.day.replace(day=1), []
    while (ends := (after := deadlines.months_after(month, 1)) + timedelta(days=DAYS_LEFT)) <= today:
        if month not in known:
            if not _is_counted(progress, ends):
                break
            rows = list(_rows(month, after))
            _made, new = OpenMonth.objects.get_or_create(
                month=month, defaults={"rows": rows, "published_at": timezone.now()}
            )
            published += [month] if new else []
        month = after
    return published


def _is_counted(progress: Progress | None, until: date) -> bool:
    """Tell whether all that the journal says of the days before this one is in the figures."""
    midnight = timezone.make_aware(datetime.combine(until, time.min))
    followed = progress.block if progress else 0
    left = Block.objects.filter(pk__gt=followed).values_list(
        Func("entry_ids", function="unnest", output_field=BigIntegerField())
    )
    waiting = Q(pk__in=left) | Q(pk__in=journal.unsealed().values("pk"))
    return not Entry.objects.filter(waiting, at__lt=midnight).exists()


def _rows(month: date, after: date) -> Iterator[Row]:
    """Yield what may be told of a month, cell by cell; its zones are those of its last day."""
    zones: dict[str, str] = {}

    def zone(code: str) -> str:
        if code not in zones:
            zones[code] = _zone(code, on=after - timedelta(days=1))
        return zones[code]

    threshold = int(parameters.value("small_cell_threshold", on=month))
    yield from _told(RECEIVED, _table(Measure.RECEIVED, month, after, zone), threshold)
    decided = small_cells.publish(_table(Measure.DECIDED, month, after, zone), threshold=threshold)
    if decided:
        speeds = _speeds(decided, month, after, zone)
        told = _told_speeds(decided, speeds, threshold)
        for cell, row in _cells(DECIDED, decided):
            yield row | (_speed(speeds[cell]) if cell in told else {})
    categories: defaultdict[Cell, int] = defaultdict(int)
    for (place, code), count in _table(Measure.REASON, month, after, zone, by="key").items():
        categories[place, refusal.reason(code, on=month).category] += count
    yield from _told(REFUSALS, categories, threshold)


def _zone(code: str, *, on: date) -> str:
    try:
        return scope.territory(code, on=on).zone.value
    except LookupError:
        return scope.Zone.UNKNOWN.value


def _table(
    measure: Measure, month: date, after: date, zone: Callable[[str], str], *, by: str = "care"
) -> dict[Cell, int]:
    """Return the counts of a month by zone and kind of care, or by zone and key."""
    table: defaultdict[Cell, int] = defaultdict(int)
    rows = _of_month(measure, month, after).values_list("territory", by).order_by("territory", by)
    for territory, column, count in rows.annotate(Sum("count")):
        table[zone(territory), column] += count
    return table


def _of_month(measure: Measure, month: date, after: date) -> Any:
    tallies = Tally.objects.filter(measure=measure, day__gte=month, day__lt=after)
    return tallies.exclude(territory=ALL).exclude(care=ALL)


def _told(name: str, table: Mapping[Cell, int], threshold: int) -> Iterator[Row]:
    told = small_cells.publish(table, threshold=threshold)
    if told:
        yield from (row for _cell, row in _cells(name, told))


def _cells(name: str, told: small_cells.Published) -> Iterator[tuple[Cell, Row]]:
    """Yield the cells and the totals of a table; a count is None where it is secret."""
    rows = [((zone, EVERY), count) for zone, count in told.rows.items()]
    columns = [((EVERY, column), count) for column, count in told.columns.items()]
    whole = [((EVERY, EVERY), sum(told.rows.values()))]
    for (zone, column), count in [*whole, *sorted(rows), *sorted(columns), *sorted(told.cells.items())]:
        if count != 0:
            yield (zone, column), {"table": name, "zone": zone, "kind": column, "count": count}


Speed = tuple[Counter[int], Counter[str]]


def _speeds(
    told: small_cells.Published, month: date, after: date, zone: Callable[[str], str]
) -> defaultdict[Cell, Speed]:
    """Return of each cell and total its delays in working days, and how many were in time."""
    found: defaultdict[Cell, Speed] = defaultdict(lambda: (Counter(), Counter()))
    for place, (measure, name) in enumerate([(Measure.DECIDED, "bucket"), (Measure.IN_TIME, "key")]):
        rows = _of_month(measure, month, after).values_list("territory", "care", name)
        for territory, care, sort, count in rows.order_by("territory", "care", name).annotate(Sum("count")):
            row, column = told.row_of[zone(territory)], told.column_of[care]
            for cell in ((row, column), (row, EVERY), (EVERY, column), (EVERY, EVERY)):
                found[cell][place][sort] += count
    return found


def _told_speeds(decided: small_cells.Published, speeds: Mapping[Cell, Speed], threshold: int) -> set[Cell]:
    """
    Return the cells and totals of which the speed may be told, so that none is deduced for the others.

    As many in time as late, nobody or no fewer than the threshold; and so for all that add up to the same total.
    """
    fit = {cell for cell, speed in speeds.items() if all(not side or side >= threshold for side in _sides(speed))}
    bare = {cell for cell, count in decided.cells.items() if count is None or (count and cell not in fit)}
    rows = {(row, EVERY) for row, count in decided.rows.items() if count}
    columns = {(EVERY, column) for column, count in decided.columns.items() if count}
    totals = [totals for totals in ({(EVERY, EVERY)}, rows, columns) if totals <= fit]
    bare_rows, bare_columns = {row for row, _column in bare}, {column for _row, column in bare}
    return set().union(*totals) | {
        (row, column) for (row, column), count in decided.cells.items()
        if count and row not in bare_rows and column not in bare_columns
    }  # fmt: skip


def _sides(speed: Speed) -> tuple[int, int]:
    delays, in_time = speed
    return in_time[Clock.GROSS], sum(delays.values()) - in_time[Clock.GROSS]


def _speed(speed: Speed) -> Row:
    delays, in_time = speed
    return {
        "in_time": queries.share(in_time[Clock.GROSS], sum(delays.values())),
        "median_days": queries.within(delays, 50),
    }
