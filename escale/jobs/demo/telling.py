"""How a claim of the story goes its way: typed, sent with its papers, received, computed, decided."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.actions import Assessment
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Bill, Claim, ClaimLine, PaperVerdict
from escale.domain.documents import actions as documents
from escale.domain.registry.models import Link
from escale.gateways import antivirus
from escale.jobs.demo import papers, people
from escale.jobs.demo.people import Player
from escale.rules.currency import currencies
from escale.rules.intake import Care, Paper
from escale.rules.scope import Stay


@dataclass(frozen=True)
class Told:
    """A bill as the story tells it: who, in which currency, how many days ago, then each care and its price."""

    provider: str
    currency: str
    days_ago: int
    lines: Sequence[tuple[Care, str]]


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def draft(
    player: Player, territory: str, stay: Stay, began: int, *, stayed: int | None = None, whose: Link = Link.SELF,
    bill: Told,
) -> Claim:  # fmt: skip
    """Type a claim: it began so many days ago, and lasted so many, or goes on."""
    insured, by = people.insured(player), people.actor(player)
    claim = claims.start(
        insured=insured,
        territory=territory,
        stay=stay,
        stay_from=days_ago(began),
        stay_until=days_ago(began - stayed) if stayed else None,
        request_key=uuid4(),
        by=by,
    )
    claims.choose_beneficiary(claim=claim, beneficiary=insured.beneficiaries.get(link=whose), by=by)
    on = days_ago(bill.days_ago)
    typed = claims.add_bill(
        claim=claim, provider=bill.provider, currency=bill.currency, paid_on=on, request_key=uuid4(), by=by
    )
    for care, price in bill.lines:
        claims.add_line(
            bill=typed,
            given_on=on,
            care=care,
            amount=Decimal(price),
            paid_elsewhere=Decimal(0),
            request_key=uuid4(),
            by=by,
        )
    return claim


def sent(claim: Claim) -> Claim:
    """Join every mandatory paper, then send."""
    by = Actor(people.CAMILLE.roles[0], claim.insured.account)
    for number, (paper, bill) in enumerate(_needed(claim), start=1):
        if bill:
            file = papers.scan(invoice(bill), f"facture-{number}")
        else:
            file = papers.photograph(certificate(claim, paper.label), f"IMG_20{number:02d}")
        join(claim, file, paper.code, bill, by)
    claims.submit(claim=claim, certified=True, by=by)
    return claim


def _needed(claim: Claim) -> Iterator[tuple[Paper, Bill | None]]:
    provided = queries.provided(claim)
    for paper in queries.papers(claim):
        if paper.code in provided:
            continue
        if paper.mandatory and paper.per_bill:
            yield from ((paper, bill) for bill in queries.bills(claim))
        elif paper.mandatory:
            yield paper, None


def join(claim: Claim, file: papers.Paper, code: str, bill: Bill | None, by: Actor, *, appeal: str = "") -> None:
    claims.attach(
        claim=claim,
        bill=bill,
        paper=code,
        medical=False,
        content=io.BytesIO(file.content),
        name=file.name,
        declared_type=file.media_type,
        size=len(file.content),
        appeal=appeal,
        by=by,
    )


def invoice(bill: Bill) -> papers.Sheet:
    lines = list(bill.lines.all())
    return papers.Sheet(
        head=bill.provider,
        title="FACTURE ACQUITTÉE",
        person=_whose(bill.claim),
        rows=[
            *(
                (f"{line.given_on:%d/%m/%Y}  {line.get_care_display()}", papers.amount(line.amount, bill.currency))
                for line in lines
            ),
            ("Total payé", papers.amount(sum((line.amount for line in lines), Decimal(0)), bill.currency)),
        ],
        foot=f"Payé le {bill.paid_on:%d/%m/%Y} – {dict(currencies(bill.paid_on)).get(bill.currency, '')}",
    )


def certificate(claim: Claim, label: str) -> papers.Sheet:
    rows = [("Lieu", queries.place(claim).name), ("Séjour depuis le", f"{claim.stay_from:%d/%m/%Y}")]
    return papers.Sheet(head="Organisme fictif", title=label, person=_whose(claim), rows=rows)


def _whose(claim: Claim) -> str:
    return f"{claim.beneficiary}, né(e) le {claim.beneficiary.born_on:%d/%m/%Y}"


def received(claim: Claim) -> bool:
    """Have the files scanned at once; tell whether the Fund has the claim in hand."""
    try:
        for attachment in claim.attachments.select_related("document").order_by("pk"):
            documents.scan(document=attachment.document)
    except antivirus.Unavailable:
        return False
    claims.settle(claim=claim)
    claim.refresh_from_db()
    return claim.status == Status.IN_PROGRESS


def assess(claim: Claim, *retained: Assessment) -> None:
    lines = ClaimLine.objects.filter(bill__claim=claim).order_by("pk")
    for line, one in zip(lines, retained, strict=False):
        claims.assess(line=line, retained=one, by=people.actor(people.AGENT))


def decide(claim: Claim) -> None:
    """Decide a claim; what is drawn by lot to be read again is, by another agent."""
    decision = claims.decide(claim=claim, by=people.actor(people.AGENT))
    if decision.waits:
        claims.second(decision=decision, by=people.actor(people.ANDREA, hat=Role.AGENT))


def find_unreadable(claim: Claim, paper: str) -> None:
    claims.judge(
        attachment=claim.attachments.get(paper=paper),
        verdict=PaperVerdict.UNREADABLE,
        words="La photographie est floue. Posez le papier à plat, en pleine lumière, et photographiez-le à nouveau.",
        by=people.actor(people.AGENT),
    )


def ask(claim: Claim, question: str) -> None:
    by = people.actor(people.AGENT)
    chosen = queries.attachments(claim, actor=by)
    claims.ask_opinion(claim=claim, question=question, attachments=chosen, by=by)
