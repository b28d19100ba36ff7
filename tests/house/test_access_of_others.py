"""What is a relative's, was never there or is there no more, at every address and under every hat."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.registry.models import InsuredPerson, Link
from tests import factories
from tests.house.access_table import HATS, TABLE, Row
from tests.house.test_access import ROUTES, Browser, Case, _cases, everybody

__all__ = ["everybody"]

NOWHERE = 999_999_999
ABSENT: Case = {
    "number": "Z9Z9-Z9Z9Z9", "pk": NOWHERE, "bill": NOWHERE, "line": NOWHERE, "attachment": NOWHERE, "asked": NOWHERE,
    "page": 1, "reference": "ABSENT", "place": "atlantide", "name": "absent", "provider": "absent",
    "table": "absente", "code": "R99", "month": "1999-01", "year": 1999,
}  # fmt: skip
OF_ANOTHER = {"enrolled", "protection", "opening", "year"}
"""Cases that are made for somebody else than the person whose they are said to be, or are nobody's, as a year is."""
Cases = dict[str, Case]
Wrong = dict[tuple[object, ...], object]
PROVES_NOTHING = "un jeton que personne n’a signé"


def _absent(row: Row, case: Case) -> Case:
    """The same address with the name of nothing."""
    absent = dict(ABSENT)
    if "token" in case:
        absent["token"] = uuid4() if not isinstance(case["token"], str) else PROVES_NOTHING
    return {name: absent[name] for name in ROUTES[row.route]}


@pytest.fixture
def relative(everybody: InsuredPerson) -> InsuredPerson:
    """The spouse of the one who wears every hat, insured in their own name."""
    spouse = factories.insured()
    everybody.beneficiaries.filter(link=Link.SPOUSE).update(person=spouse)
    return spouse


@pytest.fixture
def world(
    db: None, frozen: object, scanning: None, settings, home, everybody: InsuredPerson, relative: InsuredPerson
) -> tuple[Browser, Cases, Cases]:
    """A browser, the cases of a stranger and those of the relative."""
    settings.DEMO, settings.STATIC_ROOT = True, home
    return Browser(everybody.account), _cases(factories.insured()), _cases(relative)


def _rows() -> Iterator[tuple[Row, Role]]:
    for row in TABLE:
        if ROUTES[row.route]:
            yield from ((row, hat) for hat in row.hats or HATS)


def _said(answer: Any) -> tuple[int, str]:
    """What is answered, without what is drawn anew for each."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace")
    return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"|data-left="\d+"', "", text)


def a_relative_s_case_is_a_stranger_s_to_the_insured_and_one_s_own_to_the_fund(
    browser: Browser, theirs: Cases, family: Cases
) -> Wrong:
    wrong: Wrong = {}
    for row, hat in _rows():
        if row.case in OF_ANOTHER:
            continue
        barred = hat != Role.INSURED and row.mine == 404
        expected = 404 if barred else row.theirs
        given = browser.ask(hat, row.method, row.route, family[row.case])
        if given != expected:
            wrong[row.route, row.method, row.case, hat] = (given, expected)
    return wrong


def what_is_absent_and_what_is_not_yours_answer_alike(browser: Browser, theirs: Cases, family: Cases) -> Wrong:
    wrong: Wrong = {}
    for row, hat in _rows():
        absent = browser.answer(hat, row.method, row.route, _absent(row, theirs[row.case]))
        other = browser.answer(hat, row.method, row.route, theirs[row.case])
        if _said(absent) == _said(other):  # not found, or a proof is asked first
            continue
        if absent.status_code != 404 or other.status_code == 404:
            wrong[row.route, row.method, row.case, hat] = (absent.status_code, other.status_code)
    return wrong


def nobody_in_particular_learns_nothing_of_what_exists(browser: Browser, theirs: Cases, family: Cases) -> Wrong:
    """Who is not signed in is answered the same for what exists and what does not."""
    wrong: Wrong = {}
    for row in TABLE:
        if not row.hats or not ROUTES[row.route]:
            continue
        there = browser.answer(None, row.method, row.route, theirs[row.case])
        absent = browser.answer(None, row.method, row.route, _absent(row, theirs[row.case]))
        if there.status_code != absent.status_code:
            wrong[row.route, row.method, row.case] = (there.status_code, absent.status_code)
    return wrong


@pytest.mark.timeout(600)
def test_what_is_not_ones_own_tells_nothing(world: tuple[Browser, Cases, Cases]):
    """Three walks through one world: it takes long to build."""
    walks = (
        a_relative_s_case_is_a_stranger_s_to_the_insured_and_one_s_own_to_the_fund,
        what_is_absent_and_what_is_not_yours_answer_alike,
        nobody_in_particular_learns_nothing_of_what_exists,
    )
    assert {walk.__name__: wrong for walk in walks if (wrong := walk(*world))} == {}


def test_what_was_thrown_away_is_absent(everybody: InsuredPerson, frozen: object, home, settings):
    settings.DEMO, settings.STATIC_ROOT = True, home
    draft = factories.complete(everybody)
    bill = draft.bills.get()
    case = ABSENT | {
        "number": draft.number, "bill": bill.pk, "line": bill.lines.get().pk,
        "attachment": draft.attachments.earliest("pk").pk, "token": uuid4(),
    }  # fmt: skip
    claims.discard(claim=draft, by=Actor(Role.INSURED, everybody.account))
    browser, wrong = Browser(everybody.account), {}
    for row, hat in _rows():
        if "number" in ROUTES[row.route]:
            given = browser.ask(hat, row.method, row.route, {name: case[name] for name in ROUTES[row.route]})
            if given != 404:
                wrong[row.route, row.method, hat] = given
    assert wrong == {}
