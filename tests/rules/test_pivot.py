"""Who FranceConnect names is recognised when everything agrees with one person only, and never else."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import pivot
from escale.rules.identity import folded
from escale.rules.recognition import Known, Outcome, Verdict, compare, match

TODAY = date(2026, 11, 22)
TOLD: dict[str, Any] = {
    "family_name": "D’AUBÉPIN",
    "given_name": "Élise Anne-Lise",
    "given_name_array": ["Élise", "Anne-Lise"],
    "birthdate": "1955-08-02",
    "gender": "female",
    "birthplace": "14168",
    "birthcountry": "99100",
}
KNOWN = Known(
    nir="255081416802538", birth_name="d’Aubépin", used_name="Lormeau", first_names="Élise Anne-Lise",
    born_on=date(1955, 8, 2),
)  # fmt: skip


def told(**changes: Any) -> pivot.Pivot:
    return pivot.read(TOLD | {"given_name_array": None} | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"family_name": "d'aubepin"},
        {"family_name": "D'AUBE\u0301PIN"},
        {"family_name": " D’  AUBÉPIN "},
        {"given_name": "ELISE"},
        {"given_name": "Élise, Anne Lise, Marie"},
        {"given_name": "Élise_Anne-Lise"},
        {"given_name": None, "given_name_array": ["Élise", "Anne-Lise"]},
        {"gender": "unspecified"},
        {"gender": None},
        {"birthplace": 14168},
        {"birthplace": ""},
        {"preferred_username": "LORMEAU"},
        {"address": {"country": "France"}, "phone_number": 33123456789},
    ],
)
def test_what_is_only_written_otherwise_is_the_same_person(changes: dict[str, Any]):
    assert compare(told(**changes), KNOWN).verdict == Verdict.SAME


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({"family_name": ""}, Verdict.DOUBT, "name_missing"),
        ({"family_name": None}, Verdict.DOUBT, "name_missing"),
        ({"family_name": 7}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "SANS NOM"}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "XXX"}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "d’Aubépin\u202e"}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "d’Aubépin 😀"}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "أوبيبان"}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "d’Aubépin" * 100}, Verdict.DOUBT, "name_missing"),
        ({"family_name": "DAUBEPIN"}, Verdict.DOUBT, "name_glued"),
        ({"family_name": "LORMEAU"}, Verdict.DOUBT, "name_is_used"),
        ({"family_name": "AUBEPIN"}, Verdict.OTHER, "name_differs"),
        ({"given_name": ""}, Verdict.DOUBT, "first_name_missing"),
        ({"given_name": "SP"}, Verdict.DOUBT, "first_name_missing"),
        ({"given_name": ["Élise", 3]}, Verdict.DOUBT, "first_name_missing"),
        ({"given_name_array": ["Élise"]}, Verdict.DOUBT, "first_name_missing"),
        ({"given_name": "E."}, Verdict.DOUBT, "first_name_short"),
        ({"given_name": "Élise Anne Marie"}, Verdict.DOUBT, "first_names_differ"),
        ({"given_name": "Anne Élise"}, Verdict.DOUBT, "first_names_order"),
        ({"given_name": "Hélène"}, Verdict.OTHER, "first_name_differs"),
        ({"birthdate": "1955-08-00"}, Verdict.DOUBT, "date_presumed"),
        ({"birthdate": "1955-00-02"}, Verdict.DOUBT, "date_presumed"),
        ({"birthdate": "1955"}, Verdict.DOUBT, "date_presumed"),
        ({"birthdate": "1955-02-30"}, Verdict.DOUBT, "date_missing"),
        ({"birthdate": "0000-08-02"}, Verdict.DOUBT, "date_missing"),
        ({"birthdate": "02/08/1955"}, Verdict.DOUBT, "date_missing"),
        ({"birthdate": "١٩٥٥-٠٨-٠٢"}, Verdict.DOUBT, "date_missing"),
        ({"birthdate": 19550802}, Verdict.DOUBT, "date_missing"),
        ({"birthdate": "1955-08-03"}, Verdict.OTHER, "date_differs"),
        ({"birthdate": "1956-00-00"}, Verdict.OTHER, "date_differs"),
        ({"gender": "male"}, Verdict.OTHER, "sex_differs"),
        ({"gender": "F"}, Verdict.DOUBT, "sex_unreadable"),
        ({"birthplace": "75107"}, Verdict.DOUBT, "place_differs"),
        ({"birthplace": "Caen"}, Verdict.DOUBT, "place_unreadable"),
        ({"birthplace": True}, Verdict.DOUBT, "place_unreadable"),
        ({"birthcountry": "99352"}, Verdict.DOUBT, "place_differs"),
        ({"birthcountry": None}, Verdict.DOUBT, "country_unreadable"),
        ({"birthcountry": "FR"}, Verdict.DOUBT, "country_unreadable"),
    ],
)
def test_what_differs_or_is_missing_is_told(changes: dict[str, Any], verdict: Verdict, code: str):
    comparison = compare(told(**changes), KNOWN)
    assert (comparison.verdict, comparison.code) == (verdict, code)
    assert comparison.reason.endswith(".")


@pytest.mark.parametrize(
    ("nir", "birthplace", "birthcountry", "verdict"),
    [
        ("299082A004001", "2a004", "99100", Verdict.SAME),
        ("299082B050001", "2A050", "99100", Verdict.DOUBT),
        ("299089872900123", "98729", "99100", Verdict.SAME),
        ("299089861100123", "98611", "99100", Verdict.SAME),
        ("299089741500123", "97415", "99100", Verdict.SAME),
        ("299089935200123", "Alger", "99352", Verdict.SAME),
        ("299089935200123", "90900", "99352", Verdict.SAME),
        ("299089935200123", "", "99352", Verdict.SAME),
        ("299089935200123", "", "99100", Verdict.DOUBT),
        ("299089235200123", "", "99352", Verdict.DOUBT),  # born in Algiers when it had a number of France
        ("299087501500123", "92015", "99100", Verdict.DOUBT),  # born in the Seine, cut in four since
        ("299209935200123", "", "99352", Verdict.DOUBT),  # a month that the NIR does not know
    ],
)
def test_where_somebody_was_born_is_read_in_the_nir(nir: str, birthplace: str, birthcountry: str, verdict: Verdict):
    known = replace(KNOWN, nir=nir.ljust(15, "0"), born_on=date(1999, 8, 2))
    place = {"birthdate": "1999-08-02", "birthplace": birthplace, "birthcountry": birthcountry}
    assert compare(told(**place), known).verdict == verdict


def test_one_person_alone_is_recognised():
    twin = replace(KNOWN, nir="255081416802635", first_names="Hélène")
    assert match(told(), [twin, KNOWN], today=TODAY) == (
        Outcome.MATCHED, KNOWN, "", "Tout concorde, avec une seule personne."
    )  # fmt: skip


@pytest.mark.parametrize("other", [{}, {"first_names": "Élise"}, {"nir": "255087510702538"}])
def test_a_homonym_leaves_nobody_recognised(other: dict[str, Any]):
    homonym = replace(KNOWN, **{"nir": "255081416802635"} | other)
    assert match(told(), [KNOWN, homonym], today=TODAY).outcome == Outcome.SEVERAL


def test_nobody_is_recognised_before_the_age_of_an_account():
    for born, outcome in [("2010-11-22", Outcome.NOBODY), ("2010-11-23", Outcome.TOO_YOUNG)]:
        assert match(told(birthdate=born), [], today=TODAY).outcome == outcome


def test_a_doubt_says_why_and_names_nobody():
    found = match(told(birthplace="75107"), [KNOWN], today=TODAY)
    assert found[:3] == (Outcome.DOUBT, None, "place_differs")
    assert match(told(birthdate="1955-08-00"), [KNOWN], today=TODAY)[:3] == (Outcome.DOUBT, None, "date_presumed")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=600),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(list(TOLD)), anything))
def test_whatever_is_told_nothing_breaks(claims: dict[str, Any]):
    assert match(pivot.read(claims), [KNOWN], today=TODAY).reason


@given(st.sampled_from(["family_name", "given_name", "birthdate", "birthplace", "birthcountry"]), anything)
def test_nobody_else_is_recognised_whatever_one_field_becomes(field: str, value: Any):
    """Y is whoever bears one other value, read as it is; the registry holds X only."""
    read = pivot.read(TOLD | {"given_name_array": None} | {field: value})
    if compare(read, KNOWN).verdict == Verdict.SAME:
        assert folded(read.birth_name or "") == folded(KNOWN.birth_name)
        assert folded(read.first_names or "").startswith("elise")
        assert read.born == (1955, 8, 2)
        assert read.birthplace in {"", "14168"}
        assert read.birthcountry == "99100"


letters = st.text("abcdeélôç -’", min_size=1, max_size=12)


@given(letters, letters, letters, letters)
def test_two_people_are_the_same_only_when_their_folded_names_agree(name: str, other: str, first: str, second: str):
    known = replace(KNOWN, birth_name=name, first_names=first)
    if compare(told(family_name=other, given_name=second), known).verdict == Verdict.SAME:
        assert folded(name) == folded(other)
        assert folded(first).split()[0] == folded(second).split()[0]
