"""Every address × every hat × one's own case or somebody else's gives what the table says."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from itertools import groupby
from typing import Any

import pytest
from django.conf import settings as house
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models import Claim
from escale.domain.desk.models import GroupedKind
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Reimputation
from escale.domain.registry.models import InsuredPerson
from tests import at_desk, coming, enrolling, factories, factors, requested, supervised
from tests.domain.mandates import mandates
from tests.domain.rates import rates
from tests.domain.tariffs import editions
from tests.house import lives_of_accounts
from tests.house.access_table import DELETE, GET, HATS, POST, TABLE, Row
from tests.house.lives_of_after import held_after
from tests.house.lives_of_bank import held_at_bank
from tests.house.lives_of_controls import held_in_controls
from tests.house.lives_of_ledger import held_in_ledger
from tests.house.lives_of_sharing import held_in_sharing

Case = dict[str, Any]
NOTE = "Rien à redire.".encode()
"""What the physician wrote of a claim of each: no page gives it to another hat."""


def routes(patterns: list[Any], space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every route of the house, with the names of what its address holds."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            assert isinstance(pattern, URLPattern)
            yield f"{space}{pattern.name}", tuple(pattern.pattern.converters)


ROUTES = dict(routes(get_resolver().url_patterns))


def test_every_address_is_in_the_table():
    assert {row.route for row in TABLE} == set(ROUTES)


@pytest.fixture
def everybody(db: None) -> InsuredPerson:
    """Somebody who is insured and works at the Fund under every hat."""
    return factories.insured(*[hat for hat in HATS if hat != Role.INSURED])


@pytest.fixture
def cases(
    db: None, frozen: object, scanning: None, settings, home, everybody: InsuredPerson
) -> dict[bool, dict[str, Case]]:
    """The cases of the table, mine (True) and theirs (False)."""
    settings.DEMO, settings.STATIC_ROOT = True, home
    return {True: _cases(everybody), False: _cases(factories.insured())}


def _cases(person: InsuredPerson) -> dict[str, Case]:
    received, asked = _sealed(factories.complete(person)), _sealed(factories.complete(person))
    factories.answered(factories.asked(factories.received(claim=asked)))
    factories.asked(asked).attachments.clear()
    factories.received(claim=received)
    claims = {
        "draft": factories.complete(person),
        "sent": factories.sent(person),
        "unusable": factories.unusable(person),
        "received": received,
        "asked": asked,
        "awaited": factories.to_replace(factories.received(person)).claim,
        "ordered": factories.approved(factories.received(person)),
    }
    paid = factories.approved(factories.received(person))
    batch = factories.paid(factories.ordered(paid))
    wanted = requested.paper(factories.received(person))
    held = {name: _held(claim) for name, claim in claims.items()}
    return held | {
        "line": held["received"] | {"pk": held["received"]["line"]},
        "page": held["received"] | {"pk": held["received"]["attachment"], "page": 1},
        "wanted": _held(wanted.claim) | {"asked": wanted.pk, "pk": wanted.pk},
        "coming": held["draft"] | {"token": coming.arrival(claims["draft"]).upload.token},
        "locked": held["draft"] | {"token": coming.locked(claims["draft"]).upload.token},
        "sealed": held["asked"] | {"pk": asked.attachments.get(medical=True).pk, "page": 1},
        "ordered": held["ordered"] | {"reference": factories.ordered(claims["ordered"]).reference},
        "supporting": _supporting(claims["ordered"]),
        "letter": held["ordered"] | {"pk": factories.deposited(claims["ordered"]).decision_id},
        "reason": {"code": "R01"},
        "year": {"year": 2026},
        "held": held["received"] | {"pk": factories.held(received).pk},
        "batch": {"reference": batch.reference},
        "budget": {"code": "ASS"},
        "move": {"pk": _move(claims["ordered"]).pk},
        "edition": {"pk": editions.proposed(by=Actor(Role.SUPERVISOR, person.account)).pk},
        "figure": {"name": "franchise_drug"},
        "sheet": {"place": "djibouti"},
        "figures": {"table": "flux"},
        "mandate": {"pk": mandates.offered(person).pk},
        "invited": {"token": "MQ:1x6O5A:forged"},
        "enrolled": {"number": (enrolled := enrolling.of_spouse(person)).number},
        "letters": {"number": enrolling.batch(about=enrolled).number},
        "rate": {"pk": rates.proposed().pk},
        "device": {"pk": person.account.devices.create(token_digest="0" * 64, label="Firefox").pk},
        "passkey": {"pk": factors.passkey(person.account).pk},
        "identity": {"provider": "franceconnect"},
        **_supervised(person),
        "account": {"pk": lives_of_accounts.declared(person).pk},
        **held_in_sharing(person, factories.ordered(paid)),  # before it is said to be paid earlier
        **held_after(paid, claims["ordered"]),
        **held_at_bank(person),
        **held_in_controls(person),
        **held_in_ledger(person),
        "grouped": {"pk": at_desk.grouped(factories.received(), by=Actor(Role.AGENT, person.account)).pk},
        "given": {
            "pk": at_desk.grouped(
                factories.received(), kind=GroupedKind.ASSIGN, by=Actor(Role.SUPERVISOR, person.account)
            ).pk
        },
        "view": {"pk": at_desk.view(person.account).pk},
        "skill": {"pk": at_desk.skill().pk},
        "token": {"token": "rien"},
        "": {},
    }


def _move(claim: Claim) -> Reimputation:
    order = factories.ordered(claim)
    return payments.propose(order=order, budget="APIAS", reason="Accident de service", by=factories.accountant())


def _supervised(person: InsuredPerson) -> dict[str, Case]:
    """What supervisors settle; the protected file is one that was shut already, or that nobody asks for."""
    colleague = factories.agent().account
    seen = person if person.account.hats.filter(role=Role.SUPERVISOR).exists() else factories.insured()
    opening = supervised.opened(seen)
    return {
        "colleague": {"pk": colleague.pk},
        "hat": {"pk": colleague.hats.get().pk},
        "grant": {"pk": supervised.proposed_hat().pk},
        "recusal": {"pk": supervised.recused(colleague, person).pk},
        "protection": {"pk": seen.protection.pk},
        "opening": {"pk": opening.pk},
    }


def _supporting(claim: Claim) -> Case:
    bill = claim.attachments.get(paper="bill")
    reference = factories.ordered(claim).reference
    return {"number": claim.number, "reference": reference, "pk": bill.pk, "page": 1}


def _sealed(claim: Claim) -> Claim:
    factories.attachment(claim, paper="discharge_report", medical=True)
    return claim


def _held(claim: Claim) -> Case:
    bill = claim.bills.get()
    line, attachment = bill.lines.get(), claim.attachments.earliest("pk")
    return {"number": claim.number, "bill": bill.pk, "line": line.pk, "attachment": attachment.pk}


class Browser:
    """One browser for everybody, which forgets after each question."""

    def __init__(self, account: Account) -> None:
        self.client = Client()
        self.cookies: dict[Role | None, str] = {None: ""}
        for hat in HATS:
            self.client.force_login(account)
            session = self.client.session
            session["hat"] = hat.value
            session.save()
            self.cookies[hat] = session.session_key or ""
            self.client.cookies.clear()

    def ask(self, hat: Role | None, method: str, route: str, case: Case) -> int:
        """Ask, undo what it did, and return the status."""
        return self.answer(hat, method, route, case).status_code

    def answer(self, hat: Role | None, method: str, route: str, case: Case) -> Any:
        """Ask, and undo what it did."""
        self.client.cookies = SimpleCookie({house.SESSION_COOKIE_NAME: self.cookies[hat]})
        address = reverse(route, kwargs={name: case[name] for name in ROUTES[route]})
        with transaction.atomic():
            typed = "application/x-www-form-urlencoded"
            answer = self.client.generic(method, address, content_type=typed)
            transaction.set_rollback(True)
        return answer


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("frozen", "scanning")
def test_every_address_answers_what_the_table_says(cases: dict[bool, dict[str, Case]], everybody: InsuredPerson):
    browser = Browser(everybody.account)
    mine, theirs = cases[True], cases[False]
    wrong: dict[tuple[object, ...], int] = {}

    def expect(status: int | set[int], hat: Role | None, row: Row, case: Case, whose: str, method: str = "") -> None:
        answer = browser.answer(hat, method or row.method, row.route, case)
        given = answer.status_code
        if hat != Role.PHYSICIAN and not answer.streaming and NOTE in answer.content:
            wrong[row.route, method or row.method, row.case, hat, "reads a note"] = given
        if given not in ({status} if isinstance(status, int) else status):
            wrong[row.route, method or row.method, row.case, hat, whose] = given

    for row in TABLE:
        for hat in row.hats or HATS:
            if not ROUTES[row.route]:  # one address for all
                expect({row.mine} & {row.theirs}, hat, row, {}, "anybody's")
                continue
            expect(row.mine, hat, row, mine[row.case], "mine")
            expect(row.theirs, hat, row, theirs[row.case], "theirs")
            if len(ROUTES[row.route]) > 1:
                named = "number" if "number" in ROUTES[row.route] else "reference"
                astray = mine[row.case] | {named: theirs[row.case][named]}
                expect(404, hat, row, astray, "a part of mine under the number of theirs")
                astray = theirs[row.case] | {named: mine[row.case][named]}
                expect({row.mine, 404} - {200}, hat, row, astray, "a part of theirs under the number of mine")

    for (route, _method), rows in groupby(sorted(TABLE, key=_asked), key=_asked):
        row, *others = rows
        hats = {hat for one in (row, *others) for hat in one.hats}
        for hat in set(HATS) - hats if hats else ():
            expect(403, hat, row, theirs[row.case], "theirs")
        expect(row.sign_in if hats else {row.theirs}, None, row, theirs[row.case], "theirs")
        for absent in {GET, POST, "PUT", DELETE} - {one.method for one in TABLE if one.route == route}:
            whose = theirs if row.theirs < 400 else mine
            expect(405, row.hats[0] if row.hats else None, row, whose[row.case], "a method that is not there", absent)
    assert wrong == {}


def _asked(row: Row) -> tuple[str, str]:
    return row.route, row.method
