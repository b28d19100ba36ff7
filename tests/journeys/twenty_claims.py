"""The claims of an agent's day, one of each kind; each is made by the real actions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import Attachment, Claim
from escale.domain.controls import actions as controls
from escale.domain.desk import actions as desk
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Field, Finding
from escale.domain.registry.models import InsuredPerson
from escale.rules.doubles import Kind
from escale.rules.intake import Care
from escale.rules.scope import Stay
from tests import factories, supervised
from tests.domain.appeals import appeals
from tests.domain.controls import cases

HOLIDAY = {"territory": "ES", "stay": Stay.HOLIDAY, "stay_until": date(2026, 9, 12)}
POLYNESIA = {"territory": "PF"}
VIETNAM = {"territory": "VN"}


def claim(
    *amounts: int,
    care: Care = Care.GENERALIST,
    currency: str = "USD",
    person: InsuredPerson | None = None,
    papers: tuple[str, ...] = (),
    **stay: Any,
) -> Claim:
    """A claim that waits for an agent: a bill with a line for each amount, its picture, and other papers."""
    made = factories.draft(person, **stay)
    bill = factories.bill(made, currency=currency)
    for amount in amounts or (50,):
        factories.line(bill, care=care, amount=Decimal(amount))
    factories.attachment(made, bill=bill)
    mandatory = [paper.code for paper in queries.papers(made) if paper.mandatory and paper.code != "bill"]
    for paper in (*mandatory, *papers):
        factories.attachment(made, paper=paper, name=f"{paper}.pdf", medical=paper == "panoramic")
    return factories.received(claim=made)


def two_bills() -> Claim:
    """A claim with two bills, of two providers."""
    made = factories.draft()
    for provider in ("Clinique de l’Escale", "Pharmacie du Port"):
        bill = factories.bill(made, provider=provider)
        factories.line(bill)
        factories.attachment(made, bill=bill)
    return factories.received(claim=made)


def double() -> Claim:
    """A bill that looks like another, which the bank paid."""
    person = factories.insured()
    first = claim(73, person=person)
    controls.look(claim=first)
    cases.paid(claim=first)
    made = claim(73, person=person)
    controls.look(claim=made)
    return made


def round_amount() -> Claim:
    made = claim(500)
    cases.signal(claim=made, kind=Kind.ROUND)
    return made


def arrived(by: Actor) -> Claim:
    """A claim of which a paper was replaced: it waits to be read."""
    made = claim()
    paper = factories.to_replace(made, by=by)
    documents.scan(document=factories.replacement(paper).document)
    claims.settle(claim=made)
    return made


def read_by_machine() -> Claim:
    """A claim whose bill a machine has read: its total, and a provider that it took for another."""
    made = claim(45, currency="EUR")
    document = Attachment.objects.get(claim=made).document
    for field, value in {Field.PROVIDER: "Clinique Escale", Field.TOTAL: "45.00"}.items():
        Finding.objects.create(document=document, field=field, value=value, box=[0.1, 0.1, 0.5, 0.2])
    return made


def considered() -> Claim:
    """A claim to which the medical service has answered."""
    made = claim()
    factories.answered(factories.asked(made))
    return made


def protected() -> Claim:
    made = claim()
    supervised.protected(made.insured)
    return made


def held() -> Claim:
    """A claim that a colleague has open."""
    made = claim()
    desk.take(claim=made, by=factories.agent())
    return made


def of_the_day(agent: Actor) -> dict[str, Claim]:
    """One claim of each kind that the queue gives, the most urgent last made: it is due first all the same."""
    made = {
        "plain": claim(),
        "lines": claim(50, 60, 70),
        "no rate": claim(9_000, currency="VND", **VIETNAM),
        "union": claim(40, currency="EUR", papers=("european_card",), **HOLIDAY),
        "overseas": claim(4_000, currency="XPF", **POLYNESIA),
        "dental": claim(80, care=Care.DENTAL, papers=("panoramic",)),
        "hospital": claim(900, care=Care.HOSPITAL),
        "double": double(),
        "round": round_amount(),
        "missing": claim(),
        "faulty": claim(),
        "in part": two_bills(),
        "arrived": arrived(agent),
        "large": claim(3_000),
        "sent back": claim(2_500),
        "refused": claim(),
        "machine": read_by_machine(),
        "considered": considered(),
    }
    for days, one in enumerate(reversed(made.values())):
        Claim.objects.filter(pk=one.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    return made


def beside() -> dict[str, Claim]:
    """The claims that the queue gives to nobody else, or not to whoever asks."""
    return {"held": held(), "protected": protected(), "contested": appeals.filed().decision.claim}
