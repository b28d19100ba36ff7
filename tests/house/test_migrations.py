"""What the database held before a release is still there after it, and again if the release is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Award, Decision
from escale.domain.enrolment.models import Enrolment
from escale.domain.registry.models import InsuredPerson
from escale.rules import second_look
from tests import enrolling, factories

BEFORE = [
    ("claims", "0026_months_that_a_letter_says"),
    ("registry", "0006_names_of_beneficiaries"),
    ("enrolment", "0002_requests_to_check_at_a_counter"),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("scanning", "frozen")
def test_awards_and_numbers_are_what_they_were_after_a_release_is_taken_back_and_put_again(monkeypatch) -> None:
    factories.approved()
    paid = factories.approved()
    factories.paid(factories.ordered(paid))
    claims.take_up(decision=paid.decisions.get(), by=factories.actor(Role.SUPERVISOR))
    monkeypatch.setattr(second_look, "why", lambda *_of, **_drawn: second_look.Why.AMOUNT)
    factories.approved()
    enrolling.asked()
    awards, people, requests = _awards(), _numbers(InsuredPerson), _numbers(Enrolment)
    release = [migration for migration, _backwards in MigrationExecutor(connection).migration_plan(BEFORE)]

    _take_back(release)
    ordered = {line: total for _decision, line, total in awards}
    settled = dict(_rows("SELECT id, settled FROM claims_claimline WHERE settled > 0"))
    assert settled == {line: ordered[line] for (line,) in _rows("SELECT id FROM claims_claimline WHERE settled > 0")}
    assert len(settled) == 1
    assert dict(_rows("SELECT id, nir FROM registry_insuredperson")) == people
    assert dict(_rows("SELECT id, nir FROM enrolment_enrolment")) == requests

    _put(release)
    assert (_awards(), _numbers(InsuredPerson), _numbers(Enrolment)) == (awards, people, requests)
    assert Decision.objects.filter(taken_at=None).exclude(lines=None).exists()


def _take_back(release: list[Migration]) -> None:
    """Undo migrations, each from its own state: `migrate` renders all the others besides, for three times as long."""
    loader = MigrationExecutor(connection).loader
    for migration in release:
        with _editor() as editor:
            migration.unapply(loader.project_state((migration.app_label, migration.name), at_end=False), editor)


def _put(release: list[Migration]) -> None:
    loader = MigrationExecutor(connection).loader
    for migration in reversed(release):
        with _editor() as editor:
            migration.apply(loader.project_state((migration.app_label, migration.name), at_end=False), editor)


@contextmanager
def _editor() -> Iterator[BaseDatabaseSchemaEditor]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as for rows that an earlier transaction wrote
    with connection.schema_editor() as editor:
        yield editor


def _awards() -> set[Any]:
    return set(Award.objects.values_list("decision", "line", "amount"))


def _numbers(model: type[Any]) -> dict[int, str]:
    return {row.pk: row.nir for row in model.objects.all()}


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
