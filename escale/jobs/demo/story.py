"""What happened before the visitor came: some claims of three families, each left at another point of its way."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.actions import Assessment
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Bill, Claim, ClaimLine, OpinionCode, Outcome, PaperVerdict
from escale.domain.documents import actions as documents
from escale.domain.enrolment import actions as enrolments
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.rates import actions as rates
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


@transaction.atomic
def tell(password: str) -> None:
    """Tell the whole story, or nothing of it; where no scanner answers, claims stay sent and their papers wait."""
    people.arrive(password)
    _camille()
    _dominique()
    _andrea()
    _charlie()


def _charlie() -> None:
    enrolment = enrolments.ask(**people.CHARLIE, request_key=uuid4(), place="demo")
    enrolments.confirm(enrolment=enrolment)


def _camille() -> None:
    safari = Told("Hôpital des Deux Lacs, Nairobi", "KES", 30, [(Care.GENERALIST, "6500"), (Care.PHARMACY, "4200")])
    paid = _sent(_draft(people.CAMILLE, "KE", Stay.HOLIDAY, 34, stayed=12, whose=Link.SPOUSE, bill=safari))
    if _received(paid):
        _agree_on_a_rate()
        _assess(
            paid,
            Assessment(act="G"),
            Assessment(amount=Decimal("18.60"), reason="Prix français des mêmes médicaments"),
        )
        _decide(paid)
        payments.visa(orders=PaymentOrder.objects.filter(decision__claim=paid), by=people.actor(people.ACCOUNTANT))
        payments.prepare_batch(by=people.actor(people.ACCOUNTANT))

    clinic = Told("Clinique de l’Escale, Djibouti", "DJF", 12, [(Care.GENERALIST, "9000"), (Care.PHARMACY, "6450")])
    _received(_sent(_draft(people.CAMILLE, "DJ", Stay.POSTING, 400, bill=clinic)))

    laboratory = Told("Laboratoire de la Corniche, Djibouti", "DJF", 9, [(Care.BIOLOGY, "5200")])
    blurred = _draft(people.CAMILLE, "DJ", Stay.POSTING, 400, whose=Link.SPOUSE, bill=laboratory)
    moved = papers.photograph(_certificate(blurred, "Ordonnance"), "IMG_2009", blur=9)
    _join(blurred, moved, "prescription", None, people.actor(people.CAMILLE))
    if _received(_sent(blurred)):
        _find_unreadable(blurred, "prescription")

    dentist = Told("Cabinet dentaire du Héron, Djibouti", "DJF", 20, [(Care.ORTHODONTICS, "85000")])
    asked = _sent(_draft(people.CAMILLE, "DJ", Stay.POSTING, 400, whose=Link.CHILD, bill=dentist))
    if _received(asked):
        _ask(asked, "L’âge de l’enfant et le plan de traitement justifient-ils ces soins d’orthodontie ?")

    vaccines = Told("Centre de vaccination du Plateau, Djibouti", "DJF", 3, [(Care.VACCINE, "11300")])
    _draft(people.CAMILLE, "DJ", Stay.POSTING, 400, whose=Link.CHILD, bill=vaccines)


def _agree_on_a_rate() -> None:
    rate = rates.propose(
        currency="KES",
        units_per_eur=Decimal("149.60"),
        on=_days_ago(30),
        source="Central Bank of Kenya, cours indicatif",
        proof="Bulletin quotidien de la banque centrale, ligne EURO",
        by=people.actor(people.AGENT),
    )
    rates.confirm(rate=rate, by=people.actor(people.SUPERVISOR))


def _dominique() -> None:
    hospital = Told("Lakeside Specimen Hospital, Chicago", "USD", 41, [(Care.HOSPITAL, "8940.50")])
    advised = _sent(_draft(people.DOMINIQUE, "US", Stay.HOLIDAY, 45, stayed=15, bill=hospital))
    if _received(advised):
        _ask(advised, "Le caractère imprévu de l’hospitalisation est-il établi ?")
        claims.give_opinion(
            opinion=advised.opinions.get(),
            outcome=Outcome.FAVOURABLE,
            code=OpinionCode.UNFORESEEN,
            note="Note de démonstration, lue par les seuls médecins-conseils.",
            by=people.actor(people.PHYSICIAN),
        )

    island = Told("Cabinet du Lagon, Papeete", "XPF", 60, [(Care.GENERALIST, "4800")])
    ordered = _sent(_draft(people.DOMINIQUE, "PF", Stay.HOLIDAY, 70, stayed=21, whose=Link.SPOUSE, bill=island))
    if _received(ordered):
        _assess(ordered, Assessment(act="G"))
        _decide(ordered)

    lagoon = Told("Polyclinique de la Lagune, Abidjan", "XOF", 90, [(Care.SPECIALIST, "35000")])
    refused = _sent(_draft(people.DOMINIQUE, "CI", Stay.HOLIDAY, 95, stayed=10, bill=lagoon))
    if _received(refused):
        claims.refuse(
            claim=refused,
            reason_code="R11",
            explanation="La facture ne porte ni cachet ni preuve de paiement. Demandez un reçu à la polyclinique, "
            "puis envoyez une nouvelle demande.",
            by=people.actor(people.AGENT),
        )


def _andrea() -> None:
    student = Told("Centro Médico del Espécimen, Madrid", "EUR", 9, [(Care.GENERALIST, "65"), (Care.BIOLOGY, "48.20")])
    assessed = _sent(_draft(people.ANDREA, "ES", Stay.STUDIES, 75, whose=Link.ADULT_CHILD, bill=student))
    if _received(assessed):
        _assess(assessed, Assessment(act="G"))

    pharmacy = Told("Muster-Apotheke, Berlin", "EUR", 15, [(Care.PHARMACY, "37.90")])
    unusable = _draft(people.ANDREA, "DE", Stay.HOLIDAY, 18, stayed=6, bill=pharmacy)
    by = people.actor(people.ANDREA)
    bad = papers.infected(
        papers.scan(_certificate(unusable, "Carte européenne d’assurance maladie"), "carte-europeenne")
    )
    _join(unusable, bad, "european_card", None, by)
    _received(_sent(unusable))


def _days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _draft(
    player: Player, territory: str, stay: Stay, began: int, *, stayed: int | None = None, whose: Link = Link.SELF,
    bill: Told,
) -> Claim:  # fmt: skip
    """Type a claim: it began so many days ago, and lasted so many, or goes on."""
    insured, by = people.insured(player), people.actor(player)
    claim = claims.start(
        insured=insured,
        territory=territory,
        stay=stay,
        stay_from=_days_ago(began),
        stay_until=_days_ago(began - stayed) if stayed else None,
        request_key=uuid4(),
        by=by,
    )
    claims.choose_beneficiary(claim=claim, beneficiary=insured.beneficiaries.get(link=whose), by=by)
    on = _days_ago(bill.days_ago)
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


def _sent(claim: Claim) -> Claim:
    """Join every mandatory paper, then send."""
    by = Actor(people.CAMILLE.roles[0], claim.insured.account)
    for number, (paper, bill) in enumerate(_needed(claim), start=1):
        if bill:
            file = papers.scan(_invoice(bill), f"facture-{number}")
        else:
            file = papers.photograph(_certificate(claim, paper.label), f"IMG_20{number:02d}")
        _join(claim, file, paper.code, bill, by)
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


def _join(claim: Claim, file: papers.Paper, code: str, bill: Bill | None, by: Actor) -> None:
    claims.attach(
        claim=claim,
        bill=bill,
        paper=code,
        medical=False,
        content=io.BytesIO(file.content),
        name=file.name,
        declared_type=file.media_type,
        size=len(file.content),
        by=by,
    )


def _invoice(bill: Bill) -> papers.Sheet:
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


def _certificate(claim: Claim, label: str) -> papers.Sheet:
    rows = [("Lieu", queries.place(claim).name), ("Séjour depuis le", f"{claim.stay_from:%d/%m/%Y}")]
    return papers.Sheet(head="Organisme fictif", title=label, person=_whose(claim), rows=rows)


def _whose(claim: Claim) -> str:
    return f"{claim.beneficiary}, né(e) le {claim.beneficiary.born_on:%d/%m/%Y}"


def _received(claim: Claim) -> bool:
    """Have the files scanned at once; tell whether the Fund has the claim in hand."""
    try:
        for attachment in claim.attachments.select_related("document").order_by("pk"):
            documents.scan(document=attachment.document)
    except antivirus.Unavailable:
        return False
    claims.settle(claim=claim)
    claim.refresh_from_db()
    return claim.status == Status.IN_PROGRESS


def _assess(claim: Claim, *retained: Assessment) -> None:
    lines = ClaimLine.objects.filter(bill__claim=claim).order_by("pk")
    for line, one in zip(lines, retained, strict=False):
        claims.assess(line=line, retained=one, by=people.actor(people.AGENT))


def _decide(claim: Claim) -> None:
    """Decide a claim; what is drawn by lot to be read again is, by another agent."""
    decision = claims.decide(claim=claim, by=people.actor(people.AGENT))
    if decision.waits:
        claims.second(decision=decision, by=people.actor(people.ANDREA, hat=Role.AGENT))


def _find_unreadable(claim: Claim, paper: str) -> None:
    claims.judge(
        attachment=claim.attachments.get(paper=paper),
        verdict=PaperVerdict.UNREADABLE,
        words="La photographie est floue. Posez le papier à plat, en pleine lumière, et photographiez-le à nouveau.",
        by=people.actor(people.AGENT),
    )


def _ask(claim: Claim, question: str) -> None:
    by = people.actor(people.AGENT)
    chosen = queries.attachments(claim, actor=by)
    claims.ask_opinion(claim=claim, question=question, attachments=chosen, by=by)
