"""How the administration’s files are taken over."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from escale.domain.accounts.actor import Actor
from escale.domain.journal import actions as journal
from escale.domain.registry import reading, writing
from escale.domain.registry.actions.turning import Damaged
from escale.domain.registry.reading import Refusal

STRIDE = 10_000


@dataclass
class Outcome:
    """How many lines a file held, and what became of them."""

    read: int = 0
    refused: int = 0
    created: int = 0
    changed: int = 0
    damaged: list[str] = field(default_factory=list)
    """The people whose number does not open any more, and was not in the file."""

    @property
    def unchanged(self) -> int:
        return self.read - self.refused - self.created - self.changed


@transaction.atomic
def take_over(*, file: Path, refuse: Callable[[Refusal], None], progress: Callable[[int], None], by: Actor) -> Outcome:
    """
    Write into the registry every good line of a file, or nothing at all if it does not come to its end.

    Whatever its length, it takes the same memory; taken over again, it changes nothing. `refuse` hears of each line
    left out, `progress` of the lines read so far. A number whose seal is damaged is sealed again if the file says it.

    :raises Unreadable: if the file as a whole is not what it should be, or while the keys of the house turn.
    """
    writing.hold()
    sheet, outcome, damaged = reading.sheet_of(file), Outcome(), Damaged()

    def left_out(refusal: Refusal) -> None:
        outcome.refused += 1
        refuse(refusal)

    def good_rows() -> Iterator[tuple[Any, ...]]:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            for line in reading.lines(sheet, text, damaged.hear):
                outcome.read += 1
                if outcome.read % STRIDE == 0:
                    progress(outcome.read)
                if isinstance(line, Refusal):
                    left_out(line)
                else:
                    yield line

    writing.lay_aside(sheet, good_rows())
    outcome.damaged = damaged.mend()
    for refusal in writing.judge(sheet):
        left_out(refusal)
    outcome.created, outcome.changed = writing.merge(sheet)
    journal.record(
        "registry.import",
        subject=sheet.model(),
        actor=by.account,
        hat=by.role,
        sha256=_digest(file),
        read=outcome.read,
        created=outcome.created,
        changed=outcome.changed,
        refused=outcome.refused,
    )
    return outcome


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
