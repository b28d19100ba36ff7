"""An answer that never came is settled by asking again: what is asked for twice, or at once, is made once."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.domain.claims.test_at_once import at_once
from tests.house.access_table import GET, TABLE
from tests.house.creations import CREATIONS, NOTHING_MADE
from tests.house.sending import Sending

AT_ONCE = 8
READING = {GET, "HEAD", "OPTIONS", "DELETE"}


def things() -> Counter[str]:
    """How many of each model there are; the journal too, and what is queued."""
    models = [model for model in apps.get_models() if model.__module__.startswith("escale.")]
    return Counter({model.__name__: model._base_manager.count() for model in (*models, ProcrastinateJob)})


def made(before: Counter[str]) -> dict[str, int]:
    """Return what there is more than before, or less."""
    after = things()
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def browser(sending: Sending) -> Client:
    client = Client()
    client.force_login(sending.account)
    session = client.session
    session["hat"] = sending.role.value
    session.save()
    return client


def test_every_request_that_makes_something_is_in_the_table():
    assert {row.route for row in TABLE if row.method not in READING} == NOTHING_MADE | {route for route, _ in CREATIONS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen", "scanning")
@pytest.mark.parametrize(
    ("make", "expected"), [pytest.param(make, what, id=route) for (route, make), what in CREATIONS.items()]
)
def test_sent_twice_or_eight_times_at_once_it_makes_what_one_makes(make: Callable[[], Sending], expected: dict):
    sending = make()
    client, before = browser(sending), things()
    answer = sending.send(client)
    assert answer.status_code < 400, answer.content
    once = made(before)
    assert {name: number for name, number in once.items() if name != "Entry"} == expected
    before = things()
    sending.send(client)
    assert made(before) == {}

    sending = make()
    clients, before = [browser(sending) for _ in range(AT_ONCE)], things()
    answers = at_once(*[lambda client=client: sending.send(client) for client in clients])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert made(before) == once
