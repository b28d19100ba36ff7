"""What every case of the house shares: a status that only `advance` can change, and how it refuses what was typed."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.journal import actions as journal
from escale.domain.journal.actions import Fact
from escale.rules.lifecycle import ENDS, Lifecycle, StepRefused

Row = TypeVar("Row", bound=models.Model)


class Unacceptable(Exception):
    """What was typed cannot be right; `errors` says what to do, in French, field by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class BeyondAuthority(PermissionDenied):
    """The mandate that somebody received does not hold this act; nobody has to catch it: it has its page."""

    def __init__(self) -> None:
        super().__init__(
            "Le mandat que vous avez reçu ne permet pas cet acte : seule la personne que vous aidez peut le faire."
        )


class Case(models.Model):
    """Something that follows a lifecycle, step by step, each step written in the journal."""

    LIFECYCLE: ClassVar[Lifecycle]
    status = models.CharField(max_length=16)

    class Meta:
        abstract = True

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this case is about this person, who then may not decide on it."""
        return False

    @classmethod
    @transaction.atomic
    def open(cls, *, by: Actor, **fields: object) -> Self:
        """
        Open a case at the start of its lifecycle, and write it in the journal.

        :raises BeyondAuthority: if one acts in another's name, who did not give this.
        """
        case = cls._default_manager.create(status=cls.LIFECYCLE.start, **fields)
        if not cls._lets("open", by):
            raise BeyondAuthority
        journal.record(f"{cls.LIFECYCLE.case}.open", subject=case, actor=by.account, hat=by.role, **_mandate(by))
        return case

    def lock(self) -> None:
        """Reload this case and hold it until the end of the transaction."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update(of=("self",)))

    def steps_open_to(self, actor: Actor) -> frozenset[str]:
        """Return the names of the steps that this actor may take now: the buttons of the page."""
        steps = [
            step
            for step in self.LIFECYCLE.steps
            if self.status in step.origins and actor.role in step.roles and self._lets(step.name, actor)
        ]
        forbidden = any(step.decides for step in steps) and self._concerns(actor)
        return frozenset(step.name for step in steps if not (step.decides and forbidden))

    @transaction.atomic
    def advance(self, name: str, *, by: Actor, **facts: Fact) -> None:
        """
        Take one step of the lifecycle, and write it in the journal.

        :raises StepRefused: if the case may not take this step now, or not by this actor.
        :raises BeyondAuthority: if one acts in another's name, who did not give this.
        """
        self.lock()
        step = self.LIFECYCLE.take(name, status=self.status, role=by.role)
        if not self._lets(name, by):
            raise BeyondAuthority
        if step.decides and self._concerns(by):
            raise StepRefused("Nul ne décide de sa propre demande.")
        journal.record(
            f"{self.LIFECYCLE.case}.{name}", subject=self, actor=by.account, hat=by.role, **_mandate(by), **facts
        )
        landed = step.lands(self.status)
        if landed == ENDS:
            self.delete()
        elif landed != self.status:
            self.status = landed
            self.save(update_fields=["status"])

    @classmethod
    @transaction.atomic
    def advance_all(cls, cases: QuerySet[Self], name: str, *, by: Actor, in_hand: Iterable[Self] = ()) -> int:
        """
        Take one step with many cases at once, all or none, each written in the journal; return how many.

        Those that the caller has `in_hand` learn it.

        :raises StepRefused: if one may not take this step now, or not by this actor.
        """
        [step] = [step for step in cls.LIFECYCLE.steps if step.name == name and not step.decides]
        found = dict(cases.select_for_update(of=("self",)).order_by("pk").values_list("pk", "status"))
        for status in set(found.values()):
            cls.LIFECYCLE.take(name, status=status, role=by.role)
        event = f"{cls.LIFECYCLE.case}.{name}"
        journal.record_all(event, subjects=(cls(pk=pk) for pk in found), actor=by.account, hat=by.role)
        for case in in_hand:
            case.status = step.target
        return cls._default_manager.filter(pk__in=found).update(status=step.target)

    @classmethod
    def _lets(cls, step: str, actor: Actor) -> bool:
        """Tell whether this step is one's own to take, or among those that one received."""
        return actor.authority is None or f"{cls.LIFECYCLE.case}.{step}" in actor.authority.steps

    def _concerns(self, actor: Actor) -> bool:
        return actor.account is not None and self.belongs_to(actor.account)


def in_turn(cases: QuerySet[Row], moment: str, *, after: tuple[date, int] | None) -> QuerySet[Row]:
    """Sort cases by a day or a moment that they hold, then by key, after this (moment, key) if it is given."""
    if after:
        at, pk = after
        cases = cases.filter(**{f"{moment}__gte": at}).exclude(**{moment: at, "pk__lte": pk})
    return cases.order_by(moment, "pk")


def _mandate(actor: Actor) -> dict[str, Fact]:
    """Say in the journal in whose name an act was done."""
    return {"mandate": actor.authority.mandate} if actor.authority else {}
