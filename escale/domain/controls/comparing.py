"""What the bills of a claim are compared with: the same pages, the same lines, whoever sent them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, Count, Exists, F, Func, OuterRef, Q, QuerySet

from escale.domain.claims import exchange, queries
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Attachment, Claim, ClaimLine
from escale.domain.controls.models import Likeness, LineTrace
from escale.domain.registry.models import Beneficiary
from escale.gateways import likeness
from escale.rules import currency as currencies
from escale.rules import doubles, parameters
from escale.rules.doubles import Care, Sign
from escale.rules.identity import folded
from escale.rules.scope import Stay, Zone

STANDING = sorted({*WORKED_ON, Status.PROCESSED})
"""A claim refused or set aside may be sent again: nothing was paid for it."""
PROOFS = ["bill"]
"""What one sends but once; an order of mission or a prescription serves for several claims."""
_MOST = 500
_FARTHEST = 14  # of 64 bits
_NEAREST = 50
_LEAST_ALIKE = 0.75
_NOWHERE = {Zone.SEA, Zone.UNKNOWN}


class Alike(NamedTuple):
    """A paper of another claim that looks like one of this claim."""

    paper: Attachment
    other: Attachment
    sign: Sign


def proofs(claim: Claim) -> list[Attachment]:
    """Return the bills of a claim that physicians alone do not keep, oldest first."""
    current = claim.attachments.current().filter(paper__in=PROOFS, medical=False)
    return list(current.select_related("document").order_by("pk"))


def same_bytes(papers: list[Attachment], *, claim: Claim) -> Iterator[Alike]:
    """Give the papers of other claims that are these files, byte for byte (1 query)."""
    by_bytes = {paper.document.sha256: paper for paper in papers}
    for other in _elsewhere(claim).filter(document__sha256__in=list(by_bytes)):
        yield Alike(by_bytes[other.document.sha256], other, doubles.same_bytes())


def same_picture(papers: list[Attachment], *, claim: Claim) -> Iterator[Alike]:
    """Give the papers of other claims of which a page looks like a page of these, though their bytes differ."""
    by_document = {paper.document_id: paper for paper in papers}
    for page in Likeness.objects.filter(document__in=list(by_document)).order_by("pk"):
        near = {one.document_id: one for one in reversed(list(nearest(page, claim=claim)))}
        paper = by_document[page.document_id]
        for other in _elsewhere(claim).filter(document__in=list(near)).exclude(document__sha256=paper.document.sha256):
            alike = likeness.resemblance(bytes(page.grain), bytes(near[other.document_id].grain))
            if alike >= _LEAST_ALIKE:
                yield Alike(paper, other, doubles.same_picture(alike))


def nearest(page: Likeness, *, claim: Claim) -> QuerySet[Likeness]:
    """
    Return the pages of bills of other claims that look most like this one, of millions, the nearest first.

    One of four quarters differs by one bit at most wherever seven bits of 64 do: each has its index.
    """
    near = Q()
    for rank in (1, 2, 3, 4):
        near |= Q(**{f"band_{rank}__in": likeness.neighbours(getattr(page, f"band_{rank}"))})
    apart = Func(
        F("bits").bitxor(page.bits), template="bit_count((%(expressions)s)::bit(64))", output_field=BigIntegerField()
    )
    others = Likeness.objects.filter(near).exclude(document=page.document_id)
    others = others.filter(Exists(_elsewhere(claim).order_by().filter(document=OuterRef("document"))))
    return others.annotate(apart=apart).filter(apart__lte=_FARTHEST).order_by("apart", "pk")[:_NEAREST]


def _elsewhere(claim: Claim) -> QuerySet[Attachment]:
    """Return the bills of other claims that stand, those from which this one was taken up again aside."""
    others = Attachment.objects.current().filter(paper__in=PROOFS, medical=False, claim__status__in=STANDING)
    copies = Q(claim=claim.copied_from_id or 0) | Q(claim__copied_from=claim)
    return others.exclude(claim=claim).exclude(copies).select_related("document", "claim").order_by("pk")


def cares(lines: list[ClaimLine], *, families: dict[int, int]) -> list[Care]:
    """Return lines as they are compared, with their amounts in euros where a rate is known (1 query)."""
    rates = exchange.choices(lines)
    return [_care(line, rates[line.pk].quote, families) for line in lines]


def _care(line: ClaimLine, quote: currencies.Quote | None, families: dict[int, int]) -> Care:
    claim = line.bill.claim
    one = claim.beneficiary
    try:
        place = queries.place(claim, on=line.given_on)
    except LookupError:
        place = queries.place(claim)
    return Care(
        line=line.pk,
        claim=claim.pk,
        family=families.get(claim.insured_id, claim.insured_id),
        cared_for=f"{one.born_on} {folded(one.first_names)}",
        provider=doubles.provider(line.bill.provider)[:150],
        given_on=line.given_on,
        amount=line.amount,
        currency=line.bill.currency,
        euros=currencies.euros(line.amount, quote) if quote else None,
        territory="" if place.zone in _NOWHERE else claim.territory,
    )


def family(claim: Claim) -> dict[int, int]:
    """Return by which key the household of a claim is known: all those who answer for one another (2 queries)."""
    answering = Beneficiary.objects.filter(person=claim.insured_id).values_list("insured", flat=True)
    answered = Beneficiary.objects.filter(insured=claim.insured_id, person__isnull=False)
    known = {claim.insured_id, *answering, *answered.values_list("person", flat=True)}
    return dict.fromkeys(filter(None, known), claim.insured_id)


def candidates(mine: Iterable[Care], *, families: dict[int, int], claim: Claim) -> list[Care]:
    """
    Return the lines of other claims of these providers or of this family on these days (4 queries).

    At most 500 of the family, and as many of all others: a provider that everybody goes to hides none of the family's.
    """
    of_family, of_provider = Q(), Q()
    for provider, on in {(one.provider, one.given_on) for one in mine}:
        days = [on + timedelta(days=apart) for apart in (-1, 0, 1)]
        of_family |= Q(insured__in=list(families), given_on__in=days)
        of_provider |= Q(provider=provider, given_on__in=days)
    if not of_family:
        return []
    found = LineTrace.objects.filter(claim__status__in=STANDING).exclude(claim=claim)
    found = found.exclude(claim=claim.copied_from_id or 0).exclude(claim__copied_from=claim).order_by("-pk")
    near = (found.filter(one).values_list("line", flat=True)[:_MOST] for one in (of_family, of_provider))
    chosen = {line for lines in near for line in lines}
    lines = ClaimLine.objects.filter(pk__in=chosen).select_related("bill__claim__beneficiary")
    return cares(list(lines.order_by("pk")), families=families)


def people_of(provider: str, *, on: date) -> tuple[int, int]:
    """Return how many insured persons a provider treated in the days before this one, and how many days (1 query)."""
    days = int(parameters.value("double_crowd_days", on=on))
    seen = LineTrace.objects.filter(provider=provider, given_on__gt=on - timedelta(days=days), given_on__lte=on)
    return seen.aggregate(people=Count("insured", distinct=True))["people"], days


def postings(claim: Claim) -> list[tuple[str, date, date | None]]:
    """Return where the insured person was posted, if it is they who were cared for during a posting (1 query)."""
    if claim.stay != Stay.POSTING or claim.beneficiary.link != "self":
        return []
    periods = claim.insured.postings.order_by("pk")
    return list(periods.values_list("territory", "valid_from", "valid_until"))
