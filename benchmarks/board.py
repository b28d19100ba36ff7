"""The supervisor's board when ten million claims were counted: pages, exports, how fast one counts."""

import time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks import asking, figures, house, houses, stock
from benchmarks.asking import opened
from benchmarks.visitor import Visitor
from escale.domain.accounts.models import Role
from escale.domain.statistics import actions as statistics
from escale.domain.statistics import queries
from escale.domain.statistics.models import Tally
from escale.domain.statistics.queries import Scope

RECIPE = 1
"""Counts up when what is written changes."""
SIZES = (20_000, 1_000_000)
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


_PAGES = {
    "douze semaines": "",
    "un an": "?semaines=52",
    "un an, un pays": "?semaines=52&territoire=DJ",
    "un an, un pays, un soin": "?semaines=52&territoire=DJ&soins=dental",
}
_NOTE = """# The board: what it costs

Written by `make bench only=board claims=10000000`. At each size, a database of its own holds so many claims, 20,000 of
them worked on, and the figures (tallies) that they would have left at 2,600 a working day: {counted}. The charts
read tallies only; what waits now is counted among the claims that are worked on. Each page is asked forty times of the
real server, then once more for what it asks of the database.

{goal}

{times}

« par où »: the three ways into the tables that read most, with their rows (l.), their buffers of 8 kB (t.), their time.

{ways}

All the figures of a year, line after line as they are downloaded, at the largest size: {export}. Counting, seen by hand
on 20,000 claims while eleven other processes worked: 2,100 entries of the journal a second, and 660 claims a second for
a recount of all. A day of 2,600 claims is some 20,000 entries: ten seconds of work, spread over its minutes.
"""


def measure(*, sizes: tuple[int, ...], note: bool = False) -> None:
    """Print the time of the board at each size and by which indexes it is answered; and how fast claims are counted."""
    figures.title("Le tableau de bord, par le vrai serveur")
    found = dict(houses.each("board", sizes))
    counted = {size: pages.pop("") for size, pages in found.items()}
    times, ways = asking.table(found), asking.ways(found)
    figures.table(*times)
    print(f"  {asking.GOAL}")
    figures.table(*ways)
    _folding()
    if note:
        told = ", ".join(f"{figures.told(one['tallies'])} for {figures.told(size)}" for size, one in counted.items())
        export = "{lines} in {seconds}".format(**counted[max(counted)])
        asking.write("performance-board.md", _NOTE, {"counted": told, "export": export}, times=times, ways=ways)


def at(size: int) -> dict[str, Any]:
    """Return what the board takes when so many claims are counted; without a name, how many figures there are."""
    stock.fill(size)
    _fill(size)
    supervisor = house.account("supervision@bench.example", Role.SUPERVISOR)
    with house.serving() as (port, _web):
        visitor = Visitor(port)
        house.enter(visitor, supervisor)
        pages = {name: opened(f"/gestion/supervision/{query}") for name, query in _PAGES.items()}
        pages["export d’un tableau, un an"] = opened("/gestion/supervision/flux.csv?semaines=52")
        found = asking.measured(visitor, pages)
    return found | {"": {"tallies": Tally.objects.count(), **_export()}}


def _export() -> dict[str, str]:
    """Tell how many figures a year holds, and how long it takes to read them one after another."""
    today, began = timezone.localdate(), time.perf_counter()
    lines = queries.lines(Scope(today - timedelta(weeks=52), today + timedelta(days=1))).values_list("day", "count")
    number = sum(1 for _line in lines.iterator(5_000))
    return {"lines": figures.told(number), "seconds": figures.seconds(time.perf_counter() - began)}


def _fill(size: int) -> None:
    """Put in the figures what so many claims would have left, unless it is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('statistics_tally'::regclass) = %s", [f"{RECIPE}/{size}"])
        if cursor.fetchone() == (True,):
            return
        cursor.execute("TRUNCATE statistics_tally")
        days = round(size / A_DAY * 7 / 5) + 14
        cursor.execute(_FIGURES, {"days": days, "a_day": A_DAY, "places": _PLACES, "cares": _CARES})
        cursor.execute(f"COMMENT ON TABLE statistics_tally IS '{RECIPE}/{size}'")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE statistics_tally")


def _folding() -> None:
    """Count the claims that the sending benchmark or the demonstration left, from zero."""
    began = time.perf_counter()
    counted = statistics.recount(from_zero=True)
    lasted = time.perf_counter() - began
    print(f"  Recompte : {figures.told(counted)} demandes, {figures.told(counted / lasted)} par seconde")
