"""A draw by lot that anybody can do again: the same seed and the same list give the same sample."""

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

_SURE = 95  # times out of 100
_Z = NormalDist().inv_cdf((1 + _SURE / 100) / 2)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that may be drawn: the name by which everybody knows it, and its stratum."""

    name: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of errors from 0 to 1, and the interval that holds the true one 95 times out of 100 (Wilson, 1927)."""

    checked: int
    errors: int
    rate: float
    low: float
    high: float


def digest(units: Iterable[Unit]) -> str:
    """Return the SHA-256 of a list, in hexadecimal, whatever the order of its rows: `name;stratum`, one a line."""
    rows = sorted(f"{unit.name};{unit.stratum}\n" for unit in units)
    return hashlib.sha256("".join(rows).encode()).hexdigest()


def rank(seed: str, name: str) -> str:
    """Return the rank by lot: HMAC-SHA256 of the name under the seed, in hexadecimal; the lowest are drawn."""
    return hmac.new(seed.encode(), name.encode(), hashlib.sha256).hexdigest()


def size(units: int, *, number: int = 0, percent: int = 0) -> int:
    """Return how many of a stratum are drawn: a number, or a share rounded up; never more than there are."""
    return min(units, number or math.ceil(units * percent / 100))


def draw(units: Iterable[Unit], *, seed: str, number: int = 0, percent: int = 0) -> list[Unit]:
    """Return the sample, stratum by stratum, in the order of the lot."""
    strata: dict[str, list[tuple[str, Unit]]] = {}
    for unit in units:
        strata.setdefault(unit.stratum, []).append((rank(seed, unit.name), unit))
    return [
        unit
        for _stratum, ranked in sorted(strata.items())
        for _rank, unit in sorted(ranked, key=lambda pair: pair[0])[: size(len(ranked), number=number, percent=percent)]
    ]


def sizes(units: Iterable[Unit]) -> dict[str, int]:
    """Return how many there are in each stratum."""
    return dict(sorted(Counter(unit.stratum for unit in units).items()))


def estimate(*, checked: int, errors: int) -> Estimate:
    """Return the share of errors in one stratum; with nothing checked, anything is possible."""
    rate = errors / checked if checked else 0.0
    low, high = _wilson(rate, checked)
    return Estimate(checked, errors, rate, low, high)


def overall(strata: Mapping[str, tuple[int, int, int]]) -> Estimate:
    """
    Return the share of errors in the whole list, from the (size, checked, errors) of each stratum by its name.

    Each stratum weighs as much as it has units; the interval is Wilson's at the effective size of the sample. A stratum
    that nobody checked is left out of both.
    """
    seen = {name: one for name, one in strata.items() if one[1]}
    total = sum(units for units, _checked, _errors in seen.values())
    if not total:
        return estimate(checked=0, errors=0)
    rate = sum(units / total * errors / checked for units, checked, errors in seen.values())
    spread = sum((units / total) ** 2 * _variance(checked, errors) for units, checked, errors in seen.values())
    checked, errors = (sum(one[place] for one in seen.values()) for place in (1, 2))
    low, high = _wilson(rate, rate * (1 - rate) / spread if rate * (1 - rate) else checked)
    return Estimate(checked, errors, rate, low, high)


def _variance(checked: int, errors: int) -> float:
    """Return the variance of the rate of a stratum; one without an error is not taken for certain (Agresti, Coull)."""
    smoothed = (errors + 1) / (checked + 2)
    return smoothed * (1 - smoothed) / checked


def _wilson(rate: float, checked: float) -> tuple[float, float]:
    if not checked:
        return 0.0, 1.0
    z2 = _Z * _Z
    middle = (rate + z2 / (2 * checked)) / (1 + z2 / checked)
    reach = _Z / (1 + z2 / checked) * math.sqrt(rate * (1 - rate) / checked + z2 / (4 * checked * checked))
    return max(0.0, middle - reach), min(1.0, middle + reach)
