"""One line of the corpus: a file, how it is sent, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """`expected` is an outcome of `screening`, then what goes with it.

    `accepted`, `cleaned javascript launch` (all that was removed and changed), `refused locked`, `infected`… Several
    expectations joined by `|` are as good as each other.
    """

    what: str
    build: Callable[[], bytes]
    expected: str
    name: str = "facture.pdf"
    declared_type: str = ""
    pages: int | None = None
