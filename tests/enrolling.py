"""People without an account, what they ask for, and the letters that they are posted."""

from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment.models import Enrolment
from escale.domain.notices import actions as notices
from escale.domain.notices.models import LetterBatch, Notice, PaperLetter
from escale.domain.registry.models import InsuredPerson, Link
from tests import factories

ADDRESS = "ALIX EXEMPLE\nSP 99 999\n99999 ARMÉES"
PASSWORD = "quatre mots sans histoire"
HERE = "192.0.2.1"

_ranks = count(1)


def newcomer(address: str = ADDRESS, **traits: Any) -> InsuredPerson:
    """An insured person whom the registry knows, with an address and no account."""
    person = factories.insured()
    person.account = None
    for name, value in traits.items():
        setattr(person, name, value)
    person.save()
    if address:
        person.addresses.create(lines=address, valid_from=date(2020, 1, 1))
    return person


def address() -> str:
    """An e-mail address that nobody has."""
    return f"nouveau-{next(_ranks)}@exemple.invalid"


def asked(person: InsuredPerson | None = None, **said: str) -> Enrolment:
    """A request that says the truth of this person, unless told otherwise."""
    person = person or newcomer()
    truth = {
        "email": address(),
        "nir": person.nir,
        "birth_name": person.birth_name,
        "first_names": person.first_names,
        "born": person.born_on.isoformat(),
    }
    sent = {"request_key": uuid4(), "place": HERE}
    return enrolments.ask(**{**truth, **said}, **sent)


def recovery(email: str) -> Enrolment:
    """A request to come back into the account of this address."""
    return enrolments.ask_recovery(email=email, request_key=uuid4(), place=HERE)


def message(enrolment: Enrolment, kind: str) -> Notice:
    """What is written to the address that a request gave."""
    written = notices.write(kind=kind, to=enrolment.email, about=enrolment)
    assert written
    return written


def of_spouse(of: InsuredPerson) -> Enrolment:
    """The request of somebody whose spouse is already insured in their own name."""
    person = newcomer()
    of.beneficiaries.filter(link=Link.SPOUSE).update(person=person)
    return recognised(person)


def confirmed(person: InsuredPerson | None = None, **said: str) -> Enrolment:
    enrolment = asked(person, **said)
    enrolments.confirm(enrolment=enrolment)
    return enrolment


def recognised(person: InsuredPerson | None = None, **said: str) -> Enrolment:
    enrolment = confirmed(person, **said)
    enrolments.recognise(enrolment=enrolment)
    return enrolment


def coded(person: InsuredPerson | None = None, **said: str) -> tuple[Enrolment, str]:
    """A request for which a code was drawn, and the code."""
    enrolment = recognised(person, **said)
    return enrolment, enrolments.draw(enrolment=enrolment, step="post", by=SYSTEM)


def coded_only() -> Enrolment:
    return coded()[0]


def done() -> Enrolment:
    enrolment, code = coded()
    enrolments.redeem(email=enrolment.email, code=code, password=PASSWORD, place=HERE)
    return enrolment


def doubtful(person: InsuredPerson | None = None) -> Enrolment:
    return recognised(person, birth_name="Autre")


def refused() -> Enrolment:
    return recognised(nir="255081416802538")


def expired() -> Enrolment:
    enrolment = asked()
    enrolment.advance("expire", by=SYSTEM)
    return enrolment


def counter() -> Actor:
    return factories.actor(Role.COUNTER)


def letter(person: InsuredPerson | None = None, *, about: Enrolment | None = None) -> PaperLetter:
    """A letter that waits to be printed."""
    enrolment = about or recognised(person)
    words = {"code": "ABCD-EFGH-JKLM", "number": enrolment.number, "email": "no•••@exemple.invalid", "tries": 5}
    words |= {"asked_at": enrolment.asked_at, "until": enrolment.asked_at}
    assert enrolment.insured
    return notices.post(kind="account_code", to=enrolment.insured, about=enrolment, address=ADDRESS, **words)


def withdrawn() -> PaperLetter:
    waiting = letter()
    notices.withdraw(about=Enrolment.objects.latest("pk"))
    return waiting


def gathered() -> PaperLetter:
    waiting = letter()
    notices.gather(by=counter())
    return waiting


def batch(*, about: Enrolment | None = None) -> LetterBatch:
    letter(about=about)
    return notices.gather(by=counter())


def posted_batch() -> LetterBatch:
    ready = batch()
    notices.take(batch=ready, by=counter())
    notices.mark_posted(batch=ready, by=counter())
    return ready


def posted() -> PaperLetter:
    return posted_batch().letters.get()
