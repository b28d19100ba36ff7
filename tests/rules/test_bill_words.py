from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import bill_words
from escale.rules.acts import act

TODAY = date(2026, 11, 21)


def test_a_hundred_and_fifty_words_are_told_in_six_languages() -> None:
    assert len(bill_words.entries()) >= 150
    lacking = [entry["fr"] for entry in bill_words.entries() for one in bill_words.LANGUAGES if not entry.get(one)]
    assert lacking == []


def test_every_code_is_that_of_an_act_we_ship() -> None:
    for entry in bill_words.entries():
        for code in entry.get("codes", ()):
            assert act(code, on=TODAY).label


@pytest.mark.parametrize(
    ("typed", "french"),
    [
        ("Chest X-ray", {("radiographie",), ("thorax",)}), ("Röntgen Knie", {("radiographie",), ("genou",)}),
        ("extracción de muela", {("avulsion",), ("dent",)}), ("pulizia denti", {("detartrage",)}),
        ("أشعة الصدر", {("radiographie",), ("thorax",)}), ("tomografia", {("scanographie",)}),
        ("ultras", {("echographie",)}),
    ],
)  # fmt: skip
def test_the_words_of_a_bill_lead_to_french_ones(typed: str, french: set[tuple[str, ...]]) -> None:
    assert french <= {phrase for term in bill_words.terms(typed) for phrase in term.french}


def test_the_longest_phrase_is_taken() -> None:
    (term,) = bill_words.terms("wisdom tooth")
    assert term.typed == ("wisdom", "tooth")
    assert bill_words.terms("root canal")[0].codes >= {"HBFD008"}


def test_words_that_tell_nothing_are_left_out() -> None:
    assert bill_words.terms("de la avec with") == ()
    assert [term.typed for term in bill_words.terms("radio du thorax")] == [("radio",), ("thorax",)]


@given(st.text(max_size=200))
def test_anything_may_be_typed(typed: str) -> None:
    assert len(bill_words.terms(typed)) <= 8
