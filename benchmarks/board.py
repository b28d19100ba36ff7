"""The supervisor's board when ten million claims were counted: pages, plans, the export, how fast one counts."""

import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from benchmarks import figures, house
from benchmarks.visitor import Visitor
from escale.domain.accounts.models import Role
from escale.domain.statistics import actions as statistics
from escale.domain.statistics import queries
from escale.domain.statistics.models import ALL, Measure, Tally
from escale.domain.statistics.queries import Scope

SIZES = (100_000, 1_000_000, 10_000_000)
TIMES = 100
A_DAY = 2_600
"""Claims that come on a working day: ten million in fifteen years."""

# What folding so many claims would leave: twenty countries hold nearly all, eleven kinds of care, delays of one to
# nine days; each figure is then also counted for all countries, for all kinds, and for both, as folding does.
_FIGURES = """
WITH days AS (
    SELECT day::date AS day, row_number() OVER (ORDER BY day DESC) AS back
    FROM generate_series(current_date - %(days)s * interval '1 day', current_date, '1 day') day
    WHERE extract(isodow FROM day) < 6),
cells AS (
    SELECT day, back, place, kind,
        greatest(1, round(%(a_day)s * (1.0 / (place + 1)) / 3.6 * (1.0 / (kind + 1)) / 3.02)::int) AS claims
    FROM days CROSS JOIN generate_series(0, 19) place CROSS JOIN generate_series(0, 10) kind),
named AS (
    SELECT *, (%(places)s::text[])[place + 1] AS territory, (%(cares)s::text[])[kind + 1] AS care FROM cells),
told AS (
    SELECT 'received' AS measure, territory, care, day, '' AS key, 0 AS bucket, claims AS count, 0 AS total FROM named
    UNION ALL SELECT 'decided', territory, care, day, (ARRAY['accepted', 'accepted', 'accepted', 'partly', 'refused'])
        [1 + (place + bucket) %% 5], bucket, greatest(1, claims / 9), claims * 11
        FROM named, generate_series(1, 9) bucket
        WHERE claims >= 9 OR bucket = 1 + (place + kind) %% 9
    UNION ALL SELECT 'answered', territory, care, day, '', 0, claims, 0 FROM named
    UNION ALL SELECT 'in_time', territory, care, day, key, 0, greatest(1, claims * 5 / 9), 0
        FROM named, unnest(ARRAY['gross', 'net']) key
    UNION ALL SELECT 'reason', territory, care, day, 'R' || lpad((1 + (place + kind) %% 14)::text, 2, '0'), 0, 1, 0
        FROM named WHERE (place + kind + back) %% 3 = 0
    UNION ALL SELECT 'step', territory, care, day, key, hours, greatest(1, claims / 4), hours * claims / 8
        FROM named, unnest(ARRAY['taken', 'visa', 'transfer', 'opinion', 'papers']) key, unnest(ARRAY[8, 24, 72]) hours
        WHERE claims >= 4
    UNION ALL SELECT 'open', territory, care, day, key, 0, greatest(1, claims / 2), 0
        FROM named, unnest(ARRAY['agent', 'opinion', 'papers']) key WHERE back <= 12)
INSERT INTO statistics_tally (measure, territory, care, day, key, bucket, count, total)
SELECT measure, coalesce(territory, ''), coalesce(care, ''), day, key, bucket, sum(count), sum(total)
FROM told GROUP BY measure, day, key, bucket, CUBE (territory, care)
"""
_PLACES = "DJ CI SN GA AE PF NC GF MQ RE DE BE US GB ES JO TD NE ML IT".split()  # noqa: SIM905
_CARES = (
    "generalist several pharmacy dental specialist biology imaging hospital device physiotherapy nurse".split()  # noqa: SIM905
)


def measure(*, sizes: tuple[int, ...] = SIZES) -> None:
    """Print the time of the board at each size, against the smallest; the plans; and what is read a second."""
    figures.title("Le tableau de bord, par le vrai serveur")
    supervisor = house.account("supervision@bench.example", Role.SUPERVISOR)
    rows, smallest = [], 0.0
    pages = {
        "douze semaines": "/gestion/supervision/",
        "un an": "/gestion/supervision/?semaines=52",
        "un an, un pays": "/gestion/supervision/?semaines=52&territoire=DJ",
        "un an, un pays, un soin": "/gestion/supervision/?semaines=52&territoire=DJ&soins=dental",
    }
    with house.serving() as (port, _web):
        for size in sorted(sizes):
            tallies = _fill(size)
            visitor = Visitor(port)
            house.enter(visitor, supervisor)
            for name, url in pages.items():
                durations = _read(visitor, url)
                p50, p95 = figures.middle(durations), figures.nearly_all(durations)
                smallest = smallest or p50
                told = [figures.seconds(p50), figures.seconds(p95), figures.told(p50 / smallest)]
                rows.append([figures.told(size), figures.told(tallies), name, *told])
    figures.table(["demandes", "chiffres", "page", "p50", "p95", "rapport à la 1re"], rows)
    print("  But : p50 50 ms, p95 200 ms, rapport 1,3 au plus.")
    _plans()
    _export()
    _folding()


def _read(visitor: Visitor, url: str) -> list[float]:
    """Open a page again and again; the first times, while processes warm up, do not count."""
    durations = []
    for rank in range(TIMES + 10):
        began = time.perf_counter()
        visitor.get(url)
        if rank >= 10:
            durations.append(time.perf_counter() - began)
    return durations


def _fill(size: int) -> int:
    """Put in the figures what so many claims would have left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE statistics_tally")
        cursor.execute(
            _FIGURES,
            {"days": round(size / A_DAY * 7 / 5) + 14, "a_day": A_DAY, "places": _PLACES, "cares": _CARES},
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE statistics_tally")
    return Tally.objects.count()


def _year() -> Scope:
    until = timezone.localdate() + timedelta(days=1)
    return Scope(until - timedelta(weeks=52), until)


def _plans() -> None:
    year = _year()
    asked = {
        "flux d’un an": year.tallies(Measure.RECEIVED, Measure.ANSWERED, Measure.IN_TIME),
        "stock": Tally.objects.filter(measure=Measure.OPEN, territory=ALL, care=ALL),
        "par pays, un an": Tally.objects.filter(
            measure__in=[Measure.RECEIVED, Measure.ANSWERED, Measure.IN_TIME], care=ALL, day__gte=year.since
        ).exclude(territory=ALL),
    }
    for name, tallies in asked.items():
        print(f"\n  Comment PostgreSQL trouve : {name}")
        plan = tallies.values_list("measure", "day", "key", "count").explain(analyze=True, buffers=True)
        print("\n".join(f"    {line}" for line in plan.splitlines()))


def _export() -> None:
    began, count = time.perf_counter(), 0
    for _line in queries.lines(_year()).values_list("day", "measure", "territory", "care", "count").iterator(5_000):
        count += 1
    pace = figures.told(count / (time.perf_counter() - began))
    print(f"\n  Export d’un an : {figures.told(count)} lignes, {pace} par seconde")


def _folding() -> None:
    """Count the claims that the sending benchmark or the demonstration left, from zero."""
    began = time.perf_counter()
    counted = statistics.recount(from_zero=True)
    lasted = time.perf_counter() - began
    print(f"  Recompte : {figures.told(counted)} demandes, {figures.told(counted / lasted)} par seconde")
