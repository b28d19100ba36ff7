"""One claim, from « Nouvelle demande » to its sending, told step by step to whoever wants to strike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from tests.faults.papers import Paper
from tests.faults.person import Answer, Moment, Person, Unanswered, settled

SPACE = "/mon-compte/demandes"
CROWD = 50
PATIENT_FOR = 120.0


@dataclass
class Told:
    """What the house has acknowledged to one person of one claim, and what it must therefore never lose."""

    number: str = ""
    files: dict[str, int] = field(default_factory=dict)
    sent: bool = False
    harmed: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Teller:
    """How one person sends one claim: by which road, with what striking when, what is done while they wait."""

    person: Person
    told: Told
    resumable: bool
    moment: Moment
    meanwhile: Callable[[], None]
    heard: Callable[[], None]
    crowded: str = ""

    def tell(self, papers: list[Paper]) -> None:
        """Do all that a person does; each step is asked again until it is answered."""
        today = date.today()
        self.told.number = self._once("draft", "nouvelle/", uuid4(), {
            "territory": "Djibouti", "stay": "posting", "stay_from": str(today - timedelta(days=200)), "stay_until": "",
        }).location.split("/")[3]  # fmt: skip
        claim = f"{self.told.number}/"
        bill = self._once("bill", f"{claim}factures/ajouter/", uuid4(), {
            "provider": "Clinique des pannes", "currency": "DJF", "paid_on": str(today),
        }).location.split("/")[5]  # fmt: skip
        self._once("line", f"{claim}factures/{bill}/soins/", uuid4(), {
            "given_on": str(today), "care": "generalist", "amount": "9000", "paid_elsewhere": "",
        })  # fmt: skip
        for paper in papers:
            self._file(paper)
        self._once("send", f"{claim}envoi/", uuid4(), {"certified": "on"})
        self.told.sent = True

    def _once(self, what: str, url: str, key: Any, typed: dict[str, str]) -> Answer:
        ask = partial(self.person.post, f"{SPACE}/{url}", **typed, request_key=str(key))
        return self._answered(what, ask)

    def _answered(self, what: str, ask: Callable[[], Answer]) -> Answer:
        self.moment(what)
        if self.crowded == what:
            self._crowd(what, ask)
        answer: Answer = settled(partial(_accepted, ask), meanwhile=self.meanwhile, seconds=PATIENT_FOR)
        self.heard()
        return answer

    def _crowd(self, what: str, ask: Callable[[], Answer]) -> None:
        """Ask the same thing many times at once; those who are answered must be told the same."""

        def one(_rank: int) -> str | None:
            try:
                return ask().location
            except Unanswered:
                return None

        with ThreadPoolExecutor(CROWD) as pool:
            said = {place for place in pool.map(one, range(CROWD)) if place is not None}
        if len(said) > 1:
            self.told.complaints.append(f"{what} : {len(said)} réponses différentes à la même demande, {sorted(said)}")

    def _file(self, paper: Paper) -> None:
        first = not self.told.files
        moment = self.moment if first else lambda _moment: None
        if self.resumable:
            self._piece_by_piece(paper, moment)
        else:
            url = f"{SPACE}/{self.told.number}/pieces/"
            ask = partial(self.person.post_file, url, paper, moment if not self.crowded else lambda _moment: None)
            self._answered("file" if first else "other file", ask)
        self.told.files[paper.sha256] = len(paper.content)

    def _piece_by_piece(self, paper: Paper, moment: Moment) -> None:
        """Send a file by tus, going on from its last byte for as long as it takes."""
        url, key, furthest = f"{SPACE}/{self.told.number}/pieces/envois/", str(uuid4()), 0
        first = not self.told.files
        answer = self._answered("file" if first else "other file", partial(self.person.create, url, paper, key))
        place = answer.location

        def go_on() -> bool:
            nonlocal furthest
            offset = self.person.offset(place)
            if offset < furthest:
                self.told.complaints.append(f"{offset} octets après en avoir annoncé {furthest}")
            furthest = max(furthest, offset)
            if offset < len(paper.content):
                sent = self.person.patch(place, paper.content[offset:], offset, moment)
                if sent.status == 409:
                    raise Unanswered("another has just moved it")
                assert sent.status == 204, (sent.status, sent.text)
                furthest = max(furthest, int(sent.headers["Upload-Offset"]))
            state = self.person.state(place)
            if state["status"] == "arriving":
                raise Unanswered("not yet whole")
            assert state["status"] == "received", state
            return True

        settled(go_on, meanwhile=self.meanwhile, seconds=PATIENT_FOR)
        self.heard()


def _accepted(ask: Callable[[], Answer]) -> Answer:
    """Ask, and take a page that says to try again later for no answer."""
    answer = ask()
    if answer.status not in {201, 302}:
        raise Unanswered(f"{answer.status} {answer.words or answer.text[:300]}")
    return answer
