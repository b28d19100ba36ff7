"""Which rate is chosen, and why: sources in order, no future, nothing too old, no unit guessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escale.rules import currency, parameters, redenominations
from escale.rules.currency import Origin, Quote
from escale.rules.parameters import Edition
from escale.rules.plausibility import Doubt, doubt

TODAY = date(2026, 11, 21)
PUBLISHED = [Origin.ECB, Origin.MONTHLY, Origin.ENTERED]


def quoted(code: str, units: str, *, on: date = TODAY, origin: Origin = Origin.ECB) -> Quote:
    return Quote(code, Decimal(units), origin.label, on, origin)


@pytest.mark.parametrize(
    ("there", "chosen"),
    [([Origin.ECB, Origin.MONTHLY, Origin.ENTERED], Origin.ECB), ([Origin.ENTERED, Origin.MONTHLY], Origin.MONTHLY),
     ([Origin.ENTERED], Origin.ENTERED)],
)  # fmt: skip
def test_sources_are_asked_in_order(there: list[Origin], chosen: Origin) -> None:
    published = [quoted("KES", f"{150 + place}", origin=origin) for place, origin in enumerate(there)]
    choice = currency.chosen("KES", on=TODAY, published=published)
    assert choice.quote
    assert choice.quote.origin is chosen
    assert choice.why[-1] == f"{chosen.label} : cours du 21/11/2026, retenu"


def test_a_source_too_old_gives_way_and_says_so() -> None:
    old, new = quoted("KES", "150", on=date(2026, 9, 1)), quoted("KES", "160", origin=Origin.ENTERED)
    choice = currency.chosen("KES", on=TODAY, published=[old, new])
    assert choice.quote == new
    assert "Banque centrale européenne : cours du 01/09/2026, trop ancien de 51 j" in choice.why


def test_an_edition_may_ask_the_monthly_table_first() -> None:
    row = {"from": date(2026, 1, 1), "order": ["parity", "monthly", "ecb"], "source": "Note", "confidence": "official"}
    published = [quoted("KES", "150"), quoted("KES", "151", origin=Origin.MONTHLY)]
    with parameters.reading(Edition(7, {("exchange_rate_order", "all"): (row,)})):
        after = currency.choose("KES", on=TODAY, published=published)
        before = currency.choose("KES", on=date(2025, 12, 31), published=[])
    assert after == published[1]
    assert before is None
    assert currency.choose("KES", on=TODAY, published=published) == published[0]


def test_the_day_of_the_rate_is_a_parameter() -> None:
    paid, given_on = date(2026, 9, 20), date(2026, 9, 1)
    row = {"from": date(2026, 1, 1), "value": 0, "source": "Note", "confidence": "official"}
    assert currency.rate_day(paid_on=paid, given_on=given_on) == paid
    assert currency.rate_day(paid_on=None, given_on=given_on) == given_on
    with parameters.reading(Edition(8, {("figure", "exchange_rate_at_payment"): (row,)})):
        assert currency.rate_day(paid_on=paid, given_on=given_on) == given_on


@pytest.mark.parametrize(("days", "told"), [(9, 0), (10, 10), (30, 30)])
def test_an_old_rate_tells_its_age(days: int, told: int) -> None:
    assert currency.age_to_tell(quoted("KES", "150", on=TODAY - timedelta(days=days)), on=TODAY) == told


days = st.integers(-60, 60).map(lambda n: TODAY + timedelta(days=n))
quotes = st.builds(
    Quote,
    st.sampled_from(["KES", "USD", "VND", "DJF", "XOF", "SLE"]),
    st.decimals("0.0001", "100000", places=4),
    st.just("Source"),
    days,
    st.sampled_from(PUBLISHED),
)


@settings(max_examples=500)
@given(st.lists(quotes, max_size=12), st.sampled_from(["KES", "USD", "DJF", "XOF", "SLE", "SLL"]))
def test_no_rate_comes_from_the_future_nor_from_too_long_ago(published: list[Quote], code: str) -> None:
    chosen = currency.choose(code, on=TODAY, published=published)
    limit = int(parameters.value("exchange_rate_days", on=TODAY))
    assert chosen is None or TODAY - timedelta(days=limit) <= chosen.on <= TODAY


@settings(max_examples=500)
@given(st.lists(quotes, max_size=8), st.lists(quotes, max_size=8), st.randoms())
def test_rates_of_no_use_change_nothing(published: list[Quote], others: list[Quote], shuffled) -> None:
    limit = int(parameters.value("exchange_rate_days", on=TODAY))
    oldest = TODAY - timedelta(days=limit)
    useless = [one for one in others if one.on > TODAY or one.on < oldest or one.currency == "VND"]
    every = [*{(one.currency, one.on, one.origin): one for one in published}.values()]
    mixed = every + [one for one in useless if (one.currency, one.on, one.origin) not in {
        (other.currency, other.on, other.origin) for other in every}]  # fmt: skip
    shuffled.shuffle(mixed)
    for code in ("KES", "DJF", "SLL"):
        alone = currency.choose(code, on=TODAY, published=every)
        assert currency.choose(code, on=TODAY, published=mixed) == alone


@pytest.mark.parametrize(
    ("code", "on", "units"),
    [("SLL", "2026-11-21", "25000"), ("HRK", "2023-01-01", "7.5345"), ("BGN", "2026-01-01", "1.95583"),
     ("MRO", "2018-01-01", None), ("ANG", "2025-03-31", None)],
)  # fmt: skip
def test_an_old_unit_is_understood_from_the_day_of_its_end(code: str, on: str, units: str | None) -> None:
    quote = currency.choose(code, on=date.fromisoformat(on), published=[quoted("SLE", "25")])
    assert (quote and quote.units_per_eur) == (units and Decimal(units))
    assert quote is None or quote.currency == code


def test_the_convertible_peso_is_worth_twenty_four_others() -> None:
    day = date(2021, 1, 1)
    quote = currency.choose("CUC", on=day, published=[quoted("CUP", "29.4", on=day)])
    assert quote
    assert quote.units_per_eur == Decimal("1.225")
    assert currency.choose("CUP", on=date(2020, 12, 31), published=[quoted("CUP", "29.4", on=date(2020, 12, 31))])


@pytest.mark.parametrize(
    ("code", "on", "units"),
    [("VES", "2026-03-10", "2e2"), ("VEF", "2026-03-10", "2e13"), ("VEB", "2026-03-10", "2e16"),
     ("VEF", "2021-09-30", "2e7"), ("VEB", "2021-09-30", "2e10")],
)  # fmt: skip
def test_an_old_unit_follows_a_new_one_that_changed_its_own(code: str, on: str, units: str) -> None:
    day = date.fromisoformat(on)
    quote = currency.choose(code, on=day, published=[quoted("VES", "200", on=day)])
    assert quote
    assert quote.units_per_eur == Decimal(units)


def test_a_rate_of_before_a_change_of_unit_never_serves_after_it() -> None:
    eve, day = date(2021, 9, 30), date(2021, 10, 1)
    published = [quoted("VES", "4800000", on=eve)]
    assert currency.choose("VES", on=eve, published=published)
    assert [currency.choose(code, on=day, published=published) for code in ("VES", "VEF", "VEB")] == [None, None, None]


def test_a_currency_that_does_not_exist_yet_has_no_rate() -> None:
    eve = date(2022, 6, 30)
    choice = currency.chosen("SLE", on=eve, published=[quoted("SLE", "13", on=eve)])
    assert choice.quote is None
    assert choice.why == ("Cette monnaie n’existe que depuis le 01/07/2022 : vérifiez l’unité.",)


@pytest.mark.parametrize(
    ("code", "on", "asked"),
    [("SLE", date(2022, 6, 30), False), ("SLE", date(2022, 7, 1), True), ("SLL", date(2024, 6, 30), True),
     ("SLE", date(2024, 7, 1), False), ("VES", date(2021, 10, 1), True), ("SYP", date(2026, 6, 1), True),
     ("EUR", date(2026, 2, 1), False), ("KES", TODAY, False)],
)  # fmt: skip
def test_the_unit_is_asked_while_bills_may_be_written_in_the_old_one(code: str, on: date, asked: bool) -> None:
    assert bool(redenominations.question(code, on=on)) is asked


def test_an_old_currency_is_offered_while_bills_may_be_written_in_it() -> None:
    assert "SLL" in dict(currency.currencies(date(2023, 1, 1)))
    assert "SLL" not in dict(currency.currencies(date(2024, 7, 1)))


@pytest.mark.parametrize(
    ("code", "known", "published", "found"),
    [
        ("KES", "150", "160", None),
        ("KES", "150", "187.5", None),
        ("KES", "150", "188", Doubt.JUMP),
        ("KES", "150", "15", Doubt.DECIMAL),
        ("KES", "150", "1496", Doubt.DECIMAL),
        ("KES", "150", "14960", Doubt.DECIMAL),
        ("KES", "150", "0.00668", Doubt.INVERTED),
        ("KWD", "0.355", "2.8169", Doubt.INVERTED),
        ("USD", "1.16", "0.862", Doubt.JUMP),
        ("LBP", "1640", "16200", Doubt.DECIMAL),
        ("NGN", "1000", "1620", Doubt.JUMP),
        ("EGP", "33.6", "51.9", Doubt.JUMP),
        ("ETB", "62", "118", Doubt.JUMP),
        ("ARS", "390", "880", Doubt.JUMP),
    ],
)
def test_an_implausible_rate_is_doubted_for_its_likeliest_cause(
    code: str, known: str, published: str, found: Doubt | None
) -> None:
    assert doubt(quoted(code, published), known=quoted(code, known)) is found
    assert doubt(quoted(code, published), known=None) is Doubt.FIRST
