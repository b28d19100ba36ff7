"""The lettering of an account: which of its lines clear each other, and which are still open."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def lettered(moved: Sequence[Decimal]) -> list[str]:
    """Return the letters of lines, in their order, by what each moved in debit: one for all that come back to nothing.

    Lines bear the same letters from where the account was clear to where it is clear again; those after are open, and
    bear none.
    """
    letters: list[str] = []
    running, open_since, rank = Decimal(0), 0, 0
    for place, amount in enumerate(moved, start=1):
        running += amount
        if not running:
            letters += [_named(rank)] * (place - open_since)
            open_since, rank = place, rank + 1
    return letters + [""] * (len(moved) - open_since)


def balances(moved: Iterable[Decimal], *, opening: Decimal = Decimal(0)) -> Iterator[Decimal]:
    """Yield what an account comes to after each of its lines, in debit."""
    running = opening
    for amount in moved:
        running += amount
        yield running


def _named(rank: int) -> str:
    """Return A, B… Z, AA, AB… for 0, 1…"""
    name = ""
    while rank >= 0:
        name = _LETTERS[rank % len(_LETTERS)] + name
        rank = rank // len(_LETTERS) - 1
    return name
