"""The signs of doubles: what they say, what they leave alone, and that the order of two lines changes nothing."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import doubles
from escale.rules.doubles import Care, Kind, Weight

ONE = Care(
    line=1, claim=1, family=1, cared_for="2018-05-04 zoe", provider=doubles.provider("Clinique du Port"),
    given_on=date(2026, 9, 1), amount=Decimal("125.50"), currency="USD", euros=Decimal("108.00"), territory="DJ",
)  # fmt: skip
SAME = replace(ONE, line=2, claim=2)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Clinique du Port SARL", "CLINIQUE DU PORT"),
        ("Dr Élodie Martin", "martin elodie"),
        ("St. Mary’s Hospital Ltd.", "Saint mary's hospital"),
        ("Port Clinic", "The Port Clinic, LLC"),
    ],
)
def test_one_provider_has_several_names(name: str, other: str) -> None:
    if "Mary" in name:  # a saint is not abbreviated: told apart, and that is the price of few false alarms
        assert not doubles.same_provider(doubles.provider(name), doubles.provider(other))
    else:
        assert doubles.same_provider(doubles.provider(name), doubles.provider(other))


@pytest.mark.parametrize(
    ("changed", "weight"),
    [
        ({}, Weight.STRONG),
        ({"family": 2}, Weight.STRONG),  # the other parent claims for the same child
        ({"given_on": date(2026, 9, 2)}, Weight.MEDIUM),
        ({"currency": "EUR", "amount": Decimal("108.90")}, Weight.MEDIUM),
        ({"currency": "EUR", "amount": Decimal("108.90"), "given_on": date(2026, 8, 31)}, Weight.WEAK),
        ({"family": 2, "cared_for": "1990-01-01 alex"}, Weight.MEDIUM),
        ({"claim": 1}, Weight.WEAK),
        ({"family": 2, "cared_for": "1990-01-01 alex", "amount": Decimal(50)}, None),
        ({"amount": Decimal("125.00")}, None),
        ({"given_on": date(2026, 9, 3)}, None),
        ({"provider": doubles.provider("Hôpital de la Baie")}, None),
        ({"currency": "EUR", "euros": None}, None),
        ({"line": 1}, None),
    ],
)
def test_one_bill_is_known_by_its_provider_its_day_and_its_amount(changed: dict, weight: Weight | None) -> None:
    changed.setdefault("euros", changed.get("amount", ONE.euros))
    other = replace(SAME, **changed)
    first = replace(ONE, amount=other.amount) if changed.get("amount") == Decimal(50) else ONE
    sign = doubles.bill(first, other)
    assert (sign and sign.weight) == weight
    mirror = doubles.bill(other, first)
    assert (mirror and mirror.weight) == weight


def test_two_countries_on_one_day_are_told_and_the_open_sea_is_not() -> None:
    elsewhere = replace(SAME, territory="US", provider="x")
    sign = doubles.travel(ONE, elsewhere)
    assert sign
    assert dict(sign.facts) == {"on": "2026-09-01", "here": "DJ", "there": "US"}
    assert doubles.travel(ONE, replace(elsewhere, territory="")) is None
    assert doubles.travel(ONE, replace(elsewhere, cared_for="another")) is None


def test_a_posting_elsewhere_is_a_weak_sign() -> None:
    sign = doubles.posted(ONE, ["GA"])
    assert sign
    assert sign.weight is Weight.WEAK
    assert doubles.posted(ONE, ["GA", "DJ"]) is None
    assert doubles.posted(ONE, []) is None


@pytest.mark.parametrize(
    ("amount", "euros", "told"),
    [("500", "430", True), ("500", "4", False), ("450", "430", False), ("500", None, False)],
)
def test_a_large_round_amount_is_told(amount: str, euros: str | None, told: bool) -> None:
    care = replace(ONE, amount=Decimal(amount), euros=euros and Decimal(euros))
    assert bool(doubles.round_amount(care)) == told


_CARES = st.builds(
    Care,
    line=st.integers(1, 3), claim=st.integers(1, 3), family=st.integers(1, 2), cared_for=st.sampled_from("ab"),
    provider=st.sampled_from(["clinique port", "clinique", "hopital"]),
    given_on=st.dates(date(2026, 9, 1), date(2026, 9, 3)), amount=st.sampled_from([Decimal(50), Decimal("50.45")]),
    currency=st.sampled_from(["USD", "EUR"]), euros=st.sampled_from([None, Decimal(50), Decimal("50.45")]),
    territory=st.sampled_from(["DJ", "US", ""]),
)  # fmt: skip


@given(_CARES, _CARES)
def test_the_order_of_two_lines_changes_neither_the_kind_nor_the_weight(one: Care, other: Care) -> None:
    for sign in (doubles.bill, doubles.travel):
        there, back = sign(one, other), sign(other, one)
        assert (there and there.weight) == (back and back.weight)


def test_distinct_bills_of_a_garrison_raise_next_to_nothing() -> None:
    """A year of 600 people at 12 providers who charge fixed prices: no pair of lines is a double but by rare chance."""
    lot = random.Random(6)
    providers = [doubles.provider(f"Cabinet {name}") for name in ["Alba", "Brise", "Corail", "Dune", "Ecume", "Foc"]]
    lines = [
        Care(
            line=rank, claim=rank, family=person, cared_for=f"{person}", provider=lot.choice(providers),
            given_on=date(2026, 1, 1) + timedelta(days=lot.randrange(365)), currency="USD", euros=None,
            amount=lot.choice([Decimal(30), Decimal(50), Decimal(80), Decimal(lot.randrange(2000, 30000)) / 100]),
            territory="DJ",
        )
        for rank, person in enumerate(lot.randrange(600) for _ in range(1500))
    ]  # fmt: skip
    pairs = list(combinations(lines, 2))
    raised = sum(bool(doubles.bill(one, other)) for one, other in pairs)
    assert raised <= 3
    assert len(pairs) > 1_000_000


def test_each_kind_has_its_name() -> None:
    assert {kind.label for kind in Kind} >= {"Même image", "Deux pays le même jour"}
