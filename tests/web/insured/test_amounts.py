"""Amounts as people type them."""

from decimal import Decimal

import pytest

from escale.web.insured import amounts


@pytest.mark.parametrize(("text", "currency", "amount"), [
    ("1 234,50", "EUR", "1234.50"),
    ("1\u202f234,50\u00a0€", "EUR", "1234.50"),
    ("15 000", "XOF", "15000"),
    ("15.000", "XOF", "15000"),
    ("15 000,00", "XOF", "15000"),
    ("1.234,50", "USD", "1234.50"),
    ("1,234.50", "USD", "1234.50"),
    ("$1,234.50", "USD", "1234.50"),
    ("1.234", "USD", "1234"),
    ("1.234.567", "DJF", "1234567"),
    ("1,234", "TND", "1.234"),
    ("180 usd", "USD", "180"),
    ("-5", "EUR", "-5"),
])  # fmt: skip
def test_an_amount_is_read_as_the_french_type_it_and_as_bills_print_it(text, currency, amount):
    assert amounts.read(text, currency=currency) == Decimal(amount)


@pytest.mark.parametrize(("text", "currency", "says"), [
    ("abc", "EUR", "en chiffres"),
    ("1e5", "EUR", "en chiffres"),
    ("12.50.30", "USD", "en chiffres"),
    (",5", "EUR", "en chiffres"),
    ("1,234", "USD", "2 décimales au plus"),
    ("15,5", "XOF", "sans décimales"),
    ("15,000", "XOF", "sans décimales"),
])  # fmt: skip
def test_an_amount_that_could_be_misread_is_asked_again(text, currency, says):
    with pytest.raises(amounts.Unreadable, match=says):
        amounts.read(text, currency=currency)


@pytest.mark.parametrize(("amount", "currency"), [("1234.50", "EUR"), ("15000", "XOF"), ("1.234", "TND")])
def test_an_amount_written_for_a_form_is_read_back_the_same(amount, currency):
    written = amounts.typed(Decimal(amount), currency=currency)
    assert amounts.read(written, currency=currency) == Decimal(amount)
