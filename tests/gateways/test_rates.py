from datetime import date
from decimal import Decimal

import pytest

from escale.gateways.rates import Rate, published


def test_the_rate_of_the_day_is_exactly_as_published():
    assert published("USD", on=date(1999, 1, 4)) == [
        Rate("USD", Decimal("1.1789"), "Banque centrale européenne", date(1999, 1, 4))
    ]


def test_on_a_day_without_rates_the_last_one_before_holds():
    [sunday] = published("JPY", on=date(2026, 10, 25))
    assert sunday.on == date(2026, 10, 23)


def test_every_figure_keeps_the_digits_it_was_given():
    [rate] = published("JPY", on=date(2026, 10, 29))
    assert str(rate.units_per_eur) == "175.92"


@pytest.mark.parametrize(("currency", "last_on"), [("HRK", date(2022, 12, 30)), ("RUB", date(2022, 3, 1))])
def test_a_currency_no_longer_published_tells_how_old_its_rate_is(currency, last_on):
    [rate] = published(currency, on=date(2026, 1, 1))
    assert rate.on == last_on


@pytest.mark.parametrize("currency", ["XPF", "DJF", "XOF", "EUR", "", "Date", "usd"])
def test_what_is_not_published_has_no_rate(currency):
    assert published(currency, on=date(2026, 1, 1)) == []


def test_before_the_euro_there_is_no_rate():
    assert published("USD", on=date(1998, 12, 31)) == []
