from datetime import date
from itertools import pairwise
from time import perf_counter

import pytest

from escale.rules import parameters
from escale.rules.parameters import Edition, reading
from escale.rules.scope import Zone, search, territories, territory
from escale.rules.territories import called

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("USA", "US"), ("Etats Unis", "US"), ("Cote d Ivoire", "CI"), ("Côte d'Ivoire", "CI"), ("Tahiti", "PF"),
        ("tahiti", "PF"), ("DJ", "DJ"), ("DJI", "DJ"), ("Angleterre", "GB"), ("Hollande", "NL"), ("Guyane", "GF"),
        ("Nouméa", "NC"), ("Corée du Sud", "KR"), ("Djibouty", "DJ"), ("Allemange", "DE"), ("Birmanie", "MM"),
        ("republique tcheque", "CZ"), ("kosovo", "XK"), ("Chypre du Nord", "CY-N"), ("sénég", "SN"), ("emirats", "AE"),
        ("Etas-Unis", "US"), ("no", "NO"), ("Swaziland", "SZ"), ("TAAF", "TF"),
    ],
)  # fmt: skip
def test_a_territory_is_found_as_people_write_it(typed: str, code: str) -> None:
    assert search(typed, on=TODAY)[0].code == code


def test_a_name_begun_comes_before_a_name_that_holds_the_word() -> None:
    assert [one.code for one in search("corée du", on=TODAY)] == ["KP", "KR"]
    assert [one.name for one in search("c", on=TODAY, limit=3)] == ["Cambodge", "Cameroun", "Canada"]


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "%"])
def test_nothing_is_found_for_nonsense(typed: str) -> None:
    assert search(typed, on=TODAY) == []


def test_a_search_takes_less_than_five_milliseconds() -> None:
    times = []
    for _ in range(20):
        start = perf_counter()
        search("Allemange", on=TODAY)
        times.append(perf_counter() - start)
    assert min(times) < 0.005


@pytest.mark.parametrize(
    ("code", "on", "zone", "currency"),
    [
        ("GB", date(2020, 12, 31), Zone.EU, "GBP"),
        ("GB", date(2021, 1, 1), Zone.UK, "GBP"),
        ("HR", date(2013, 6, 30), Zone.WORLD, "HRK"),
        ("HR", date(2013, 7, 1), Zone.EU, "HRK"),
        ("HR", date(2023, 1, 1), Zone.EU, "EUR"),
        ("BG", date(2025, 12, 31), Zone.EU, "BGN"),
        ("BG", date(2026, 1, 1), Zone.EU, "EUR"),
        ("CY-N", TODAY, Zone.WORLD, "TRY"),
        ("GL", TODAY, Zone.WORLD, "DKK"),
        ("XK", TODAY, Zone.WORLD, "EUR"),
        ("CH", TODAY, Zone.SWITZERLAND, "CHF"),
        ("WF", TODAY, Zone.WALLIS, "XPF"),
    ],
)
def test_a_territory_is_as_it_stood_on_the_day(code: str, on: date, zone: Zone, currency: str) -> None:
    found = territory(code, on=on)
    assert (found.zone, found.currency) == (zone, currency)


def test_every_territory_is_listed_once_by_name_with_all_it_needs() -> None:
    listed = territories(on=TODAY)
    assert len({one.code for one in listed}) == len({one.name for one in listed}) == len(listed) >= 251
    assert all(len(one.currency) == 3 and len(one.iso3) in (0, 3) for one in listed)
    names = [one.name for one in listed]
    assert names.index("Éthiopie") < names.index("Fidji")


def test_the_union_has_its_twenty_seven_members_beside_aland_and_france() -> None:
    assert sum(one.zone is Zone.EU and one.code != "AX" for one in territories(on=TODAY)) == 26


def test_an_unknown_code_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        territory("ZZ", on=TODAY)


@pytest.mark.parametrize("typed", ["en mer", "haute mer", "bateau", "eaux internationales"])
def test_care_at_sea_has_a_place(typed: str) -> None:
    assert search(typed, on=TODAY)[0].zone is Zone.SEA


@pytest.mark.parametrize("typed", ["pays inconnu", "inconnu", "je ne sais pas"])
def test_a_person_may_not_know_the_country(typed: str) -> None:
    assert search(typed, on=TODAY)[0].zone is Zone.UNKNOWN


def test_each_territory_has_an_address_of_its_own() -> None:
    listed = territories(on=TODAY)
    assert len({one.slug for one in listed}) == len(listed)
    assert territory("CI", on=TODAY).slug == "cote-d-ivoire"
    assert all(called(one.slug, on=TODAY) == one for one in listed)


def test_an_edition_moves_a_territory_to_another_zone_from_a_day_on() -> None:
    joins = Edition(7, {("territory", "ME"): ({"from": date(2030, 1, 1), "zone": "EU"},)})
    with reading(joins):
        assert territory("ME", on=date(2029, 12, 31)).zone is Zone.WORLD
        joined = territory("ME", on=date(2030, 1, 1))
        assert (joined.zone, joined.name, joined.currency) == (Zone.EU, "Monténégro", "EUR")
        assert search("montenegro", on=date(2030, 1, 1))[0].zone is Zone.EU
    assert territory("ME", on=date(2030, 1, 1)).zone is Zone.WORLD


def test_an_edition_brings_a_territory_that_is_new_to_the_house() -> None:
    row = {"from": date(2027, 9, 1), "name": "Bougainville", "zone": "WORLD", "currency": "PGK"}
    with reading(Edition(8, {("territory", "PG-B"): (row,)})):
        assert search("bougainvile", on=date(2027, 9, 1))[0].code == "PG-B"
        with pytest.raises(LookupError):
            territory("PG-B", on=date(2027, 8, 31))
    with pytest.raises(LookupError):
        territory("PG-B", on=date(2027, 9, 1))


def test_every_dated_row_of_a_territory_follows_the_one_before_and_changes_something() -> None:
    for place in parameters.table("territories")["territories"]:
        rows = place.get("rows", [])
        assert all(before["until"] == after["from"] for before, after in pairwise(rows))
        facts = [(row["zone"], row["currency"]) for row in rows]
        assert all(before != after for before, after in pairwise(facts))
        assert not rows or (rows[0].get("from") is None and "until" not in rows[-1])
