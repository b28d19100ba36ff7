"""The one state machine of the house: a table of the steps that a case may take."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

ENDS = ""
"""The target of a step after which the case no longer exists (a draft thrown away)."""

STAYS = "="
"""The target of a step that leaves the case where it stands, wherever that is."""


class StepRefused(Exception):
    """The case may not take this step now, or not by this role; the message says why, in French."""


@dataclass(frozen=True)
class Step:
    """One row of the table: from any of the origins to the target, by any of the roles."""

    name: str
    origins: frozenset[str]
    target: str
    roles: frozenset[str]
    decides: bool = False
    """A decision: nobody may take it on their own case."""

    def lands(self, status: str) -> str:
        """Return the status of a case that took this step from this status; ENDS when nothing is left of it."""
        return status if self.target == STAYS else self.target


@dataclass(frozen=True)
class Lifecycle:
    """All the steps of one kind of case; `case` is the word that begins its events in the journal."""

    case: str
    start: str
    steps: tuple[Step, ...]

    def take(self, name: str, *, status: str, role: str) -> Step:
        """
        Return the step of this name, if a case at this status may take it by this role.

        :raises StepRefused: otherwise.
        """
        for step in self.steps:
            if step.name == name and status in step.origins and role in step.roles:
                return step
        raise StepRefused("Cette action n’est plus possible : la situation a changé entre-temps.")

    def open_to(self, *, status: str, role: str) -> frozenset[str]:
        """Return the names of the steps that this role may take now: the buttons of its page."""
        return frozenset(step.name for step in self.steps if status in step.origins and role in step.roles)

    def events(self) -> frozenset[str]:
        """Return every event that a case of this kind may write in the journal."""
        return frozenset({f"{self.case}.open", *(f"{self.case}.{step.name}" for step in self.steps)})


def step(name: str, origins: AbstractSet[str], target: str, roles: AbstractSet[str], *, decides: bool = False) -> Step:
    """Write one row of a lifecycle's table."""
    return Step(name, frozenset(origins), target, frozenset(roles), decides)
