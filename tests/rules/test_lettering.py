"""Lines that clear each other bear the same letters, those that wait bear none."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from escale.rules.lettering import balances, lettered

SUMS = st.lists(st.integers(-3, 3).filter(bool).map(Decimal), max_size=80)


def test_what_comes_back_to_nothing_is_lettered_and_what_waits_is_not() -> None:
    assert lettered([Decimal(one) for one in (-10, 10, -4, -5, 9, -2)]) == ["A", "A", "B", "B", "B", ""]
    assert lettered([]) == []


@given(moved=SUMS)
def test_each_letter_clears_and_what_is_open_is_what_the_account_comes_to(moved: list[Decimal]) -> None:
    letters = lettered(moved)
    sums = {letter: sum(a for a, b in zip(moved, letters, strict=True) if b == letter) for letter in set(letters)}
    left = sum(moved)
    assert all(cleared == (0 if letter else left) for letter, cleared in sums.items())
    assert [*balances(moved)][-1:] == ([left] if moved else [])


def test_there_are_letters_for_as_many_as_it_takes() -> None:
    letters = lettered([Decimal(sign) for _ in range(28) for sign in (1, -1)])
    assert (letters[50], letters[52], letters[54]) == ("Z", "AA", "AB")
