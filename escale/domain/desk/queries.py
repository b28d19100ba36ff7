"""What is asked of the desk: the queue and its counts, what one has in hand, who is there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import in_turn
from escale.domain.claims import waiting
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Claim, Decision, Pause
from escale.domain.desk import covering
from escale.domain.desk.filters import PROPOSED, Filters
from escale.domain.desk.models import Alert, AlertKind, Assignment, GroupedAct, Holding, SavedView, Skill

PAGE = 50


def queue(*, actor: Actor, filters: Filters, after: tuple[date, int] | None = None) -> QuerySet[Claim]:
    """Return the next claims of the queue, what is due first coming first, after this (date due, id)."""
    found = Claim.objects.within_reach_of(actor).filter(filters.condition(actor=actor))
    return shown(in_turn(found, "due_on", after=after), actor=actor)


def shown(claims: QuerySet[Claim], *, actor: Actor) -> QuerySet[Claim]:
    """
    Return the first of these claims with what a row of a list shows; only they are looked at closely (3 queries).

    `awaited` says that a paper is waited for; `came_at`, since when one that was waits to be read; `shut`, that the
    file is protected and that this actor has to say why they open it. Each comes with who has it in hand, if anybody.
    """
    return (
        Claim.objects.filter(pk__in=claims.values("pk")[:PAGE]).saying_if_shut_to(actor)
        .annotate(awaited=waiting.AWAITED, came_at=waiting.CAME_AT)
        .select_related("holding__account", "assignment__account")
        .prefetch_related(Prefetch("pauses", waiting.pauses()), "alerts")
        .order_by("due_on", "pk")
    )  # fmt: skip


@dataclass
class Counted:
    """How many claims filters find; how many of those to treat are of each territory, and of each kind of care."""

    found: Counter[Filters] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    cares: Counter[str] = field(default_factory=Counter)


def counted(*filters: Filters, actor: Actor) -> Counted:
    """Count exactly what these filters find, and what they may be narrowed to (1 query, of what is worked on)."""
    asked = tuple({Filters(), *filters})
    numbers = {f"filter_{rank}": Count("pk", filter=one.condition(actor=actor)) for rank, one in enumerate(asked)}
    worked_on = Claim.objects.within_reach_of(actor).filter(status__in=sorted(WORKED_ON))
    sorts = worked_on.order_by("territory", "cares").values_list("territory", "cares")
    told = Counted()
    for territory, cares, *found in sorts.annotate(**numbers):
        of_sort = dict(zip(asked, found, strict=True))
        told.found.update(of_sort)
        if to_treat := of_sort[Filters()]:
            told.places[territory] += to_treat
            told.cares.update(dict.fromkeys(cares, to_treat))
    return told


def views(account: Account) -> list[SavedView]:
    """Return the views that somebody keeps, by name."""
    return list(SavedView.objects.filter(account=account).order_by("name"))


def treatable(*, by: Actor) -> QuerySet[Claim]:
    """
    Return the claims that the queue may give to an agent, what is due first coming first.

    One that waits for a second look is given to whoever did not propose its decision, whoever else is waited for; one
    that was given by name, to that person, as long as they may treat it.
    """
    paused = Pause.objects.filter(claim=OuterRef("pk"), paused_until__isnull=True)
    taken = Holding.objects.live().filter(claim=OuterRef("pk")).exclude(account=by.account)
    proposed = Decision.objects.proposed().filter(claim=OuterRef("pk"))
    claims = Claim.objects.visible_to(by).filter(status=Status.IN_PROGRESS)
    return (
        claims.exclude(Exists(proposed.filter(by=by.account))).exclude(Exists(taken))
        .filter(Exists(proposed) | ~Exists(paused) & ~covering.given_elsewhere(by.signatory))
        .order_by("due_on", "pk")
    )  # fmt: skip


def skilled(claims: QuerySet[Claim], *, by: Actor) -> QuerySet[Claim]:
    """Keep what the skills of an agent cover, what was given to them by name, and what waits for a second look."""
    covered = covering.condition(by.signatory)
    given = Assignment.objects.filter(claim=OuterRef("pk"), account=by.account)
    return claims.filter(covered | Q(Exists(given)) | PROPOSED) if covered else claims


def in_hand(*, actor: Actor) -> QuerySet[Claim]:
    """Return the claims that somebody has in hand, the last one first."""
    mine = Holding.objects.live().filter(account=actor.account)
    claims = Claim.objects.visible_to(actor).filter(pk__in=mine.values("claim"))
    return claims.select_related("holding").order_by("-holding__since")


def mine(*, actor: Actor) -> QuerySet[Claim]:
    """Return what somebody has in hand, then what was given to them, what is due first coming first."""
    held = Holding.objects.live().filter(account=actor.account).values("claim")
    given = Assignment.objects.filter(account=actor.account).values("claim")
    claims = Claim.objects.within_reach_of(actor).filter(pk__in=held.union(given), status__in=sorted(WORKED_ON))
    return shown(claims.order_by("due_on", "pk"), actor=actor)


def agents() -> QuerySet[Account]:
    """Return those who treat claims, by name, with their skills (2 queries)."""
    working = Account.objects.filter(is_active=True, hats__role=Role.AGENT)
    return working.prefetch_related(Prefetch("skills", Skill.objects.order_by("kind", "value"))).order_by("name", "pk")


def alerts(*, actor: Actor, kind: AlertKind) -> QuerySet[Alert]:
    """Return the alerts on claims that are still worked on, those due first coming first."""
    within = Claim.objects.within_reach_of(actor).filter(status__in=sorted(WORKED_ON))
    open_alerts = Alert.objects.current().filter(kind=kind, claim__in=within)
    return open_alerts.select_related("claim__assignment__account", "claim__holding__account").order_by(
        "claim__due_on", "claim_id"
    )


def excuse(claim: Claim) -> Alert | None:
    """Return the excuse that was made for a claim, with its new date, if there was one for the clock that runs."""
    return claim.alerts.filter(kind=AlertKind.EXCUSE, clock_from=claim.reopened_on).first()


def progress(act: GroupedAct) -> dict[str, int]:
    """Return how many claims of an act are at each result (1 query)."""
    return dict(act.lines.order_by("result").values_list("result").annotate(Count("pk")))


def results(act: GroupedAct) -> Iterable[tuple[str, str, str]]:
    """Return the number of each claim of an act, its result, and why if it was refused (1 query)."""
    return act.lines.order_by("pk").values_list("claim__number", "result", "why")


def chosen(numbers: Iterable[str], *, actor: Actor) -> QuerySet[Claim]:
    """Return the claims of these numbers that this actor may act on."""
    claims: Any = Claim.objects.visible_to(actor).filter(number__in=list(numbers), status__in=sorted(WORKED_ON))
    return claims.select_related("holding__account", "assignment").order_by("due_on", "pk")
