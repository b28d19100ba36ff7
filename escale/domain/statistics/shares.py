"""What claims count for: read from their rows and from their story, many at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Claim, ClaimLine, Decision, Pause, PauseReason
from escale.domain.claims.models.papers import REFUSALS
from escale.domain.journal.models import Entry
from escale.domain.payments.lifecycle import BatchStatus
from escale.domain.statistics.models import SEVERAL, Clock, Measure, Outcome, Step, Waiting
from escale.rules import deadlines, parameters

LONGEST = 250
"""Working days beyond which decisions are counted together."""
HOURS = (1, 2, 4, 8, 12, 24, 36, 48, 72, 96, 120, 168, 240, 360, 480, 720, 1440, 2880)
"""The steps are counted by at most so many hours; the last holds all that is longer."""
_CLAIM, _ORDER = "claims.claim:", "payments.paymentorder:"
_GIVEN = {"claim.replace_paper", "claim.provide_paper"}


class Share(NamedTuple):
    """One thing that a claim counts for."""

    measure: str
    day: date
    key: str = ""
    bucket: int = 0
    total: Decimal = Decimal(0)


class Passage(NamedTuple):
    """One thing that happened to a claim, or to an order of payment of it."""

    event: str
    at: datetime
    hat: str
    verdict: str | None


@dataclass
class Course:
    """All that is known of one claim."""

    territory: str
    status: str
    sent_at: datetime
    care: str = SEVERAL
    reopened_on: date | None = None
    story: list[Passage] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    orders: list[list[Passage]] = field(default_factory=list)


def courses(claim_ids: Collection[int]) -> dict[int, Course]:
    """Return what is known of each of these claims that was sent (6 queries, however many they are)."""
    known = Claim.objects.filter(pk__in=claim_ids, sent_at__isnull=False).exclude(status=Status.DRAFT)
    rows: Any = known.values_list("pk", "territory", "status", "sent_at", "reopened_on")
    found = {
        pk: Course(territory, status, sent_at, reopened_on=reopened_on)
        for pk, territory, status, sent_at, reopened_on in rows
    }
    cares = ClaimLine.objects.filter(bill__claim__in=found).values("bill__claim").order_by("bill__claim")
    for row in cares.annotate(first=Min("care"), last=Max("care")):
        if row["first"] == row["last"]:
            found[row["bill__claim"]].care = row["first"]
    for pause in Pause.objects.filter(claim__in=found).order_by("pk"):
        found[pause.claim_id].pauses.append(pause)
    stories = _stories(f"{_CLAIM}{pk}" for pk in found)
    for pk, course in found.items():
        course.story = stories[f"{_CLAIM}{pk}"]
    _add_decisions(found)
    return found


def _add_decisions(found: dict[int, Course]) -> None:
    standing = (
        Decision.objects.standing()
        .filter(claim__in=found)
        .annotate(
            lines_in_all=Count("lines"),
            lines_refused=Count("lines", filter=Q(lines__refused=True)),
            reasons=ArrayAgg("lines__reason_code", filter=Q(lines__refused=True), distinct=True, default=[]),
        )
        .order_by("pk")
        .values("claim", "taken_at", "final", "total", "order", "order__batch__sent_at", "order__batch__status",
                "lines_in_all", "lines_refused", "reasons")
    )  # fmt: skip
    decisions: list[dict[str, Any]] = [*standing]  # type: ignore[list-item]
    stories = _stories(f"{_ORDER}{one['order']}" for one in decisions if one["order"])
    for one in decisions:
        course = found[one["claim"]]
        course.decisions.append(one)
        if one["order"]:
            sent_at = one["order__batch__sent_at"]
            gone = sent_at and one["order__batch__status"] != BatchStatus.REFUSED
            left = [Passage("batch.send", sent_at, "", None)] if gone else []
            course.orders.append([*stories[f"{_ORDER}{one['order']}"], *left])


def _stories(subjects: Iterable[str]) -> defaultdict[str, list[Passage]]:
    told: defaultdict[str, list[Passage]] = defaultdict(list)
    entries = Entry.objects.filter(subject__in=list(subjects)).order_by("pk")
    for subject, *passage in entries.values_list("subject", "event", "at", "hat", "facts__verdict"):
        told[subject].append(Passage(*passage))
    return told


def of(course: Course) -> Iterator[Share]:
    """Yield what a claim counts for; nothing before the Fund received it."""
    received_at = next((one.at for one in course.story if one.event == "claim.receive"), None)
    if received_at is None:
        return
    yield Share(Measure.RECEIVED, _day(received_at))
    yield from _steps(course, received_at)
    first = next((one for one in course.decisions if one["final"]), None)
    if course.status in WORKED_ON:
        yield Share(Measure.OPEN, (first and course.reopened_on) or _day(course.sent_at), _waiting(course))
    elif course.status == Status.UNUSABLE:
        at = max(one.at for one in course.story if one.event == "claim.set_aside")
        yield Share(Measure.SET_ASIDE, _day(at))
    elif course.decisions:
        first = first or course.decisions[-1]
    if first:  # what was promised is the first answer: one that is contested, or corrected, was given all the same
        yield from _decided(course, first)


def _waiting(course: Course) -> Waiting:
    if course.status == Status.MEDICAL_OPINION:
        return Waiting.OPINION
    waits = any(pause.reason == PauseReason.PAPERS and pause.paused_until is None for pause in course.pauses)
    return Waiting.PAPERS if waits else Waiting.AGENT


def _decided(course: Course, first: dict[str, Any]) -> Iterator[Share]:
    day, sent_on = _day(first["taken_at"]), _day(course.sent_at)
    lines = sum(one["lines_in_all"] for one in course.decisions)
    refused = sum(one["lines_refused"] for one in course.decisions)
    paid = sum((one["total"] for one in course.decisions), Decimal(0))
    outcome = Outcome.ACCEPTED if not refused else Outcome.PARTLY if refused < lines else Outcome.REFUSED
    gross = _working_days(sent_on, day)
    yield Share(Measure.ANSWERED, day)
    yield Share(Measure.DECIDED, day, outcome, min(gross, LONGEST), paid)
    announced = parameters.value("payment_working_days", on=sent_on)
    if gross <= announced:
        yield Share(Measure.IN_TIME, day, Clock.GROSS)
    waits = [pause.as_rule() for pause in course.pauses]
    if (deadlines.net_working_days(sent_on, waits, day) if waits else gross) <= announced:
        yield Share(Measure.IN_TIME, day, Clock.NET)
    for reason in sorted({reason for one in course.decisions for reason in one["reasons"] if reason}):
        yield Share(Measure.REASON, day, reason)


def _steps(course: Course, received_at: datetime) -> Iterator[Share]:
    hand = next((one.at for one in course.story if one.hat in {Role.AGENT, Role.PHYSICIAN}), None)
    if hand:
        yield _step(Step.TAKEN, received_at, hand)
    asked: dict[Step, datetime] = {}
    for one in course.story:
        if one.event == "claim.ask_opinion":
            asked[Step.OPINION] = one.at
        elif one.event == "claim.ask_papers" or (one.event == "claim.judge_paper" and one.verdict in REFUSALS):
            asked.setdefault(Step.PAPERS, one.at)
        elif one.event == "claim.give_opinion" and Step.OPINION in asked:
            yield _step(Step.OPINION, asked.pop(Step.OPINION), one.at)
        elif one.event in _GIVEN and Step.PAPERS in asked:
            yield _step(Step.PAPERS, asked.pop(Step.PAPERS), one.at)
    for order in course.orders:
        moments = {one.event: one.at for one in order}
        if {"payment.open", "payment.visa"} <= moments.keys():
            yield _step(Step.VISA, moments["payment.open"], moments["payment.visa"])
        if {"payment.visa", "batch.send"} <= moments.keys():
            yield _step(Step.TRANSFER, moments["payment.visa"], moments["batch.send"])


def _step(step: Step, since: datetime, until: datetime) -> Share:
    hours = Decimal(max(0, (until - since).total_seconds())) / 3600
    bucket = next((most for most in HOURS if hours <= most), HOURS[-1])
    return Share(Measure.STEP, _day(until), step, bucket, hours.quantize(Decimal("0.01")))


def together(shares: Iterable[Share]) -> list[list[Any]]:
    """Put shares as a trace keeps them: the same ones counted together, in an order that never changes."""
    counts: Counter[tuple[str, date, str, int]] = Counter()
    totals: defaultdict[tuple[str, date, str, int], Decimal] = defaultdict(Decimal)
    for share in shares:
        sort = (str(share.measure), share.day, str(share.key), share.bucket)
        counts[sort] += 1
        totals[sort] += share.total
    return [[measure, f"{day:%F}", key, bucket, count, str(totals[measure, day, key, bucket])]
            for (measure, day, key, bucket), count in sorted(counts.items())]  # fmt: skip


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


@lru_cache(maxsize=100_000)
def _working_days(start: date, end: date) -> int:
    return max(0, deadlines.working_days_between(start, end))
