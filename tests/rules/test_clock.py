"""The clocks: worked cases, then what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import clock, deadlines, parameters
from escale.rules.clock import Standing
from escale.rules.deadlines import Asking, Pause, Request

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
SENT = date(2026, 9, 1)  # a Tuesday


def pause(since: date, until: date | None = None) -> Pause:
    return Pause(since, until, "papers", "")


@pytest.mark.parametrize(
    ("sent_on", "pauses", "on", "gross", "net", "net_due_on"),
    [
        (SENT, (), date(2026, 9, 4), 3, 3, date(2026, 9, 8)),
        (SENT, (pause(date(2026, 9, 2), date(2026, 9, 4)),), date(2026, 9, 8), 5, 3, date(2026, 9, 10)),
        (SENT, (pause(date(2026, 9, 2)),), date(2026, 9, 8), 5, 0, None),
        # two reasons at once stop the clock once; asked and come on the same day, they never stopped it
        (SENT, (pause(date(2026, 9, 2), date(2026, 9, 4)), pause(date(2026, 9, 3), date(2026, 9, 7))),
         date(2026, 9, 8), 5, 2, date(2026, 9, 11)),
        (SENT, (pause(date(2026, 9, 3), date(2026, 9, 3)),), date(2026, 9, 8), 5, 5, date(2026, 9, 8)),
        # a pause over a week-end costs no working day
        (SENT, (pause(date(2026, 9, 5), date(2026, 9, 7)),), date(2026, 9, 8), 5, 5, date(2026, 9, 8)),
        # the end of the month, of the year, and of February
        (date(2026, 1, 29), (), date(2026, 2, 5), 5, 5, date(2026, 2, 5)),
        (date(2026, 12, 28), (), date(2027, 1, 4), 4, 4, date(2027, 1, 5)),
        (date(2028, 2, 25), (pause(date(2028, 2, 28), date(2028, 3, 1)),), date(2028, 3, 3), 5, 3, date(2028, 3, 7)),
    ],
)  # fmt: skip
def test_both_clocks_count_working_days(
    sent_on: date, pauses: tuple[Pause, ...], on: date, gross: int, net: int, net_due_on: date | None
) -> None:
    read = clock.read(sent_on, pauses, on=on)
    assert (read.gross, read.net, read.net_due_on) == (gross, net, net_due_on)
    assert read.paused == gross - net


@pytest.mark.parametrize(
    ("on", "pauses", "standing"),
    [
        (SENT, (), Standing.EARLY),
        (date(2026, 9, 3), (), Standing.EARLY),
        (date(2026, 9, 4), (), Standing.AGENT),
        (date(2026, 9, 6), (), Standing.AGENT),  # Sunday
        (date(2026, 9, 7), (), Standing.SUPERVISOR),
        (date(2026, 9, 8), (), Standing.LAST),
        (date(2026, 9, 9), (), Standing.LATE),
        (date(2026, 9, 4), (pause(date(2026, 9, 3)),), Standing.PAUSED),
        (date(2026, 9, 9), (pause(date(2026, 9, 3)),), Standing.LATE),
    ],
)
def test_a_claim_stands_where_its_gross_day_says(on: date, pauses: tuple[Pause, ...], standing: Standing) -> None:
    assert clock.read(SENT, pauses, on=on).standing is standing


@pytest.mark.parametrize(
    ("again_on", "pauses", "on", "gross", "net", "due_on", "net_due_on"),
    [
        # taken up on a Monday, weeks after: what was waited for the first time counts no more
        (date(2026, 9, 21), (pause(date(2026, 9, 2), date(2026, 9, 7)),), date(2026, 9, 24), 3, 3,
         date(2026, 9, 28), date(2026, 9, 28)),
        # on the very day of the sending, and on a Saturday
        (SENT, (), SENT, 0, 0, date(2026, 9, 8), date(2026, 9, 8)),
        (date(2026, 9, 19), (), date(2026, 9, 21), 1, 1, date(2026, 9, 25), date(2026, 9, 25)),
        # a pause that was still open goes on, and stops the new clock from its first day
        (date(2026, 9, 21), (pause(date(2026, 9, 17), date(2026, 9, 23)),), date(2026, 9, 24), 3, 2,
         date(2026, 9, 28), date(2026, 9, 29)),
        (date(2026, 9, 21), (pause(date(2026, 9, 17)),), date(2026, 9, 24), 3, 0, date(2026, 9, 28), None),
    ],
)  # fmt: skip
def test_a_claim_taken_up_again_has_its_five_days_again(
    again_on: date, pauses: tuple[Pause, ...], on: date, gross: int, net: int, due_on: date, net_due_on: date | None
) -> None:
    read = clock.read(again_on, pauses, on=on)
    assert (read.gross, read.net, read.due_on, read.net_due_on) == (gross, net, due_on, net_due_on)


def test_the_holidays_of_the_territory_count_where_a_figure_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    first_of_june = date(2026, 6, 1)  # 27 June: independence of Djibouti; the 25th is a Thursday
    assert deadlines.working_days_between(date(2026, 6, 26), date(2026, 6, 30), territory="DJ") == 2
    known = parameters.value
    counting = lambda name, *, on: 1 if name == "territory_holidays" else known(name, on=on)  # noqa: E731
    monkeypatch.setattr(deadlines.parameters, "value", counting)
    assert not deadlines.is_working(date(2025, 11, 27), territory="US")  # Thanksgiving
    assert deadlines.due_on(date(2025, 11, 24), territory="US") == date(2025, 12, 2)
    assert deadlines.due_on(date(2025, 11, 24)) == date(2025, 12, 1)
    assert deadlines.is_working(first_of_june, territory="XX")


def test_an_incomplete_request_has_its_silence_run_anew_or_stand_still() -> None:
    asking = Asking(date(2026, 9, 11), wanted_by=date(2026, 10, 11))
    came = Asking(date(2026, 9, 11), date(2026, 10, 11), date(2026, 9, 21))

    def ends(request: Request, *askings: Asking) -> date | None:
        found = deadlines.silence_of_incomplete(request, received_on=SENT, askings=askings)
        return found and found.on

    assert ends(Request.CLAIM) == date(2026, 11, 1)
    assert ends(Request.CLAIM, came) == date(2026, 11, 11)
    assert ends(Request.CLAIM, asking) == date(2026, 12, 1)
    assert ends(Request.S2, asking) is None
    assert ends(Request.S2, came) == deadlines.silence(Request.S2, received_on=date(2026, 9, 21)).on


@st.composite
def waits(draw: st.DrawFn) -> tuple[date, list[Pause], date]:
    """A day of sending, pauses after it, some still open, and a day on which the clocks are read."""
    sent_on = draw(DAYS)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        since = sent_on + timedelta(days=draw(st.integers(0, 40)))
        length = draw(st.none() | st.integers(0, 30))
        pauses.append(pause(since, None if length is None else since + timedelta(days=length)))
    return sent_on, pauses, sent_on + timedelta(days=draw(st.integers(0, 80)))


@given(waits())
def test_what_was_paused_is_the_gross_clock_less_the_net_one(told: tuple[date, list[Pause], date]) -> None:
    sent_on, pauses, on = told
    read = clock.read(sent_on, pauses, on=on)
    days = [sent_on + timedelta(days=n) for n in range(1, (on - sent_on).days + 1)]
    waited = [day for day in days if deadlines.is_working(day) and any(one.covers(day) for one in pauses)]
    assert read.gross - read.net == read.paused == len(waited)


@given(waits())
def test_the_gross_clock_never_stops_and_the_net_one_never_goes_back(told: tuple[date, list[Pause], date]) -> None:
    sent_on, pauses, on = told
    today, tomorrow = clock.read(sent_on, pauses, on=on), clock.read(sent_on, pauses, on=on + timedelta(days=1))
    assert tomorrow.gross - today.gross == deadlines.is_working(on + timedelta(days=1))
    assert tomorrow.net - today.net in {0, tomorrow.gross - today.gross}
    assert today.due_on == clock.read(sent_on, (), on=on).due_on
    if today.net_due_on:
        assert clock.read(sent_on, pauses, on=today.net_due_on).net == 5


@given(DAYS, st.integers(0, 10))
def test_the_last_day_of_sending_is_the_last(on: date, working_days: int) -> None:
    sent_on = clock.sent_before(working_days, on=on)
    assert deadlines.working_days_between(sent_on, on) >= working_days
    assert deadlines.working_days_between(sent_on + timedelta(days=1), on) < max(working_days, 1)


def test_an_excuse_promises_a_day_that_is_yet_to_come() -> None:
    assert clock.excuse(on=date(2026, 12, 23)) == date(2026, 12, 31)
