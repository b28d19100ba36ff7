"""People and cases, all fictitious; each state is reached by taking the real steps."""

import io
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import (
    Attachment,
    Bill,
    Claim,
    ClaimLine,
    DecisionLetter,
    Hold,
    HoldReason,
    MedicalOpinion,
    OpinionCode,
    Outcome,
    PaperVerdict,
)
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry.models import Basis, Beneficiary, Category, InsuredPerson, Link
from escale.rules.identity import folded
from escale.rules.intake import Care
from escale.rules.scope import Stay
from tests import factors
from tests.drawn import jpeg as jpeg
from tests.drawn import pdf as pdf
from tests.executed import executed as executed
from tests.executed import file_of as file_of
from tests.other_accounts import own_iban as own_iban
from tests.other_accounts import pay_on as pay_on

# in halves: scanners of code hosts remove any file that holds it whole
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
IBAN = "FR7630006000011234567890189"

_ranks = count(1)


def account(*roles: Role, password: str | None = None, name: str = "") -> Account:
    """An account that may wear these hats; nobody signs in to it unless a password is given."""
    rank = next(_ranks)
    email = f"compte-{rank}@exemple.invalid"
    made = Account.objects.create_account(email=email, password=password, name=name or f"Compte {rank}", roles=roles)
    if password and set(roles) - {Role.INSURED}:
        factors.protect(made)  # no hat of the Fund is put on without a second proof
    return made


def actor(role: Role, **traits: Any) -> Actor:
    """Somebody under this hat."""
    return Actor(role, account(role, **traits))


def agent() -> Actor:
    return actor(Role.AGENT)


def physician() -> Actor:
    return actor(Role.PHYSICIAN)


def accountant() -> Actor:
    return actor(Role.ACCOUNTANT)


def insured(*roles: Role, paid_on_iban: str | None = IBAN, password: str | None = None) -> InsuredPerson:
    """A soldier with an account, a spouse, a child, open rights, and a bank account unless told otherwise."""
    rank = next(_ranks)
    holder = account(Role.INSURED, *roles, password=password, name="Alix Exemple")
    person = InsuredPerson.objects.create(
        account=holder,
        nir=_nir(rank),
        birth_name="Exemple",
        first_names="Alix Noé",
        folded_name=folded("Exemple Alix Noé"),
        born_on=date(1985, 3, 12),
        category=Category.ACTIVE,
        basis=Basis.SERVICE,
    )
    for link, first_names, born_on in [
        (Link.SELF, "Alix Noé", person.born_on),
        (Link.SPOUSE, "Charlie", date(1986, 7, 1)),
        (Link.CHILD, "Zoé", date(2018, 5, 4)),
    ]:
        beneficiary = Beneficiary.objects.create(
            insured=person, link=link, last_name="Exemple", first_names=first_names, born_on=born_on,
            valid_from=born_on,
        )  # fmt: skip
        beneficiary.entitlements.create(valid_from=date(2020, 1, 1), opened_because="Affiliation")
    if paid_on_iban:
        pay_on(person, paid_on_iban, since=date(2020, 1, 1))
    return person


def _nir(rank: int) -> str:
    body = f"185038313{rank % 10_000:04d}"
    return f"{body}{97 - int(body) % 97:02d}"


def owner(claim: Claim) -> Actor:
    """The insured person whose claim it is, under that hat."""
    return Actor(Role.INSURED, claim.insured.account)


def draft(person: InsuredPerson | None = None, **traits: Any) -> Claim:
    """A claim just begun, for care received in Djibouti during a posting unless told otherwise."""
    person = person or insured()
    stay: dict[str, Any] = {
        "territory": "DJ",
        "stay": Stay.POSTING,
        "stay_from": date(2025, 9, 1),
        "stay_until": None,
        "request_key": uuid4(),
        "by": Actor(Role.INSURED, person.account),
    }
    return claims.start(insured=person, **stay | traits)


def bill(
    claim: Claim, *, currency: str = "USD", provider: str = "Clinique de l’Escale", by: Actor | None = None
) -> Bill:
    """A bill without a line."""
    typed: dict[str, Any] = {"provider": provider, "currency": currency, "paid_on": date(2026, 9, 1)}
    return claims.add_bill(claim=claim, request_key=uuid4(), by=by or owner(claim), **typed)


def line(bill: Bill, **traits: Any) -> ClaimLine:
    """A consultation on a bill, unless told otherwise."""
    consultation: dict[str, Any] = {
        "given_on": date(2026, 9, 1),
        "care": Care.GENERALIST,
        "amount": Decimal(50),
        "paid_elsewhere": Decimal(0),
        "request_key": uuid4(),
        "by": owner(bill.claim),
    }
    return claims.add_line(bill=bill, **consultation | traits)


def attachment(claim: Claim, *, paper: str = "bill", content: bytes | None = None, **traits: Any) -> Attachment:
    """A file joined to a draft: a PDF, unless its bytes or its name say otherwise."""
    content = pdf() if content is None else content
    file: dict[str, Any] = {"bill": None, "medical": False, "name": "facture.pdf", "declared_type": "application/pdf"}
    file["by"] = owner(claim)
    return claims.attach(claim=claim, paper=paper, content=io.BytesIO(content), size=len(content), **file | traits)


def photograph(claim: Claim, **traits: Any) -> Attachment:
    """A photograph joined to a draft."""
    file = {"content": jpeg(), "name": "IMG 0001.jpeg", "declared_type": "image/jpeg"}
    return attachment(claim, **file | traits)


def complete(person: InsuredPerson | None = None, **traits: Any) -> Claim:
    """A draft that misses nothing: one bill of one line, each mandatory paper, the last one a photograph."""
    claim = draft(person, **traits)
    line(bill(claim))
    mandatory = [paper.code for paper in queries.papers(claim) if paper.mandatory]
    for code in mandatory:
        attachment(claim, paper=code, bill=claim.bills.get() if code == "bill" else None)
    photograph(claim, paper="translation")
    return claim


def sent(person: InsuredPerson | None = None, *, claim: Claim | None = None) -> Claim:
    """A claim that was sent and that nobody scanned yet."""
    claim = claim or complete(person)
    claims.submit(claim=claim, certified=True, by=owner(claim))
    return claim


def infected(person: InsuredPerson | None = None) -> Claim:
    """A complete draft in which one file holds the test virus: a PDF that a careless reader would open."""
    claim = complete(person)
    attachment(claim, paper="translation", content=pdf() + b"\n%" + EICAR + b"\n%%EOF\n", name="recu.pdf")
    return claim


def scanned(claim: Claim) -> Claim:
    """The same claim once the scanner has seen its files, received or set aside."""
    for document in Document.objects.filter(attachments__claim=claim).order_by("pk"):
        documents.scan(document=document)
    claims.settle(claim=claim)
    claim.refresh_from_db()
    return claim


def received(person: InsuredPerson | None = None, *, claim: Claim | None = None) -> Claim:
    """A claim that waits for an agent (needs the `scanning` fixture)."""
    return scanned(sent(person, claim=claim))


def unusable(person: InsuredPerson | None = None) -> Claim:
    """A claim set aside because of a virus (needs `scanning`)."""
    return scanned(sent(claim=infected(person)))


def to_replace(
    claim: Claim | None = None, *, by: Actor | None = None, words: str = "Photographiez-la à nouveau."
) -> Attachment:
    """A paper that the agent cannot read: another is asked for (needs `scanning`)."""
    by = by or agent()
    paper = queries.attachments(claim or received(), actor=by)[0]
    claims.judge(attachment=paper, verdict=PaperVerdict.UNREADABLE, words=words, by=by)
    return paper


def replacement(of: Attachment, *, content: bytes | None = None, **traits: Any) -> Attachment:
    """Another file in the place of a refused paper, that nobody scanned yet."""
    return attachment(of.claim, paper=of.paper, content=content, name="autre.pdf", replaces=of, **traits)


def asked(claim: Claim | None = None, *, by: Actor | None = None) -> MedicalOpinion:
    """A question to the physicians, on the papers that the agent sees."""
    claim, by = claim or received(), by or agent()
    papers = queries.attachments(claim, actor=by)
    return claims.ask_opinion(claim=claim, question="Ces soins sont-ils justifiés ?", attachments=papers, by=by)


def answered(opinion: MedicalOpinion | None = None, *, by: Actor | None = None) -> MedicalOpinion:
    """A favourable opinion, with its note."""
    opinion = opinion or asked()
    claims.give_opinion(
        opinion=opinion, outcome=Outcome.FAVOURABLE, code=OpinionCode.JUSTIFIED, note="Rien à redire.",
        by=by or physician(),
    )  # fmt: skip
    return opinion


def assessed(claim: Claim | None = None, *, by: Actor | None = None) -> Claim:
    """A claim each line of which has its amount, for a general practitioner's consultation."""
    claim, by = claim or received(), by or agent()
    for one in ClaimLine.objects.filter(bill__claim=claim).order_by("pk"):
        claims.assess(line=one, retained=claims.Assessment(act="G"), by=by)
    return claim


def approved(claim: Claim | None = None, *, by: Actor | None = None) -> Claim:
    """A claim accepted, whose payment is ordered."""
    by = by or agent()
    claim = assessed(claim, by=by)
    claims.decide(claim=claim, by=by)
    return claim


def refused(claim: Claim | None = None, *, by: Actor | None = None, reason_code: str = "R01") -> Claim:
    """A claim refused for a reason."""
    claim = claim or received()
    claims.refuse(claim=claim, reason_code=reason_code, explanation="Voir la notice du service.", by=by or agent())
    return claim


def deposited(claim: Claim | None = None) -> DecisionLetter:
    """The letter of the last decision of a claim, in the account of the insured person."""
    letter = claims.deposit_letter(decision=(claim or refused()).decisions.latest("pk"))
    assert letter
    return letter


def held(claim: Claim | None = None, *, reason: HoldReason = HoldReason.APPEAL, by: Actor | None = None) -> Hold:
    """A claim whose papers are kept beyond their time."""
    return claims.hold(claim=claim or refused(), reason=reason, by=by or agent())


def ordered(claim: Claim | None = None) -> PaymentOrder:
    """An order that waits for its visa."""
    return PaymentOrder.objects.filter(decision__claim=claim or approved()).latest("pk")


def visaed(order: PaymentOrder | None = None, *, by: Actor | None = None) -> PaymentOrder:
    """An order with its visa, in no batch."""
    order = order or ordered()
    payments.visa(orders=[order], by=by or accountant())
    return order


def batch(*orders: PaymentOrder, by: Actor | None = None) -> Batch:
    """A batch of all that has the visa, at least one order."""
    by = by or accountant()
    payments.visa(orders=orders or (ordered(),), by=by)
    return payments.prepare_batch(by=by)


def paid(*orders: PaymentOrder, on: date | None = None) -> Batch:
    """A batch that left and was executed."""
    left = batch(*orders)
    payments.send_batch(batch=left)
    executed(left, on=on)
    return left
