"""How a claim is looked at beside all the others, and what somebody says of what was seen."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim, ClaimLine
from escale.domain.controls import comparing, queries
from escale.domain.controls.lifecycle import SignalStatus
from escale.domain.controls.models import Glance, Likeness, LineTrace, Signal
from escale.domain.documents import queries as documents
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.gateways import likeness, retouching, vault
from escale.rules import doubles
from escale.rules.doubles import Care, Sign, Weight

_LOCK = 0x51614E5
_FIRST = {Weight.STRONG: 0, Weight.MEDIUM: 1, Weight.WEAK: 2}
_STEP = {SignalStatus.CONFIRMED: "confirm", SignalStatus.HARMLESS: "clear", SignalStatus.UNCLEAR: "leave"}


class _Seen(NamedTuple):
    """A sign, what it is known by among those of its kind, and what it is about."""

    sign: Sign
    key: str
    other: int | None = None
    papers: tuple[Attachment | None, Attachment | None] = (None, None)


def examine(*, document: Document) -> bool:
    """
    Look into a clean file once: what its pages look like, and what editors left in it; tell whether it was done now.

    What only physicians open is left closed.

    :raises OSError, vault.Unavailable: when the store does not answer.
    """
    if document.status != DocumentStatus.CLEAN or Glance.objects.filter(document=document).exists():
        return False
    try:
        if documents.vault().is_medical(document.key):
            return False
        traces = retouching.traces(documents.vault().chunks(document.key), kind=document.media_type)
        pages = [(page, likeness.of(documents.content(page))) for page in document.pages.order_by("number")]
    except (vault.Missing, vault.Altered, vault.NoKey):  # whoever verifies the files will say so
        return False
    with transaction.atomic():
        _glance, is_new = Glance.objects.get_or_create(document=document, defaults={"traces": sorted(traces)})
        if is_new:
            Likeness.objects.bulk_create(_row(page, seen) for page, seen in pages if seen)
    return is_new


def _row(page: Any, seen: likeness.Likeness) -> Likeness:
    bands = {f"band_{rank}": band for rank, band in enumerate(seen.bands, start=1)}
    return Likeness(page=page, document_id=page.document_id, bits=seen.bits, grain=seen.grain, **bands)


def look(*, claim: Claim) -> int:
    """
    Compare a claim that the Fund has with all the others, and return how many signs are new; done twice, it adds none.

    :raises OSError, vault.Unavailable: when the store does not answer.
    """
    for paper in comparing.proofs(claim):
        examine(document=paper.document)
    return look_again(claim=claim)


def look_again(*, claim: Claim) -> int:
    """
    Compare a claim with what came since, without opening a file, and return how many signs are new.

    Its traces are committed first: of two doubles that come together, one at least finds those of the other.
    """
    up_to = queries.last_change(claim)
    families = comparing.family(claim)
    mine = _leave_traces(claim, families)
    if mine is None:
        return 0
    every = _strongest((*_of_papers(comparing.proofs(claim), claim), *_of_lines(mine, claim, families)))
    with transaction.atomic():
        with connection.cursor() as cursor:  # the signs of a pair are written one claim after the other
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        raised = sum(_raise(seen, claim=claim) for seen in every)
        LineTrace.objects.filter(claim=claim, compared_up_to__lt=up_to).update(compared_up_to=up_to)
    return raised


@transaction.atomic
def _leave_traces(claim: Claim, families: dict[int, int]) -> list[Care] | None:
    """Write what the lines of a claim are recognised by, and return them; None if the Fund has it not."""
    claim.lock()
    if claim.status in {Status.DRAFT, Status.SENT, Status.UNUSABLE}:
        return None
    lines = ClaimLine.objects.filter(bill__claim=claim).select_related("bill__claim__beneficiary").order_by("pk")
    mine = comparing.cares(list(lines), families=families)
    LineTrace.objects.bulk_create(
        (
            LineTrace(
                line_id=one.line, claim=claim, insured_id=claim.insured_id, provider=one.provider,
                given_on=one.given_on, euros=one.euros,
            )
            for one in mine
        ),
        update_conflicts=True,
        unique_fields=["line"],
        update_fields=["provider", "given_on", "euros"],
    )  # fmt: skip
    return mine


def _of_lines(mine: list[Care], claim: Claim, families: dict[int, int]) -> Iterator[_Seen]:
    others = comparing.candidates(mine, families=families, claim=claim)
    postings = comparing.postings(claim)
    for one in mine:
        there = [place for place, start, end in postings if start <= one.given_on and (not end or one.given_on < end)]
        yield from _of_line(one, [*others, *mine], there)
    for provider in sorted({one.provider for one in mine}):
        on = max(one.given_on for one in mine if one.provider == provider)
        people, days = comparing.people_of(provider, on=on)
        if sign := doubles.crowd(people=people, days=days, on=on):
            yield _Seen(sign, provider[:80])


def _of_papers(papers: list[Attachment], claim: Claim) -> Iterator[_Seen]:
    glances = Glance.objects.filter(document__in=[paper.document_id for paper in papers])
    traces = dict(glances.values_list("document", "traces"))
    for paper in papers:
        if sign := doubles.altered(traces.get(paper.document_id, ())):
            yield _Seen(sign, f"{paper.document_id}", papers=(paper, None))
    for alike in (*comparing.same_bytes(papers, claim=claim), *comparing.same_picture(papers, claim=claim)):
        yield _Seen(alike.sign, f"{alike.other.claim_id}", alike.other.claim_id, (alike.paper, alike.other))


def _of_line(one: Care, others: Iterable[Care], postings: list[str]) -> Iterator[_Seen]:
    for other in others:
        for sign in (doubles.bill(one, other), doubles.travel(one, other)):
            if sign and (other.claim != one.claim or other.line < one.line):
                own = other.claim == one.claim
                yield _Seen(sign, f"{other.claim}", None if own else other.claim)
    for sign in (doubles.posted(one, postings), doubles.round_amount(one)):
        if sign:
            yield _Seen(sign, str(one.given_on) if sign.kind is doubles.Kind.POSTED else f"{one.line}")


def _strongest(every: Iterable[_Seen]) -> list[_Seen]:
    """Keep one sign for each kind and each thing: the strongest, the first where several are."""
    kept: dict[tuple[str, str], _Seen] = {}
    for seen in sorted(every, key=lambda one: _FIRST[one.sign.weight]):
        kept.setdefault((seen.sign.kind, seen.key), seen)
    return list(kept.values())


def _raise(seen: _Seen, *, claim: Claim) -> bool:
    """Write a sign, unless it was written of this claim, or of the other one."""
    known = Signal.objects.filter(claim=claim, kind=seen.sign.kind, key=seen.key)
    mirror = Signal.objects.filter(claim=seen.other or 0, kind=seen.sign.kind, other=claim)
    if known.exists() or mirror.exists():
        return False
    Signal.open(
        by=SYSTEM,
        claim=claim,
        kind=seen.sign.kind.value,
        weight=seen.sign.weight.value,
        key=seen.key,
        other_id=seen.other,
        paper=seen.papers[0],
        other_paper=seen.papers[1],
        facts=dict(seen.sign.facts),
    )
    return True


@transaction.atomic
def settle(*, signal: Signal, outcome: SignalStatus, note: str = "", by: Actor) -> None:
    """
    Say what a sign was worth, with what was found; the claim goes on as it would.

    :raises StepRefused: if somebody said it before, or if the claim is one's own or of somebody close.
    """
    signal.lock()
    signal.settled_by, signal.settled_at, signal.note = by.signatory, timezone.now(), note.strip()[:300]
    signal.save(update_fields=["settled_by", "settled_at", "note"])
    signal.advance(_STEP[outcome], by=by, kind=signal.kind)


@transaction.atomic
def review(*, signal: Signal, by: Actor) -> None:
    """
    Have a sign looked at again.

    :raises StepRefused: if nobody has looked at it yet.
    """
    signal.advance("review", by=by, kind=signal.kind)


@transaction.atomic
def forget_signal(*, signal: Signal) -> None:
    """Delete a sign that has had its time."""
    signal.advance("forget", by=SYSTEM)


def forget_traces(*, before: date, most: int) -> int:
    """Delete some of the traces of care given before this day, and return how many."""
    old = LineTrace.objects.filter(given_on__lt=before).order_by("given_on", "pk")[:most]
    return LineTrace.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
