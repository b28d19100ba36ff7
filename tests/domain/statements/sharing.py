"""Consents to share one's statements, and what left by them, reached by taking the real steps."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.documents import queries as documents
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson, Link
from escale.domain.statements import actions
from escale.domain.statements.models import ComplementaryInsurer, SharingConsent, Transmission
from tests import factories
from tests.domain.payments import bank
from tests.house import HOUSE
from tests.json_schema import faults

FIRST, AFTER = date(2026, 9, 15), date(2027, 9, 15)
SCHEMA = json.loads((HOUSE / "docs/complementary.schema.json").read_text())


def oneself(person: InsuredPerson) -> Actor:
    return Actor(Role.INSURED, person.account)


def insurer(code: str = "mutuelle-exemple", name: str = "Mutuelle Exemple") -> ComplementaryInsurer:
    return actions.name_insurer(code=code, name=name)


def closed() -> ComplementaryInsurer:
    return actions.name_insurer(code="mutuelle-exemple", name="Mutuelle Exemple", is_open=False)


def given(person: InsuredPerson | None = None, **traits: Any) -> SharingConsent:
    """A consent for a year from today, for oneself and one's children unless told otherwise."""
    person = person or factories.insured()
    words = {"contract": "A-123456", "with_children": True, "valid_from": FIRST, "valid_until": AFTER}
    words |= {"insurer": traits.pop("insurer", None) or insurer(), "request_key": uuid4(), "by": oneself(person)}
    return actions.give(insured=person, **words | traits)


def withdrawn() -> SharingConsent:
    consent = given()
    actions.withdraw(consent=consent, by=oneself(consent.insured))
    return consent


def ended() -> SharingConsent:
    consent = given()
    SharingConsent.objects.filter(pk=consent.pk).update(valid_from=date(2026, 9, 1), valid_until=FIRST)
    actions.end_some()
    consent.refresh_from_db()
    return consent


def executed(person: InsuredPerson, link: Link = Link.SELF, **traits: Any) -> PaymentOrder:
    """The payment, executed today, of a consultation of this person, or of somebody of their family."""
    claim = factories.complete(person)
    claim.beneficiary = person.beneficiaries.get(link=link)
    for name, trait in traits.items():
        setattr(claim, name, trait)
    claim.save()
    order = factories.ordered(factories.approved(factories.received(claim=claim)))
    bank.says(bank.books(bank.sent(order)))
    order.refresh_from_db()
    return order


def prepared(consent: SharingConsent | None = None) -> Transmission:
    """What is about to leave of a payment for the insured person's own care."""
    consent = consent or given()
    order = executed(consent.insured)
    actions.follow_payment(order=order)
    return consent.transmissions.get(order=order)


def sent(consent: SharingConsent | None = None) -> Transmission:
    transmission = prepared(consent)
    actions.transmit(transmission=transmission)
    return transmission


def withheld() -> Transmission:
    transmission = prepared()
    actions.withdraw(consent=transmission.consent, by=oneself(transmission.consent.insured))
    actions.transmit(transmission=transmission)
    return transmission


def laid(insurer: ComplementaryInsurer | None = None) -> dict[str, dict[str, Any]]:
    """What lies in the folder of an insurer, each file held against the schema."""
    folder = Path(settings.INSURERS_FOLDER) / (insurer.code if insurer else "mutuelle-exemple")
    told = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
    for one in told.values():
        assert faults(one, SCHEMA) == []
    return told


def kept(transmission: Transmission) -> bytes:
    return b"".join(documents.vault().chunks(transmission.key))
