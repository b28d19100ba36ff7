"""One house and the faults that are injected in it, one after the other: each with a new person and a new claim."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import OperationalError, connection

from escale.domain.registry.models import InsuredPerson
from launcher.screen import Trouble
from tests import factories
from tests.faults import checks, papers, proxy, scanner, strikes
from tests.faults.house import PASSWORD, House
from tests.faults.person import Person, Unanswered, settled
from tests.faults.story import PATIENT_FOR, Teller, Told
from tests.faults.strikes import Blow
from tests.faults.table import NO_FAULT, Fault

SIZES = (60_000, 300_000, 5_000_000)
STUCK_AFTER = 180.0
"""Seconds for which a claim is waited for; one that comes later than `checks.WITHIN` is late already."""
PAPERS = ("bill", "cerfa")


@dataclass
class Outcome:
    """What came of one fault."""

    fault: str
    felt: bool = True
    recovery: float = 0.0
    breaches: dict[str, list[str]] = field(default_factory=dict)
    error: str = ""


class Round:
    """One fault, from the moment it strikes to the claim's last letter."""

    def __init__(self, fault: Fault, house: House, chance: random.Random) -> None:
        self.fault, self.house = fault, house
        self.told = Told()
        self.blow = Blow(house, chance, self.told)
        self._struck_at = self._ended_at = self._back_at = self._heard_at = 0.0
        self._reached, self._held = threading.Event(), threading.Event()
        self._timer: threading.Timer | None = None

    def moment(self, name: str) -> None:
        """Strike if this is the moment."""
        self.tick()
        if name == "send" and self.fault.moment == "during send":
            self._timer = threading.Timer(self.blow.chance.uniform(0, 0.06), self.strike)
            self._timer.start()
        elif name == "send" and self.fault.moment == "during scan":
            self.house.clamd_line.rule = scanner.stop_before(self._reached, self._held)
        elif name == self.fault.moment and not self._struck_at:
            self.strike()

    def strike(self) -> None:
        """Let it happen."""
        self._struck_at = self._ended_at = time.monotonic()
        self.fault.strike(self.blow)

    def strike_the_scan(self) -> None:
        """Let it happen in the middle of the first scan, which was held there."""
        if self.fault.moment != "during scan":
            return
        self.house.until(self._reached.is_set, seconds=60)
        self.strike()
        self.house.clamd_line.rule = proxy.pass_on
        self._held.set()

    def tick(self) -> None:
        """Watch over the house, and lift the fault when its time is over."""
        self.house.watch()
        if self._struck_at and time.monotonic() - self._struck_at >= self.fault.lasts:
            self.lift()

    def lift(self) -> None:
        """End the fault, once."""
        if self._ended_at == self._struck_at and self._struck_at:
            self.fault.lift(self.blow)
            self._ended_at = time.monotonic() + 1e-6

    def heard(self) -> None:
        """Note the first answer after the end of the fault, and the last of all, which acknowledges the sending."""
        self._heard_at = time.monotonic()
        if self._struck_at and not self._back_at and self._heard_at >= self._struck_at + self.fault.lasts:
            self._back_at = self._heard_at

    def recovery(self) -> float:
        """
        Return the seconds that the house took to answer again, and those from the sending to the last letter.

        What the person does between the two is not counted; what came before the end of the fault is not either.
        """
        ended = self.end()
        silent = max(0.0, self._back_at - ended) if self._heard_at > self._back_at else 0.0
        return silent + time.monotonic() - max(ended, self._heard_at)

    def end(self) -> float:
        """Return when the fault was over; whatever is still in the way is taken away."""
        if self._timer:
            self._timer.join()
        if not self._struck_at and not self.fault.crowd:
            raise Trouble(f"{self.fault.name} : n'a pas frappé")
        self.lift()
        return self._ended_at or time.monotonic()


def run(faults: Iterable[Fault], house: House, chance: random.Random, say: Callable[[dict[str, Any]], None]) -> None:
    """Inject these faults one after the other, say what came of each, then look at the whole house."""
    everybody: list[tuple[InsuredPerson, Told]] = []
    for fault in faults:
        house.until(house.is_open)
        person = _again(lambda: factories.insured(password=PASSWORD), house)
        one = Round(fault, house, chance)
        everybody.append((person, one.told))
        say(asdict(_outcome(one, person, chance)))
    house.until(house.is_open)
    whole = _again(lambda: checks.of_the_house(everybody, house.witness), house)
    say(asdict(Outcome("à la fin, toute la maison", felt=False, breaches=asdict(whole))))


def _outcome(one: Round, person: InsuredPerson, chance: random.Random) -> Outcome:
    house, outcome = one.house, Outcome(one.fault.name)
    try:
        assert person.account
        address = person.account.email
        visitor = settled(
            lambda: Person(house.web_line.port, address, PASSWORD), meanwhile=one.tick, seconds=PATIENT_FOR
        )
        teller = Teller(
            visitor, one.told, visitor.can_resume() and chance.random() < 0.6, one.moment, one.tick, one.heard,
            crowded=one.fault.moment if one.fault.crowd else "",
        )  # fmt: skip
        teller.tell(_drawn(one, chance))
        one.strike_the_scan()
        if one.fault.moment == "at rest":
            _wait(one, person)
            one.strike()
            assert one.fault.afterwards
            one.fault.afterwards(one.blow)
        late = _wait(one, person)
        outcome.recovery = one.recovery()
        outcome.felt = one.fault.name != NO_FAULT and (one.blow.felt.is_set() or not one.fault.elusive)
        outcome.breaches = asdict(_again(lambda: checks.of(person, one.told, house.witness), house))
        if late or outcome.recovery > checks.WITHIN:
            outcome.breaches["stuck"].append(f"{one.told.number} : {outcome.recovery:.0f} s")
    except (Unanswered, AssertionError, Trouble) as error:
        outcome.error = f"{type(error).__name__} : {error}"
    finally:
        _clear(one)
    return outcome


def _clear(one: Round) -> None:
    """Take away what a fault left in the way of the next."""
    try:
        one.end()
    except Trouble:
        one.blow.over.set()
    strikes.lift_lines(one.blow)
    one.house.kept_down.clear()


def _drawn(one: Round, chance: random.Random) -> list[papers.Paper]:
    """Draw the papers of a claim; where the fault is the scanner's, one in three times the last holds a virus."""
    infected = one.fault.virus and chance.random() < 1 / 3
    size = chance.choice(SIZES)
    drawn = [papers.paper(PAPERS[0], size)]
    drawn += [papers.paper(code, SIZES[0], infected=infected) for code in PAPERS[1:]]
    if infected:
        one.told.harmed.add(drawn[-1].sha256)
    return drawn


def _wait(one: Round, person: InsuredPerson) -> bool:
    """Wait until the claim is settled; tell whether it never was."""
    end = time.monotonic() + STUCK_AFTER
    while not _again(lambda: checks.is_settled(person), one.house, meanwhile=one.tick):
        one.tick()
        if time.monotonic() > end:
            return True
        time.sleep(0.1)
    return False


def _again(ask: Callable[[], Any], house: House, *, meanwhile: Callable[[], None] | None = None) -> Any:
    """Ask the database, again for as long as it is away."""
    end = time.monotonic() + STUCK_AFTER
    while True:
        try:
            return ask()
        except OperationalError:
            connection.close()
            if time.monotonic() > end:
                raise
            (meanwhile or house.watch)()
            time.sleep(0.2)


def tell(outcome: dict[str, Any]) -> None:
    """Write an outcome as a line of JSON, for whoever gathers them."""
    print(json.dumps(outcome, ensure_ascii=False), flush=True)
