"""What is published of a month, once it is over."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from escale.domain.journal import actions as journal
from escale.domain.statistics import actions as statistics
from escale.domain.statistics.models import Measure, OpenMonth, Progress, Tally
from tests.domain.statistics.figures import Row, put, row

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def september() -> None:
    """Sixty claims of Djibouti, thirty of Spain, five of New Caledonia; four are of a dentist in Spain."""
    made = []
    for territory, care, count in [("DJ", "generalist", 40), ("DJ", "dental", 20), ("ES", "generalist", 26),
                                   ("ES", "dental", 4), ("NC", "generalist", 5)]:  # fmt: skip
        made.append(row(Measure.RECEIVED, territory, care, day=date(2026, 9, 10), count=count))
        made.append(row(Measure.DECIDED, territory, care, day=date(2026, 9, 14), count=count, key="accepted", bucket=2))
        made.append(row(Measure.IN_TIME, territory, care, day=date(2026, 9, 14), count=count, key="gross"))
    put(made)


def decided(territory: str, care: str, count: int, *, in_time: int) -> list[Row]:
    day = date(2026, 9, 14)
    return [
        row(Measure.RECEIVED, territory, care, day=day, count=count),
        row(Measure.DECIDED, territory, care, day=day, count=in_time, key="accepted", bucket=2),
        row(Measure.DECIDED, territory, care, day=day, count=count - in_time, key="accepted", bucket=9),
        row(Measure.IN_TIME, territory, care, day=day, count=in_time, key="gross"),
    ]


def rows(**asked: Any) -> list[dict[str, Any]]:
    return [one for one in OpenMonth.objects.get().rows if all(one[name] == value for name, value in asked.items())]


@pytest.mark.usefixtures("september")
def test_a_month_is_published_once_when_its_time_has_come():
    with time_machine.travel(datetime(2026, 10, 8, 12, 0, tzinfo=timezone.get_current_timezone())):
        assert statistics.publish() == []
    with time_machine.travel(datetime(2026, 10, 11, 12, 0, tzinfo=timezone.get_current_timezone())):
        assert statistics.publish() == [SEPTEMBER]
        before = OpenMonth.objects.get().rows
        Tally.objects.filter(measure=Measure.RECEIVED).update(count=1000)
        assert statistics.publish() == []
    assert OpenMonth.objects.get().rows == before


@pytest.mark.usefixtures("september")
def test_nothing_is_published_while_figures_are_counted_anew_or_something_is_left_to_count():
    with time_machine.travel(datetime(2026, 10, 9, 12, 0, tzinfo=timezone.get_current_timezone())):
        journal.record("rate.publish", subject=OpenMonth(pk=1), hat="system")
    with time_machine.travel(datetime(2026, 10, 11, 12, 0, tzinfo=timezone.get_current_timezone())):
        assert statistics.publish() == []  # written, not sealed yet
        journal.seal()
        assert statistics.publish() == []  # sealed, not followed yet
        statistics.fold()
        Progress.objects.update(recounting=True)
        assert statistics.publish() == []
        Progress.objects.update(recounting=False)
        assert statistics.publish() == [SEPTEMBER]


def test_a_share_is_told_where_few_are_on_neither_side_and_none_beside_can_be_deduced():
    put([
        *decided("DJ", "generalist", 60, in_time=30), *decided("DJ", "dental", 40, in_time=20),
        *decided("ES", "generalist", 50, in_time=47), *decided("ES", "dental", 50, in_time=25),
    ])  # fmt: skip
    with time_machine.travel(datetime(2026, 10, 11, 12, 0, tzinfo=timezone.get_current_timezone())):
        statistics.publish()
    told = {(row["zone"], row["kind"]): row["in_time"] for row in rows(table="decided") if "in_time" in row}
    assert told == {
        ("all", "all"): 61, ("world", "all"): 50, ("eu", "all"): 72, ("all", "dental"): 50, ("all", "generalist"): 70,
        ("world", "dental"): 50,  # three generalists' were late in Spain: what stands in their row or column is kept
    }  # fmt: skip


@pytest.mark.usefixtures("september")
def test_small_numbers_are_secret_and_what_is_left_does_not_tell_them():
    with time_machine.travel(datetime(2026, 10, 11, 12, 0, tzinfo=timezone.get_current_timezone())):
        statistics.publish()
    assert rows(table="decided", zone="all", kind="all") == [
        {"table": "decided", "zone": "all", "kind": "all", "count": 95, "in_time": 100, "median_days": 2}
    ]
    assert {row["zone"]: row["count"] for row in rows(table="decided", kind="all")} == {
        "all": 95, "world": 60, "others": 35,  # New Caledonia alone was too small, and Spain is the smallest other
    }  # fmt: skip
    assert [row["count"] for row in rows(table="decided", zone="others", kind="dental")] == [None]
    inside = [row for row in rows(table="decided") if "all" not in (row["zone"], row["kind"])]
    assert [row["count"] for row in inside] == [None] * 4
    assert not any("in_time" in row for row in inside)
