"""Everybody whom FranceConnect may bring is recognised, or led to the letter, as a table says."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.journal.models import Entry
from escale.domain.registry.models import InsuredPerson
from escale.rules.recognition import Outcome
from tests import oidc
from tests.oidc import people

pytestmark = pytest.mark.django_db

OTHERS = os.environ.get("ESCALE_FRANCECONNECT_USERS", "")


def comes(provider: oidc.Provider, row: dict[str, Any]) -> tuple[str, Client]:
    """Come by FranceConnect; return « matched », or the code of what keeps from it."""
    provider.knows(**{row["login"]: people.told(row)})
    client = Client()
    answer = client.get(provider.sign_in(client.post(reverse("access:franceconnect"))["Location"], row["login"]))
    if answer.status_code == 302:
        assert answer["Location"] == reverse("access:join")
        return Outcome.MATCHED, client
    assert answer.status_code == 200
    return Entry.objects.latest("pk").facts["code"], client


def says(client: Client, person: InsuredPerson) -> None:
    """Say the number of this person, and be in their account."""
    assert client.post(reverse("access:join"), {"nir": person.nir, "email": ""}).status_code == 302
    person.refresh_from_db()
    assert person.account
    assert client.session["_auth_user_id"] == str(person.account.pk)


@pytest.mark.parametrize("row", people.ours(), ids=lambda row: row["login"])
def test_each_of_ours_comes_to_what_the_table_says(franceconnect: oidc.Provider, row: dict[str, Any]):
    person = people.known(row["nir"], row, **row.get("registry", {})) if "nir" in row else None
    if "double" in row:
        people.known(row["double"], row)
    if "twin" in row:
        people.known(row["nir"][:-3] + "999", row, first_names=row["twin"])
    came, client = comes(franceconnect, row)
    assert came == row["expected"]
    if came == Outcome.MATCHED:
        assert person
        says(client, person)


@pytest.mark.skipif(not OTHERS, reason="ESCALE_FRANCECONNECT_USERS names no list of other identities")
def test_each_of_another_list_is_itself_or_nobody(franceconnect: oidc.Provider):
    rows = people.theirs(Path(OTHERS))
    registry = {row["login"]: people.made_from(row, rank) for rank, row in enumerate(rows, start=1)}
    outcomes = Counter[str]()
    for row in rows:
        came, client = comes(franceconnect, row)
        outcomes[came] += 1
        print(f"{row['login']}: {came}")  # noqa: T201
        if came == Outcome.MATCHED:
            says(client, registry[row["login"]])
    print(dict(outcomes))  # noqa: T201
    assert outcomes[Outcome.MATCHED]
