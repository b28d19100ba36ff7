"""A statement closes a day, follows the one before it, or says what is missing."""

from datetime import date
from decimal import Decimal

import pytest

from escale.rules.bank_statements import Statement, by_day, gap, statements

MONDAY, TUESDAY = date(2026, 9, 14), date(2026, 9, 15)
TEN, TWELVE = Decimal(10), Decimal(12)
OTHER_OPENING = "Le solde d’ouverture n’est pas celui sur lequel le relevé d’avant se ferme."


def test_balances_make_a_statement_by_day_the_last_told_and_what_it_opens_on() -> None:
    told = [
        ("OPBD", MONDAY, TEN, "7"), ("CLBD", MONDAY, TEN, "7"), ("CLBD", MONDAY, TWELVE, "7"),
        ("PRCD", MONDAY, TWELVE, "8"), ("ITAV", TUESDAY, TEN, "8"), ("CLBD", TUESDAY, TEN, "8"),
    ]  # fmt: skip
    assert statements(told) == [Statement(MONDAY, TWELVE, "7", TEN), Statement(TUESDAY, TEN, "8", TWELVE)]


def test_what_no_statement_numbers_opens_on_its_day() -> None:
    told = [("OPBD", MONDAY, TEN, ""), ("CLBD", MONDAY, TWELVE, "")]
    assert statements(told) == [Statement(MONDAY, TWELVE, "", TEN)]


@pytest.mark.parametrize(
    ("this", "why"),
    [
        (Statement(TUESDAY, TEN, "8", TWELVE), ""),
        (Statement(TUESDAY, TEN), ""),
        (Statement(TUESDAY, TEN, "9"), "Le relevé n° 8 manque."),
        (Statement(TUESDAY, TEN, "11"), "Les relevés n° 8 à 10 manquent."),
        (Statement(TUESDAY, TEN, "7"), "Le relevé n° 7 ne suit pas le n° 7."),
        (Statement(date(2027, 1, 2), TEN, "1"), ""),
        (Statement(TUESDAY, TEN, "8", TEN), OTHER_OPENING),
    ],
)  # fmt: skip
def test_a_statement_follows_the_one_before_it_or_says_what_is_missing(this: Statement, why: str) -> None:
    assert gap(Statement(MONDAY, TWELVE, "7"), this) == why


def test_the_first_statement_that_was_ever_read_follows_nothing() -> None:
    following = [Statement(MONDAY, TEN, "7"), Statement(TUESDAY, TEN, "9")]
    assert [why for _, why in by_day(following, first=None)] == ["", "Le relevé n° 8 manque."]


def test_several_statements_of_a_day_follow_each_other_and_the_last_closes_it() -> None:
    told = [("CLBD", TUESDAY, TEN, "9"), ("OPBD", TUESDAY, TEN, "9"), ("CLBD", TUESDAY, TEN, "8")]
    again = ("CLBD", TUESDAY, TEN, "8")
    assert by_day(statements([*told, again]), first=Statement(MONDAY, TWELVE, "7")) == [
        (Statement(TUESDAY, TEN, "9", TEN), "")
    ]
    assert by_day(statements(told), first=Statement(MONDAY, TWELVE, "6"))[0][1] == "Le relevé n° 7 manque."
