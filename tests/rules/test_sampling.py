"""The draw by lot: anybody draws it again, each has the same chance, and its estimates hold the truth."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import sampling
from escale.rules.sampling import Unit

LIST = [Unit(f"C{rank:04d}", f"s{rank % 3}") for rank in range(300)]


@given(st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_sample_whatever_the_order_of_the_list(lot: random.Random) -> None:
    shuffled = lot.sample(LIST, len(LIST))
    assert sampling.draw(shuffled, seed="graine", number=5) == sampling.draw(LIST, seed="graine", number=5)
    assert sampling.digest(shuffled) == sampling.digest(LIST)


def test_another_seed_draws_another_sample_and_another_list_has_another_digest() -> None:
    assert sampling.draw(LIST, seed="a", number=5) != sampling.draw(LIST, seed="b", number=5)
    assert sampling.digest(LIST[1:]) != sampling.digest(LIST)


@pytest.mark.parametrize(("wanted", "drawn"), [({"number": 7}, 7), ({"percent": 10}, 10), ({"number": 500}, 100)])
def test_each_stratum_gives_its_number_or_its_share(wanted: dict, drawn: int) -> None:
    sample = sampling.draw(LIST, seed="graine", **wanted)
    assert Counter(unit.stratum for unit in sample) == {"s0": drawn, "s1": drawn, "s2": drawn}
    assert len(set(sample)) == len(sample)


def test_each_has_the_same_chance() -> None:
    drawn = Counter(unit.name for seed in range(400) for unit in sampling.draw(LIST, seed=str(seed), number=10))
    assert len(drawn) == len(LIST)
    assert min(drawn.values()) >= 15
    assert max(drawn.values()) <= 70  # 40 expected


@pytest.mark.parametrize(
    ("checked", "errors", "low", "high"), [(10, 0, 0.0, 0.2775), (100, 5, 0.0215, 0.1118), (0, 0, 0, 1)]
)
def test_an_estimate_is_wilsons(checked: int, errors: int, low: float, high: float) -> None:
    estimate = sampling.estimate(checked=checked, errors=errors)
    assert estimate.low == pytest.approx(low, abs=0.001)
    assert estimate.high == pytest.approx(high, abs=0.001)


def test_the_estimates_hold_the_true_rate_as_often_as_they_say() -> None:
    """2,000 draws from three groups of unlike sizes and error rates: the interval holds the truth 95 times in 100."""
    lot = random.Random(7)
    groups = {"a": (6000, 0.02), "b": (1500, 0.10), "c": (300, 0.30)}
    wrong = {name: [rank < size * rate for rank in range(size)] for name, (size, rate) in groups.items()}
    truth = sum(map(sum, wrong.values())) / sum(size for size, _rate in groups.values())
    held, held_in_b = 0, 0
    for _ in range(2000):
        errors = {name: sum(lot.sample(every, 60)) for name, every in wrong.items()}
        whole = sampling.overall({name: (groups[name][0], 60, errors[name]) for name in groups})
        held += whole.low <= truth <= whole.high
        one = sampling.estimate(checked=60, errors=errors["b"])
        held_in_b += one.low <= 0.10 <= one.high
    assert held >= 0.94 * 2000
    assert held_in_b >= 0.94 * 2000
