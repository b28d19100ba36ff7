"""What the bank tells of an order: every standing, every word, in every order of arrival."""

from datetime import date
from decimal import Decimal
from itertools import permutations, product

import pytest

from escale.domain.payments.lifecycle import OrderStatus
from escale.rules.settling import (
    BatchWord,
    Contradiction,
    Heard,
    Note,
    Nothing,
    Outcome,
    Standing,
    Step,
    What,
    settle,
    settle_batch,
)

AMOUNT = Decimal("42.10")
LANDS: dict[Outcome, Standing] = {
    Step.EXECUTE: Standing.EXECUTED,
    Step.FAIL: Standing.UNPAID,
    Step.RETURN: Standing.RETURNED,
}
TOLD = {
    What.ACCEPTED: Heard(What.ACCEPTED),
    What.REJECTED: Heard(What.REJECTED, AMOUNT),
    What.BOOKED: Heard(What.BOOKED, AMOUNT, booked_on=date(2026, 9, 17), bank_reference="B1"),
    What.RETURNED: Heard(What.RETURNED, AMOUNT, booked_on=date(2026, 9, 21), bank_reference="B2"),
}


def told_in_turn(words: tuple[What, ...]) -> tuple[Standing, list[Outcome]]:
    """Tell these of an order that was sent; return where it stands, and what became of each."""
    standing = Standing.SENT
    applied: list[Heard] = []
    outcomes: list[Outcome] = []
    for word in words:
        outcome = settle(standing, TOLD[word], amount=AMOUNT, before=applied)
        if isinstance(outcome, Step | Note):
            standing = LANDS.get(outcome, standing)  # what is noted only moves nothing
            applied.append(TOLD[word])
        outcomes.append(outcome)
    return standing, outcomes


def test_the_standings_are_those_of_an_order():
    assert {standing.value for standing in Standing} == set(OrderStatus.values)


@pytest.mark.parametrize("words", [
    (What.ACCEPTED, What.BOOKED),
    (What.ACCEPTED, What.REJECTED),
    (What.BOOKED, What.RETURNED),
    (What.ACCEPTED, What.BOOKED, What.RETURNED),
])  # fmt: skip
def test_what_a_bank_says_of_a_transfer_ends_the_same_in_any_order(words):
    ends = {told_in_turn(turn)[0] for turn in permutations(words)}
    assert len(ends) == 1
    assert ends != {Standing.SENT}
    for turn in permutations(words):
        assert all(isinstance(outcome, Step | Note) for outcome in told_in_turn(turn)[1])


@pytest.mark.parametrize("words", [(What.BOOKED, What.REJECTED), (What.RETURNED, What.REJECTED)])
def test_a_transfer_both_paid_and_rejected_goes_to_a_person_in_any_order(words):
    for turn in permutations(words):
        assert isinstance(told_in_turn(turn)[1][-1], Contradiction)


def test_said_again_in_any_order_nothing_is_done_twice():
    for words in product(What, repeat=4):
        _, outcomes = told_in_turn(words)
        steps = [outcome for outcome in outcomes if isinstance(outcome, Step | Note)]
        assert len(steps) == len(set(steps))
        _, twice = told_in_turn(words + words)
        assert not any(isinstance(outcome, Step | Note) for outcome in twice[len(words) :])


def test_every_standing_has_an_answer_to_every_word():
    for standing, word in product(Standing, What):
        outcome = settle(standing, TOLD[word], amount=AMOUNT)
        if standing in {Standing.ORDERED, Standing.APPROVED, Standing.REJECTED}:
            assert outcome == Contradiction.NEVER_SENT
        elif standing == Standing.SENT:
            assert isinstance(outcome, Step | Note)


@pytest.mark.parametrize(("told", "why"), [
    (Heard(What.BOOKED, AMOUNT + 1), Contradiction.AMOUNT),
    (Heard(What.RETURNED, AMOUNT - 1), Contradiction.AMOUNT),
    (Heard(What.BOOKED, AMOUNT, currency="XPF"), Contradiction.CURRENCY),
])  # fmt: skip
def test_another_amount_or_another_currency_goes_to_a_person_wherever_the_order_stands(told, why):
    for standing in Standing:
        assert settle(standing, told, amount=AMOUNT) == why


def test_a_bank_quicker_than_our_own_writing_waits_for_it():
    assert settle(Standing.APPROVED, TOLD[What.ACCEPTED], amount=AMOUNT, leaving=True) == Nothing.EARLY
    assert settle(Standing.ORDERED, TOLD[What.ACCEPTED], amount=AMOUNT, leaving=True) == Contradiction.NEVER_SENT


@pytest.mark.parametrize(("second", "outcome"), [
    (Heard(What.BOOKED, AMOUNT, booked_on=date(2026, 9, 17)), Nothing.KNOWN),
    (Heard(What.BOOKED, AMOUNT, booked_on=date(2026, 9, 17), bank_reference="B1"), Nothing.KNOWN),
    (Heard(What.BOOKED, AMOUNT, booked_on=date(2026, 9, 17), bank_reference="B9"), Contradiction.PAID_TWICE),
    (Heard(What.BOOKED, AMOUNT, booked_on=date(2026, 9, 17), bank_reference="B1", rank=2), Contradiction.PAID_TWICE),
    (Heard(What.BOOKED, AMOUNT, booked_on=date(2026, 9, 18), bank_reference="B1"), Contradiction.PAID_TWICE),
])  # fmt: skip
def test_a_statement_that_repeats_an_advice_says_nothing_new_and_another_booking_does(second, outcome):
    for standing in (Standing.EXECUTED, Standing.RETURNED):
        assert settle(standing, second, amount=AMOUNT, before=[TOLD[What.BOOKED]]) == outcome


SUMS = {Standing.SENT: Decimal(70), Standing.UNPAID: Decimal(30)}
DONE = {Standing.EXECUTED: Decimal(70), Standing.UNPAID: Decimal(30)}


@pytest.mark.parametrize(("word", "sums", "amount", "outcome"), [
    (BatchWord.ACCEPTED, SUMS, None, Note.ACCEPTANCE),
    (BatchWord.ACCEPTED, {}, None, Contradiction.NEVER_SENT),
    (BatchWord.ACCEPTED, {Standing.APPROVED: Decimal(70)}, None, Nothing.EARLY),
    (BatchWord.REFUSED, SUMS, None, Step.FAIL),
    (BatchWord.REFUSED, {Standing.UNPAID: Decimal(30)}, None, Step.FAIL),
    (BatchWord.REFUSED, DONE, None, Contradiction.PARTLY_PAID),
    (BatchWord.BOOKED, SUMS, Decimal(70), Step.EXECUTE),
    (BatchWord.BOOKED, SUMS, Decimal(90), Contradiction.AMOUNT),
    (BatchWord.BOOKED, SUMS, Decimal(100), Contradiction.REJECTED_THEN_PAID),
    (BatchWord.BOOKED, DONE, Decimal(70), Nothing.KNOWN),
    (BatchWord.BOOKED, {Standing.RETURNED: Decimal(70)}, Decimal(70), Nothing.KNOWN),
])  # fmt: skip
def test_what_is_told_of_a_whole_batch_moves_only_what_is_still_on_its_way(word, sums, amount, outcome):
    assert settle_batch(word, sums, amount=amount) == outcome


def test_what_came_back_before_its_batch_was_booked_is_noted_executed():
    returned = {Standing.RETURNED: Decimal(70)}
    assert settle_batch(BatchWord.BOOKED, returned, amount=Decimal(70), unbooked=True) == Note.EXECUTION


@pytest.mark.parametrize("word", BatchWord)
def test_a_batch_that_nobody_signed_was_not_sent_whatever_the_bank_says(word):
    unsigned = {Standing.APPROVED: Decimal(70)}
    assert settle_batch(word, unsigned, amount=Decimal(70), leaving=False) == Contradiction.NEVER_SENT


def test_what_was_held_to_be_executed_is_confirmed_once():
    told = TOLD[What.BOOKED]
    assert settle(Standing.EXECUTED, told, amount=AMOUNT) == Note.CONFIRMATION
    assert settle(Standing.EXECUTED, told, amount=AMOUNT, before=[told]) == Nothing.KNOWN


def test_a_batch_is_refused_once():
    assert settle_batch(BatchWord.REFUSED, {Standing.UNPAID: Decimal(30)}, refused=True) == Nothing.KNOWN


def test_a_batch_booked_in_another_currency_goes_to_a_person():
    assert settle_batch(BatchWord.BOOKED, SUMS, amount=Decimal(70), currency="XPF") == Contradiction.CURRENCY
