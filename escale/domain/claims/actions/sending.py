"""How a draft becomes a claim that the Fund holds: sent, scanned, then received or set aside."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims import completeness, estimates, exchange, queries
from escale.domain.claims.actions import clock
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Attachment, Bill, Claim, ClaimLine
from escale.domain.claims.models.papers import REFUSALS
from escale.domain.documents import queries as of_documents
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.rules import currency as currencies
from escale.rules import deadlines
from escale.rules.identity import folded
from escale.rules.lifecycle import StepRefused

LONGEST_FOLDED = 200

_WAITING = {DocumentStatus.QUARANTINED}
_UNUSABLE = {DocumentStatus.INFECTED, DocumentStatus.LOST}


class Incomplete(Exception):
    """The claim misses something that the Fund needs; `missing` says what, sentence by sentence, in French."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(missing)
        self.missing = missing


@transaction.atomic
def submit(*, claim: Claim, certified: bool, by: Actor) -> None:
    """
    Send the draft to the Fund; from now on it can no longer be changed.

    :raises Incomplete: if something is missing, or if what is declared is not certified.
    """
    claim.lock()
    missing = completeness.missing(claim)
    if not certified:
        missing.append(_("Certifiez l’exactitude de votre demande en cochant la case."))
    if missing and claim.status == Status.DRAFT:
        raise Incomplete(missing)
    lines = _keep_estimates(claim)
    now = timezone.now()
    claim.sent_at, claim.due_on = now, deadlines.due_on(timezone.localdate(now), territory=claim.territory)
    claim.cares, claim.euros = sorted({line.care for line in lines}), _in_euros(lines)
    claim.save(update_fields=["sent_at", "due_on", "cares", "euros"])
    claim.advance("submit", by=by, files=claim.attachments.count())


def _keep_estimates(claim: Claim) -> list[ClaimLine]:
    """Keep with each line what was told of it, to say afterwards why the sum is another; and whom to look for."""
    bills = list(queries.bills(claim))
    told, lines = estimates.of(claim, bills), [line for bill in bills for line in bill.lines.all()]
    for line in lines:
        line.estimate = told[line.pk].stored()
    ClaimLine.objects.bulk_update(lines, ["estimate"])
    for bill in bills:
        bill.folded_provider = folded(bill.provider)[:LONGEST_FOLDED]
    Bill.objects.bulk_update(bills, ["folded_provider"])
    return lines


def _in_euros(lines: list[ClaimLine]) -> Decimal | None:
    """Return what the lines cost in euros at the rates of the sending, nothing if one of them is missing."""
    chosen = exchange.choices(lines)
    quotes = [(line.amount, chosen[line.pk].quote) for line in lines]
    known = [currencies.euros(amount, quote) for amount, quote in quotes if quote]
    return sum(known, Decimal(0)) if len(known) == len(lines) else None


@transaction.atomic
def settle(*, claim: Claim) -> None:
    """
    Have a claim follow what became of its files: set it aside if one that counts is unusable, else receive it.

    What was decided stays decided, be it for a part, and a draft only says that it cannot be sent so.
    """
    claim.lock()
    if claim.status not in {Status.SENT, *WORKED_ON}:
        return
    papers = list(claim.attachments.current().select_related("document", "answers").order_by("pk"))
    if any(_spoils(paper) for paper in papers) and not claim.decisions.filter(annulled_at=None).exists():
        claim.advance("set_aside", by=SYSTEM)
    elif claim.status == Status.SENT and not any(paper.document.status in _WAITING for paper in papers):
        claim.advance("receive", by=SYSTEM)
    clock.keep_time(claim=claim, by=SYSTEM)  # a file that was waited for may have come to nothing


def _spoils(paper: Attachment) -> bool:
    """Tell whether a file sets its claim aside; what the Fund waited for, and was never clean, does not."""
    if paper.document.status not in _UNUSABLE:
        return False
    return not paper.came_later or of_documents.was_clean(paper.document)


@transaction.atomic
def start_again(*, claim: Claim, request_key: UUID, by: Actor) -> Claim:
    """
    Open a new draft with all that a claim set aside still holds: everything but the files found unusable or refused.

    The other files are those of both claims from now on: what was found clean is not scanned again.

    Asked again with the same key, the same draft is returned.

    :raises StepRefused: if the claim is not one that was set aside.
    """
    claim.lock()
    if claim.status != Status.UNUSABLE:
        raise StepRefused("Seule une demande non exploitable peut être reprise.")
    known = Claim.objects.filter(request_key=request_key, insured=claim.insured).first()
    if known:
        return known
    draft = Claim.open(
        by=by,
        number=queries.free_number(),
        request_key=request_key,
        insured=claim.insured,
        beneficiary=claim.beneficiary,
        territory=claim.territory,
        stay=claim.stay,
        stay_from=claim.stay_from,
        stay_until=claim.stay_until,
        opex=claim.opex,
        accident=claim.accident,
        choice=claim.choice,
        kept_from_family=claim.kept_from_family,
        copied_from=claim,
    )
    copies = {bill.pk: Bill(claim=draft, provider=bill.provider, currency=bill.currency, paid_on=bill.paid_on)
              for bill in claim.bills.order_by("pk")}  # fmt: skip
    Bill.objects.bulk_create(copies.values())
    ClaimLine.objects.bulk_create(
        ClaimLine(
            bill=copies[line.bill_id],
            given_on=line.given_on,
            care=line.care,
            amount=line.amount,
            paid_elsewhere=line.paid_elsewhere,
        )
        for line in ClaimLine.objects.filter(bill__claim=claim).order_by("pk")
    )
    sound = claim.attachments.current().exclude(document__status__in=_UNUSABLE).exclude(verdict__in=REFUSALS)
    Attachment.objects.bulk_create(
        Attachment(
            claim=draft,
            bill=copies.get(attachment.bill_id) if attachment.bill_id else None,
            document_id=attachment.document_id,
            paper=attachment.paper,
            medical=attachment.medical,
            kept_from_family=attachment.kept_from_family,
        )
        for attachment in sound.order_by("pk")
    )
    return draft
