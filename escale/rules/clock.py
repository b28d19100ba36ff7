"""The two clocks of a claim: the insured person's, which never stops, and the agent's, which stops while one waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from escale.rules import deadlines, parameters
from escale.rules.deadlines import Pause
from escale.rules.named import Named


class Standing(Named):
    """How a claim stands in its time; the words are those of the queue."""

    EARLY = "early", "à temps"
    AGENT = "agent", "à traiter aujourd’hui"
    SUPERVISOR = "supervisor", "signalée au superviseur"
    LAST = "last", "dernier jour"
    LATE = "late", "en retard"
    PAUSED = "paused", "en pause"


@dataclass(frozen=True, slots=True)
class Clock:
    """Both clocks on a day: working days since the claim was sent, on which of them it waited, and when it is due."""

    gross: int
    net: int
    due_on: date
    net_due_on: date | None
    waits: tuple[Pause, ...]
    standing: Standing

    @property
    def paused(self) -> int:
        """The working days on which the Fund waited for somebody else."""
        return self.gross - self.net


def read(sent_on: date, pauses: Iterable[Pause], *, on: date, territory: str = "", due_on: date | None = None) -> Clock:
    """Return both clocks of a claim on a day; `due_on` is the day that was promised, if it is known already.

    Raises parameters.Unknown before the first figure.
    """
    return _read(sent_on, tuple(pauses), on, territory, due_on)


@parameters.per_edition(maxsize=4096)
def _read(sent_on: date, waits: tuple[Pause, ...], on: date, territory: str, due_on: date | None) -> Clock:
    """Read the clocks once for all the claims of a list that were sent together and waited together."""
    gross = max(0, deadlines.working_days_between(sent_on, on, territory=territory))
    return Clock(
        gross=gross,
        net=deadlines.net_working_days(sent_on, waits, on, territory=territory),
        due_on=due_on or deadlines.due_on(sent_on, territory=territory),
        net_due_on=deadlines.net_due_on(sent_on, waits, territory=territory),
        waits=tuple(wait for wait in waits if wait.covers(on)),
        standing=_standing(gross, on, paused=any(wait.covers(on) for wait in waits)),
    )


def _standing(gross: int, on: date, *, paused: bool) -> Standing:
    """Tell how a claim stands: a late one is late for its sender, whoever is waited for."""
    last = int(parameters.value("payment_working_days", on=on))
    if gross > last:
        return Standing.LATE
    if paused:
        return Standing.PAUSED
    if gross == last:
        return Standing.LAST
    if gross >= parameters.value("alert_supervisor_day", on=on):
        return Standing.SUPERVISOR
    return Standing.AGENT if gross >= parameters.value("alert_agent_day", on=on) else Standing.EARLY


def sent_before(working_days: int, *, on: date) -> date:
    """Return the last day of sending of the claims that have lasted at least so many working days on a day."""
    day = on
    while deadlines.working_days_between(day, on) < working_days:
        day -= timedelta(days=1)
    return day


def excuse(*, on: date) -> date:
    """Return the new day that the Fund promises when it excuses itself, from the day on which it does."""
    return deadlines.due_on(on, working_days=int(parameters.value("excuse_working_days", on=on)))
