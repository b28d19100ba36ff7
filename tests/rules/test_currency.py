from datetime import date, timedelta
from decimal import Decimal

import pytest

from escale.rules import currency
from escale.rules.currency import Quote

TODAY = date(2026, 11, 21)


def quoted(code: str, units: str, on: date) -> Quote:
    return Quote(code, Decimal(units), "BCE", on)


@pytest.mark.parametrize(
    ("amount", "code", "euros"),
    [("15000", "XOF", "22.87"), ("5000", "XAF", "7.62"), ("3000000", "XOF", "4573.47"), ("10000", "XPF", "83.80"),
     ("49197", "KMF", "100.00"), ("12.34", "EUR", "12.34")],
)  # fmt: skip
def test_fixed_parities_convert_to_the_cent(amount: str, code: str, euros: str) -> None:
    parity = currency.fixed_parity(code, on=TODAY)
    assert parity is not None
    assert currency.euros(Decimal(amount), parity) == Decimal(euros)


def test_a_published_rate_converts_to_the_cent() -> None:
    assert currency.euros(Decimal(180), quoted("USD", "1.08", TODAY)) == Decimal("166.67")


def test_the_latest_rate_published_by_the_day_is_chosen() -> None:
    published = [quoted("USD", f"1.{n}", TODAY + timedelta(days=n - 15)) for n in range(10, 20)]
    chosen = currency.choose("USD", on=TODAY, published=published)
    assert chosen is not None
    assert chosen.on == TODAY


@pytest.mark.parametrize(("days", "found"), [(30, True), (31, False), (-1, False)])
def test_a_rate_too_old_or_of_tomorrow_is_not_used(days: int, found: bool) -> None:
    published = [quoted("USD", "1.08", TODAY - timedelta(days=days))]
    assert (currency.choose("USD", on=TODAY, published=published) is not None) is found


def test_a_fixed_parity_comes_before_any_published_rate() -> None:
    chosen = currency.choose("XOF", on=TODAY, published=[quoted("XOF", "600", TODAY)])
    assert chosen is not None
    assert chosen.units_per_eur == Decimal("655.957")


@pytest.mark.parametrize(("code", "anchor"), [("GIP", "GBP"), ("FKP", "GBP"), ("SHP", "GBP"), ("BMD", "USD")])
def test_a_currency_at_par_with_another_has_its_rate(code: str, anchor: str) -> None:
    chosen = currency.choose(code, on=TODAY, published=[quoted(anchor, "0.87", TODAY), quoted("EGP", "50", TODAY)])
    assert chosen
    assert (chosen.currency, chosen.units_per_eur, chosen.origin) == (code, Decimal("0.87"), currency.Origin.PEG)
    assert f"1 {anchor} = 1 {code}" in chosen.source
    assert currency.codes_for(code, on=TODAY) == (code, anchor)
    assert currency.codes_for("KES", on=TODAY) == ("KES",)


def test_a_currency_tied_to_the_dollar_follows_it_and_says_so() -> None:
    dollar = quoted("USD", "1.10", TODAY)
    chosen = currency.choose("DJF", on=TODAY, published=[dollar])
    assert chosen is not None
    assert chosen.units_per_eur == Decimal("195.4931")
    assert "BCE" in chosen.source
    assert "177,721 DJF" in chosen.source
    assert currency.choose("DJF", on=TODAY, published=[]) is None
    assert currency.fixed_parity("DJF", on=TODAY) is None


def test_decimals_are_those_of_the_standard() -> None:
    assert {code: currency.decimals(code) for code in ("EUR", "XOF", "DJF", "JPY", "TND", "KWD")} == {
        "EUR": 2, "XOF": 0, "DJF": 0, "JPY": 0, "TND": 3, "KWD": 3,
    }  # fmt: skip


def test_only_currencies_in_use_on_the_day_are_offered_and_all_have_a_name() -> None:
    now, before = dict(currency.currencies(TODAY)), dict(currency.currencies(date(2025, 12, 31)))
    assert "BGN" in before
    assert "BGN" not in now
    assert now["XOF"] == "franc CFA (BCEAO)"
    assert all(code != name for code, name in now.items())


def test_amounts_are_written_the_french_way() -> None:
    assert currency.written(Decimal("5250")) == "5\u202f250,00\u00a0€"
