"""Social security numbers: sealed, found by their digest, and sealed again when the keys turn."""

from pathlib import Path

import pytest
from django.db import IntegrityError

from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson, numbers
from escale.domain.registry.reading import Unreadable
from escale.gateways import keyring
from escale.gateways.cipher import Altered
from escale.gateways.keyring import Kind
from tests import enrolling, factories
from tests.domain.registry.conftest import PERSON, TakeOver

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(settings, home: Path):
    """Draw a new key, beside the older one or alone."""
    before = settings.VAULT_KEYS.read_bytes()
    drawn = {Kind.ORDINARY: keyring.draw(Kind.ORDINARY)}

    def turn(*, withdrawn: bool = False) -> None:
        settings.VAULT_KEYS = home / f"keys-{withdrawn}"
        settings.VAULT_KEYS.write_bytes(b"" if withdrawn else before)
        keyring.add(settings.VAULT_KEYS, "turned", drawn)

    return turn


def test_a_seal_opens_for_nobody_else() -> None:
    one, other = factories.insured(), factories.insured()
    one.nir_sealed = other.nir_sealed
    with pytest.raises(Altered):
        assert one.nir


def test_two_people_never_bear_one_number() -> None:
    one, other = factories.insured(), factories.insured()
    other.nir = one.nir
    with pytest.raises(IntegrityError, match="insured_bears_a_number_of_their_own"):
        other.save()


def test_people_are_found_before_and_after_the_keys_turn_and_the_older_key_may_go(turn) -> None:
    person, request = factories.insured(), enrolling.asked()
    number, typed = person.nir, request.nir
    turn()
    assert InsuredPerson.objects.bearing(number).get() == person
    assert [registry.reseal(rows) for rows in (InsuredPerson.objects.all(), type(request).objects.all())] == [2, 1]
    assert registry.reseal(InsuredPerson.objects.all()) == 0
    turn(withdrawn=True)
    found = InsuredPerson.objects.bearing(number).get()
    request.refresh_from_db()
    assert (found, found.nir, request.nir) == (person, number, typed)


def test_no_file_is_taken_over_while_the_keys_turn_so_that_nobody_is_known_twice(take_over: TakeOver, turn) -> None:
    take_over("insured", PERSON)
    turn()
    with pytest.raises(Unreadable, match="rewrap_vault"):
        take_over("insured", PERSON)
    registry.reseal(InsuredPerson.objects.all())
    outcome, _ = take_over("insured", PERSON)
    assert (outcome.unchanged, InsuredPerson.objects.count()) == (1, 1)
    assert not numbers.under_older_keys(InsuredPerson.objects.all()).exists()
