"""What is asked of the claims."""

import secrets
from collections.abc import Iterable
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.claims import exchange, waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import (
    Attachment,
    Award,
    Bill,
    Claim,
    ClaimLine,
    Decision,
    MedicalOpinion,
    PaperVerdict,
)
from escale.domain.documents import queries as of_documents
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.registry.models import Link
from escale.rules import intake, scope
from escale.rules.currency import Quote
from escale.rules.identity import folded
from escale.rules.intake import Care, Paper
from escale.rules.refusal import Reason, reason


class Refusal(NamedTuple):
    """Why lines are refused: the coded reason, and what the agent says of it."""

    reason: Reason
    words: str


LATEST = 5  # « Vous pouvez consulter vos 5 dernières demandes de remboursement. »
_SYMBOLS = "ACDEFGHJKLMNPQRTUVWXY34679"


def latest(*, actor: Actor) -> QuerySet[Claim]:
    """Return the latest claims that this person may follow; `awaited` says that a paper of it is to be sent."""
    return Claim.objects.visible_to(actor).with_people().annotate(awaited=waiting.AWAITED).newest_first()[:LATEST]


def search(text: str, *, actor: Actor) -> QuerySet[Claim]:
    """Return one's claims whose number, country or beneficiary holds this text; all of them for no text."""
    claims = Claim.objects.visible_to(actor).with_people().annotate(awaited=waiting.AWAITED).newest_first()
    if not text.strip():
        return claims
    places = [place.code for place in scope.search(text, on=timezone.localdate())]
    words = folded(text).upper().replace(" ", "")
    return claims.filter(
        Q(number__contains=f"{words[:5]}-{words[5:]}" if len(words) > 5 else words)
        | Q(territory__in=places)
        | Q(beneficiary__first_names__icontains=text.strip())
    )


def free_number() -> str:
    """Draw a number that tells nothing and is easy to dictate: two groups of five, no look-alike signs."""
    while True:
        signs = "".join(secrets.choice(_SYMBOLS) for _ in range(10))
        number = f"{signs[:5]}-{signs[5:]}"
        if not Claim.objects.filter(number=number).exists():
            return number


def place(claim: Claim, *, on: date | None = None) -> scope.Territory:
    """Return the territory of a claim as it was on a day, else when the stay began."""
    return scope.territory(claim.territory, on=on or claim.stay_from)


def is_unplaced(claim: Claim) -> bool:
    """Tell whether a claim was sent without saying where care was given: an agent is to find it before any sum."""
    return place(claim).zone is scope.Zone.UNKNOWN


def as_sent(claim: Claim, *, story: Iterable[Entry]) -> Claim:
    """Return a claim with the stay that the insured person told, which its story keeps if an agent corrected it."""
    settled = next((entry for entry in story if entry.event == "claim.settle_stay"), None)
    if settled is None:
        return claim
    told = copy(claim)
    told.territory, told.stay, first, after, *said = settled.facts["before"]
    told.stay_from, told.stay_until = date.fromisoformat(first), date.fromisoformat(after) if after else None
    told.opex, told.accident = "opex" in said, "accident" in said
    return told


def bills(claim: Claim) -> QuerySet[Bill]:
    """Return the bills with their lines and files, in the order in which they were typed (3 queries)."""
    return (
        claim.bills.order_by("pk")
        .select_related("claim")
        .prefetch_related(
            Prefetch("lines", ClaimLine.objects.order_by("pk")),
            Prefetch("attachments", Attachment.objects.select_related("document").order_by("pk")),
        )
    )


def lines(claim: Claim) -> QuerySet[ClaimLine]:
    """Return the lines of a claim as they were typed, with their bills and what was `ordered` for them (1 query)."""
    awards = Award.objects.standing().filter(line=OuterRef("pk")).order_by().values("line")
    said = {"ordered": Coalesce(Subquery(awards.annotate(sum=Sum("amount")).values("sum")), Decimal(0))}
    return (
        ClaimLine.objects.filter(bill__claim=claim)
        .annotate(**said)
        .select_related("bill__claim__insured", "bill__claim__beneficiary", "decision")
        .order_by("bill_id", "pk")
    )


def to_order(lines: Iterable[ClaimLine]) -> Decimal:
    """Add up what a decision on `lines` of a claim would order: what is due, less what was ordered before."""
    return sum((line.due - line.ordered for line in lines if line.due is not None), Decimal(0))


def attachments(claim: Claim, *, actor: Actor) -> QuerySet[Attachment]:
    """Return the current papers of a claim whose content this actor may look at."""
    seen = Attachment.objects.visible_to(actor).filter(claim=claim).current()
    return seen.select_related("document", "bill").order_by("pk")


def all_papers(claim: Claim, *, actor: Actor) -> QuerySet[Attachment]:
    """
    Return all that was joined to a claim, with the images of the pages.

    `seen` says whether this actor may look at it; `awaited`, whether another is asked for in its place.
    """
    seen, awaited = Attachment.objects.visible_to(actor), Attachment.objects.to_replace()
    return (
        claim.attachments.select_related("document", "bill", "judged_by", "replacement", "answers")
        .annotate(
            seen=Exists(seen.filter(pk=OuterRef("pk"))),
            awaited=Exists(awaited.filter(pk=OuterRef("pk"))),
        )
        .annotate(pages=of_documents.PAGES)
        .prefetch_related(Prefetch("document__findings", of_documents.proposed()))
        .order_by("pk")
    )


def papers(claim: Claim, *, cares: Iterable[str] | None = None) -> tuple[Paper, ...]:
    """Return the papers that this claim must or may hold; its kinds of care are looked for unless given."""
    if cares is None:
        cares = ClaimLine.objects.filter(bill__claim=claim).values_list("care", flat=True)
    return intake.papers(
        zone=place(claim).zone,
        stay=scope.Stay(claim.stay),
        cares={Care(care) for care in cares},
        on=papers_on(claim),
        category=_category(claim),
        opex=claim.opex,
        accident=claim.accident,
    )


def papers_on(claim: Claim) -> date:
    """Return the day by which the papers of a claim are known: that of its sending, today for a draft."""
    return timezone.localdate(claim.sent_at) if claim.sent_at else timezone.localdate()


def paper_labels(claim: Claim, *, needed: tuple[Paper, ...] | None = None) -> dict[str, str]:
    """Return the name of each paper by its code, as a claim calls it; its papers are looked for unless given."""
    known = (*intake.catalogue(on=papers_on(claim)), *(papers(claim) if needed is None else needed))
    return {paper.code: paper.label for paper in known}


def _category(claim: Claim) -> scope.Category:
    return cared_for(link=claim.beneficiary.link, category=claim.insured.category)


def cared_for(*, link: str, category: str) -> scope.Category:
    """Return as whom the law looks at a beneficiary: a member of the family, else what the insured person is."""
    return scope.Category(category) if link == Link.SELF else scope.Category.DEPENDANT


def competence(claim: Claim, *, on: date | None = None, cause: scope.Cause | None = None) -> scope.Scope:
    """Return the rules that apply to a claim for care of a day, else of the first day of the stay, and of a cause."""
    return scope.scope(
        territory=place(claim, on=on),
        stay=scope.Stay(claim.stay),
        stay_from=claim.stay_from,
        stay_until=claim.stay_until,
        category=_category(claim),
        opex=claim.opex,
        cause=cause,
        given_on=on,
    )


def law_of(line: ClaimLine) -> tuple[scope.Scope, bool]:
    """
    Return the rules that apply to a line, and whether it was in Europe: the law is read on the day of the care.

    A claim that was received stays with the Fund for a day on which a corrected law would send it to another.
    """
    claim = line.bill.claim
    try:
        on, competent = line.given_on, competence(claim, on=line.given_on)
    except LookupError:  # a country that has come or gone during the stay
        on, competent = claim.stay_from, competence(claim)
    return competent if competent.rule_set else competence(claim), place(claim, on=on).zone.european


def quote(line: ClaimLine) -> Quote | None:
    """Return the rate of a line's currency on the day when the bill was paid, else on the day of care, if any."""
    return exchange.choices([line])[line.pk].quote


def joined(claim: Claim) -> list[Attachment]:
    """Return the papers joined that no other replaces, in the order in which they came (1 query)."""
    return list(claim.attachments.current().select_related("document", "bill", "answers").order_by("pk"))


def all_files(claim: Claim) -> list[Attachment]:
    """
    Return all the files of a claim, those that another replaced too, in the order in which they came (1 query).

    `awaited` says whether the insured person is to send another in the place of one.
    """
    files = claim.attachments.annotate(awaited=Exists(Attachment.objects.to_replace().filter(pk=OuterRef("pk"))))
    return list(files.select_related("document", "bill", "answers").order_by("pk"))


def provided(claim: Claim) -> set[str]:
    """Return the codes of the papers that were joined."""
    return set(claim.attachments.current().values_list("paper", flat=True))


def timeline(claim: Claim) -> QuerySet[Entry]:
    """Return what happened to a claim since it was sent; a paper accepted at once is no news."""
    told = journal.of(name_of(claim)).exclude(event__in=["claim.open", "claim.change", "claim.assess"])
    return told.exclude(event="claim.judge_paper", facts__verdict=PaperVerdict.ACCEPTED, facts__before="")


def of_family(claim: Claim, *, actor: Actor) -> QuerySet[Claim]:
    """Return the other claims of a family that this actor may see, latest first."""
    whose = Q(insured=claim.insured_id)
    if claim.beneficiary.person_id:
        whose |= Q(beneficiary__person=claim.beneficiary.person_id) | Q(insured=claim.beneficiary.person_id)
    others = Claim.objects.visible_to(actor).filter(whose).exclude(pk=claim.pk)
    return others.select_related("beneficiary").newest_first()


def opinions(claim: Claim) -> QuerySet[MedicalOpinion]:
    """Return the medical opinions asked on a claim, oldest first; never their notes."""
    return claim.opinions.select_related("asked_by", "given_by").order_by("pk")


def stock(*, actor: Actor) -> dict[str, Any]:
    """Return how many claims stand at each status that the Fund works on, and how many are late."""
    working = Claim.objects.within_reach_of(actor).filter(status__in=[Status.IN_PROGRESS, Status.MEDICAL_OPINION])
    counted: dict[str, Any] = working.aggregate(
        in_progress=Count("pk", filter=Q(status=Status.IN_PROGRESS)),
        medical_opinion=Count("pk", filter=Q(status=Status.MEDICAL_OPINION)),
        late=Count("pk", filter=Q(due_on__lt=timezone.localdate())),
    )
    return counted


def decision(claim: Claim) -> Decision | None:
    """Return the last decision on a claim, taken, annulled since, or waiting for a second look; None before any."""
    return claim.decisions.with_money().last()


def answer(claim: Claim) -> Decision | None:
    """Return the last answer of the Fund to a claim, if there is one; asked of what `with_decisions` brought."""
    return next((one for one in reversed(claim.decisions.all()) if one.stands), None)


def refusals(lines: Iterable[ClaimLine], *, rule_set: scope.RuleSet | None = None) -> list[Refusal]:
    """Return why lines are refused: each reason, with its articles under these rules, and each sentence once."""
    refused = [line for line in lines if line.refused]
    said = {(line.reason_code, line.reason): line.counted_on or timezone.localdate() for line in refused}
    return [Refusal(reason(code, on=on, rule_set=rule_set), words) for (code, words), on in said.items()]


def going_on(account: Account) -> QuerySet[Claim]:
    """Return the claims of an account's owner to which something is still to come: an answer, or the money."""
    unpaid = Decision.objects.standing().filter(claim=OuterRef("pk"), order__isnull=False)
    paid = Q(status=Status.PROCESSED) & ~Exists(unpaid.exclude(order__status=OrderStatus.EXECUTED))
    over = [Status.DRAFT, Status.REFUSED, Status.UNUSABLE]
    return Claim.objects.filter(insured__account=account).exclude(status__in=over).exclude(paid).order_by("pk")
