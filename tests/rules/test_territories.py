from datetime import date
from time import perf_counter

import pytest

from escale.rules.scope import Zone, search, territories, territory

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
