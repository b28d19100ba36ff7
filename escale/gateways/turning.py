"""What comes of turning the keys: what was sealed again, and what could not be."""

from collections.abc import Callable
from dataclasses import dataclass

from escale.gateways.cipher import Altered
from escale.gateways.keyring import NoKey


@dataclass(frozen=True, slots=True)
class Turned:
    """How many seals were made again, were current already, or ask for a key not held here; which were altered."""

    resealed: int = 0
    current: int = 0
    out_of_reach: int = 0
    altered: tuple[str, ...] = ()

    def __add__(self, other: "Turned") -> "Turned":
        return Turned(
            self.resealed + other.resealed,
            self.current + other.current,
            self.out_of_reach + other.out_of_reach,
            self.altered + other.altered,
        )


def turned(turn: Callable[[], bool], *, name: str) -> Turned:
    """Turn one seal, known by this name, and return what came of it; `turn` says whether it had to be made again."""
    try:
        return Turned(resealed=1) if turn() else Turned(current=1)
    except NoKey:
        return Turned(out_of_reach=1)
    except Altered:
        return Turned(altered=(name,))
