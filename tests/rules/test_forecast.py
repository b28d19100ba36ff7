"""The stock at the present pace, by worked cases."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escale.rules import deadlines, forecast

FRIDAY = date(2026, 10, 30)


def weeks(count: int, *, came: int, went: int, until: date = FRIDAY) -> dict[date, tuple[int, int]]:
    """The same flow on each working day of so many weeks."""
    days = [until - timedelta(days=back) for back in range(7 * count)]
    return {day: (came, went) if deadlines.is_working(day) else (0, 0) for day in days}


def test_a_steady_flow_leaves_the_stock_where_it_is():
    told = forecast.stock(now=400, on=FRIDAY, flows=weeks(8, came=100, went=100))
    assert [(one.stock, one.low, one.high) for one in told] == [(400, 400, 400)] * 10


def test_ten_more_a_day_make_a_hundred_more_in_ten_working_days():
    told = forecast.stock(now=400, on=FRIDAY, flows=weeks(8, came=110, went=100))
    assert [one.stock for one in told] == list(range(410, 501, 10))
    assert told[0].on == date(2026, 11, 2)
    assert date(2026, 11, 11) not in {one.on for one in told}  # the Armistice: nobody works, nothing is told
    assert told[-1].on == date(2026, 11, 16)


def test_what_comes_on_sundays_is_counted_on_mondays():
    flows = weeks(8, came=100, went=100) | {FRIDAY - timedelta(days=5 + 7 * n): (30, 0) for n in range(8)}
    told = forecast.stock(now=0, on=FRIDAY, flows=flows)
    assert [one.stock for one in told] == [30] * 5 + [60] * 2 + [90] * 2 + [120]  # a Sunday, the Armistice, a Sunday


def test_uneven_days_make_a_band_that_grows():
    flows = weeks(8, came=100, went=100)
    for rank, day in enumerate(sorted(flows)):
        if deadlines.is_working(day):
            flows[day] = (100 + (20 if rank // 7 % 2 else -20), 100)
    told = forecast.stock(now=400, on=FRIDAY, flows=flows)
    assert told[0].low < told[0].stock == 400 < told[0].high
    assert told[-1].high - told[-1].low > told[0].high - told[0].low


def test_three_weeks_tell_no_pace():
    assert forecast.stock(now=400, on=FRIDAY, flows=weeks(3, came=1, went=1)) == ()
    assert forecast.stock(now=400, on=FRIDAY, flows={}) == ()


@given(
    now=st.integers(0, 50_000),
    flows=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)), min_size=28, max_size=70),
)
def test_the_stock_is_never_negative_and_stays_in_its_band(now: int, flows: list[tuple[int, int]]):
    days = {FRIDAY - timedelta(days=back): flow for back, flow in enumerate(flows)}
    told = forecast.stock(now=now, on=FRIDAY, flows=days)
    assert len(told) == forecast.AHEAD
    assert all(0 <= one.low <= one.stock <= one.high for one in told)
