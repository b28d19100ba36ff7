"""Somebody of the Fund at each counter, and a claim that waits for them."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Claim
from escale.domain.registry.models import InsuredPerson
from escale.rules.scope import Stay
from tests import factories


@pytest.fixture(autouse=True)
def today(frozen, db) -> None:
    """Every test of this room happens on the same Tuesday."""


def at_counter(actor: Actor) -> Client:
    """The browser of somebody who wears this hat."""
    client = Client()
    client.force_login(actor.account)
    session = client.session
    session["hat"], session["seen"] = actor.role.value, 2**40
    session.save()
    return client


@pytest.fixture
def agent() -> Actor:
    return factories.agent()


@pytest.fixture
def desk(agent: Actor) -> Client:
    return at_counter(agent)


@pytest.fixture
def cash(db) -> Client:
    """The accountant's browser."""
    return at_counter(factories.accountant())


@pytest.fixture
def surgery(db) -> Client:
    """The physician's browser."""
    return at_counter(factories.physician())


def draft(person: InsuredPerson | None = None, *, currency: str = "XOF", territory: str = "SN") -> Claim:
    """A complete draft for care paid in this currency, with a paper under medical seal."""
    claim = factories.draft(person, territory=territory, stay=Stay.POSTING, stay_from=date(2025, 9, 1))
    factories.line(factories.bill(claim, currency=currency), amount=Decimal(20_000))
    for code in ("bill", "cerfa"):
        factories.attachment(claim, paper=code)
    factories.photograph(claim, paper="discharge_report", medical=True, name="secret.jpg")
    return claim


def waiting(person: InsuredPerson | None = None, **traits: str) -> Claim:
    """A claim that waits for an agent, with the images of its papers."""
    return factories.received(claim=draft(person, **traits))


@pytest.fixture
def claim(scanning) -> Claim:
    return waiting()


def text(response: HttpResponse) -> str:
    """What the page says, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def post_line(desk: Client, claim: Claim, **typed: str) -> HttpResponse:
    """Have an agent compute the first line of a claim."""
    line = claim.bills.get().lines.first()
    return desk.post(f"/gestion/demandes/{claim.number}/lignes/{line.pk}/", {"quantity": "1", **typed})
