"""Social security numbers: sealed, found by their digest, and sealed again when the keys turn."""

from pathlib import Path

import pytest
from django.db import IntegrityError

from escale.domain.enrolment import queries
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson, sealed
from escale.domain.registry.reading import Unreadable
from escale.gateways import keyring
from escale.gateways.cipher import Altered
from escale.gateways.keyring import Kind
from escale.gateways.turning import Turned
from tests import enrolling, factories
from tests.domain.registry.conftest import NIR, PERSON, TakeOver

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
    assert registry.reseal(InsuredPerson.objects.all(), of="nir") == Turned(resealed=2)
    assert queries.meant(request)  # one digest is of the newer key, the other of the older
    assert registry.reseal(type(request).objects.all(), of="nir") == Turned(resealed=1)
    assert registry.reseal(InsuredPerson.objects.all(), of="nir") == Turned(current=2)
    turn(withdrawn=True)
    found = InsuredPerson.objects.bearing(number).get()
    request.refresh_from_db()
    assert (found, found.nir, request.nir) == (person, number, typed)


def test_no_file_is_taken_over_while_the_keys_turn_so_that_nobody_is_known_twice(take_over: TakeOver, turn) -> None:
    take_over("insured", PERSON)
    turn()
    with pytest.raises(Unreadable, match="rewrap_vault"):
        take_over("insured", PERSON)
    registry.reseal(InsuredPerson.objects.all(), of="nir")
    outcome, _ = take_over("insured", PERSON)
    assert (outcome.unchanged, InsuredPerson.objects.count()) == (1, 1)
    assert not sealed.under_older_keys(InsuredPerson.objects.all(), of="nir").exists()


@pytest.mark.parametrize("typed", ["2 55 08 14 168 025 38", "255.08.14.168.025-38", "255081416802538"])
def test_people_are_found_by_their_number_however_it_is_typed(dominique: str, typed: str) -> None:
    assert InsuredPerson.objects.bearing(typed).get().nir == dominique


def test_what_cannot_be_a_number_is_borne_by_nobody(dominique: str) -> None:
    assert [*InsuredPerson.objects.bearing(dominique[:-1] + "9")] == [*InsuredPerson.objects.bearing("")] == []


def test_a_damaged_seal_stops_nothing_and_the_file_that_says_its_number_mends_it(take_over: TakeOver, turn) -> None:
    take_over("insured", PERSON)
    damaged, sound = InsuredPerson.objects.get(), factories.insured()
    damaged.nir_sealed = damaged.nir_sealed[:-1] + bytes([damaged.nir_sealed[-1] ^ 1])
    damaged.save()
    turn()
    name = f"registry.insuredperson:{damaged.pk}"
    assert registry.reseal(InsuredPerson.objects.all(), of="nir") == Turned(resealed=1, altered=(name,))
    assert InsuredPerson.objects.bearing(sound.nir).get() == sound

    outcome, _ = take_over("postings", f"{sound.nir};DJ;2026-01-01;;oui")
    assert (outcome.created, outcome.damaged) == (1, [name])
    outcome, _ = take_over("insured", PERSON)
    assert (outcome.created, outcome.unchanged, outcome.damaged) == (0, 1, [])
    assert InsuredPerson.objects.get(pk=damaged.pk).nir == NIR


def test_no_file_is_taken_over_once_a_key_went_too_early(take_over: TakeOver, turn) -> None:
    take_over("insured", PERSON)
    turn(withdrawn=True)
    with pytest.raises(Unreadable, match="rewrap_vault"):
        take_over("insured", PERSON)
