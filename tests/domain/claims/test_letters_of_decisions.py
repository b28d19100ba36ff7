"""The letter of a decision is deposited once with it, sealed, and says when it was first read."""

import json

import pytest

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import letters
from escale.domain.claims.models import DecisionLetter
from escale.domain.journal.models import Entry
from tests import factories
from tests.factories import deposited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def words(letter: DecisionLetter, *, veiled: bool = False) -> str:
    return json.dumps(letters.opened(letter, veiled=veiled), ensure_ascii=False)


def test_a_letter_is_deposited_once_and_tells_the_decision():
    claim = factories.refused()
    letter = deposited(claim)
    assert deposited(claim) == letter
    said = words(letter)
    assert claim.number in said
    assert "motif R01" in said
    assert "Nous ne pouvons pas rembourser" in said
    entries = Entry.objects.filter(event="claim.deposit_letter")
    assert [entry.facts["sha256"] for entry in entries] == [letter.sha256]


def test_what_is_kept_of_a_letter_tells_nothing_without_the_keys():
    letter = deposited(factories.refused())
    assert b"motif" not in bytes(letter.sealed)
    assert len(bytes(letter.sealed)) < 4_000


def test_a_letter_taken_twice_on_paper_is_the_same_file():
    letter = deposited(factories.approved(factories.assessed(factories.received())))
    assert letters.pdf(letter, veiled=False) == letters.pdf(letter, veiled=False)


def test_a_veiled_letter_keeps_the_amounts_and_hides_what_care_was():
    claim = factories.approved(factories.assessed(factories.received()))
    line = claim.bills.get().lines.get()
    letter = deposited(claim)
    whole, veiled = words(letter), words(letter, veiled=True)
    total = f"{claim.decisions.get().total:.2f}".replace(".", ",")
    assert total in whole
    assert total in veiled
    for secret in (line.get_care_display(), claim.bills.get().provider, claim.get_stay_display().lower()):
        assert secret in whole
        assert secret not in veiled


def test_the_first_reading_of_the_insured_person_is_noted_once_and_nobody_elses():
    claim = factories.refused()
    letter = deposited(claim)
    claims.read_letter(letter=letter, by=Actor(Role.INSURED, factories.insured().account))
    assert letter.first_read_at is None
    claims.read_letter(letter=letter, by=factories.owner(claim))
    first = letter.first_read_at
    assert first is not None
    claims.read_letter(letter=DecisionLetter.objects.get(), by=factories.owner(claim))
    assert DecisionLetter.objects.get().first_read_at == first
    assert Entry.objects.filter(event="claim.read_letter").count() == 1


def test_a_decision_whose_payment_was_refused_before_gets_no_letter():
    claim = factories.approved(factories.assessed(factories.received()))
    decision = claim.decisions.get()
    claims.reopen(order=decision.order)
    assert claims.deposit_letter(decision=decision) is None
