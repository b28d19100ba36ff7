"""Numbers and days of every writing are read as they were written."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from escale.rules.findings import calendars, numbers
from escale.rules.findings.folding import ascii_digits, folded, number_like

DIGITS = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９"]
STYLES = [(".", ","), (",", "."), (" ", ","), ("'", "."), ("", ","), ("", "."), (" ", ".")]


@settings(max_examples=40)
@given(some.integers(0, 10**12), some.sampled_from(DIGITS))
def test_digits_of_every_script_are_digits(number: int, digits: str):
    assert ascii_digits("".join(digits[int(one)] for one in str(number))) == str(number)


@settings(max_examples=40)
@given(some.decimals(1, 9_999_999, places=2), some.sampled_from(STYLES))
def test_an_amount_is_read_as_it_was_written(amount: Decimal, style: tuple[str, str]):
    group, mark = style
    text = numbers.written(amount, group=group, mark=mark, places=2)
    found = numbers.NUMBER.fullmatch(text)
    assert found
    assert numbers.value(found[0], 2) == amount


@settings(max_examples=40)
@given(some.integers(1_000, 99_999_999), some.sampled_from([".", ",", " ", "'"]))
def test_thousands_are_grouped_by_any_separator_where_there_are_no_decimals(amount: int, group: str):
    assert numbers.value(numbers.written(Decimal(amount), group=group, mark="", places=0), 0) == amount


@pytest.mark.parametrize(
    ("text", "places", "amount"),
    [
        ("12.500", 0, "12500"), ("12.500", 2, "12500"), ("12.500", 3, "12.5"), ("0.500", 2, "0.5"),
        ("1,23,456.00", 2, "123456"), ("1 234,567", 3, "1234.567"), ("1.234.567", 0, "1234567"), ("85,5", 2, "85.5"),
    ],
)  # fmt: skip
def test_one_separator_before_three_digits_is_that_of_the_currency(text: str, places: int, amount: str):
    assert numbers.value(text, places) == Decimal(amount)


def test_letters_are_digits_inside_a_number_only():
    assert number_like("1o8,5o") == "108,50"
    assert number_like("2o,00") == "20,00"
    assert number_like("b12") == "b12"
    assert number_like("soins") == "soins"


def test_letters_are_folded_in_every_script():
    assert folded("TOTAL À PAYER") == "total a payer"
    assert folded("الإجمالي") == folded("الاجمالی")
    assert folded("合計　１２３") == "合計 123"


@settings(max_examples=40)
@given(some.dates(date(1930, 1, 1), date(2070, 1, 1)))
def test_days_of_other_calendars_come_back(day: date):
    year, month, number = calendars.to_hijri(day)
    assert calendars.gregorian(year, month, number) == day
    assert calendars.gregorian(calendars.to_buddhist(day), day.month, day.day) == day
    era, of_era = calendars.to_japanese(day)
    assert calendars.from_japanese(era, of_era, day.month, day.day) == day


def test_a_day_that_is_in_no_calendar_is_none():
    assert calendars.gregorian(2026, 2, 30) is None
    assert calendars.gregorian(1446, 13, 1) is None
    assert calendars.from_japanese("令和", 8, 2, 30) is None
