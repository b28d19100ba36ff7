from datetime import date, timedelta
from itertools import product

import pytest

from escale.rules import parameters, stays, territories
from escale.rules.intake import Care
from escale.rules.parameters import Edition, reading
from escale.rules.scope import (
    Authorisation,
    Category,
    Cause,
    Kind,
    RuleSet,
    Scope,
    Stay,
    Zone,
    agreement,
    scope,
    territory,
    third_party_alert,
)

FROM = date(2026, 3, 1)


def at(code: str, stay: Stay, until: date | None = date(2026, 3, 15), *, category: Category = Category.ACTIVE) -> Scope:
    return scope(territory=territory(code, on=FROM), stay=stay, stay_from=FROM, stay_until=until, category=category)


@pytest.mark.parametrize(
    ("code", "stay", "rules"),
    [
        ("DJ", Stay.POSTING, RuleSet.SERVICE),
        ("DE", Stay.POSTING, RuleSet.SERVICE),
        ("ML", Stay.MISSION, RuleSet.SERVICE),
        ("TF", Stay.MISSION, RuleSet.SERVICE),
        ("PF", Stay.POSTING, RuleSet.SERVICE),
        ("WF", Stay.POSTING, RuleSet.SERVICE),
        ("ES", Stay.HOLIDAY, RuleSet.PRIVATE_EU),
        ("GB", Stay.STUDIES, RuleSet.PRIVATE_EU),
        ("CH", Stay.HOLIDAY, RuleSet.PRIVATE_EU),
        ("CY-N", Stay.HOLIDAY, RuleSet.PRIVATE_WORLD),
        ("US", Stay.STUDIES, RuleSet.PRIVATE_WORLD),
        ("BE", Stay.PLANNED_CARE, RuleSet.PLANNED),
        ("US", Stay.PLANNED_CARE, RuleSet.PLANNED),
        ("NC", Stay.MISSION, RuleSet.SERVICE),
    ],
)
def test_place_and_stay_choose_the_rules(code: str, stay: Stay, rules: RuleSet) -> None:
    found = at(code, stay)
    assert found.rule_set is rules
    assert found.fund is None
    assert found.articles
    assert found.reason.endswith(".")


@pytest.mark.parametrize(
    ("code", "fund"),
    [
        ("GP", "Guadeloupe"), ("MQ", "Martinique"), ("GF", "Guyane"), ("RE", "Réunion"), ("YT", "Mayotte"),
        ("MF", "Guadeloupe"), ("BL", "Guadeloupe"), ("FR", "militaire"),
    ],
)  # fmt: skip
def test_elsewhere_the_competent_fund_is_named_with_its_address(code: str, fund: str) -> None:
    found = at(code, Stay.HOLIDAY)
    assert found.rule_set is None
    assert found.fund is not None
    assert fund in found.fund.name
    assert found.fund.name in found.reason
    assert found.fund.address in found.reason


@pytest.mark.parametrize(
    ("stay", "until", "redirected"),
    [
        (Stay.POSTING, None, True),
        (Stay.MISSION, None, False),
        (Stay.MISSION, date(2026, 9, 1), False),
        (Stay.MISSION, date(2026, 9, 2), True),
        (Stay.HOLIDAY, date(2027, 3, 1), True),
    ],
)
def test_new_caledonia_is_the_cafat_s_beyond_six_months(stay: Stay, until: date | None, redirected: bool) -> None:
    assert (at("NC", stay, until).fund is not None) is redirected


def test_the_family_on_a_mission_follows_the_private_rules_but_not_on_a_posting() -> None:
    assert at("ML", Stay.MISSION, category=Category.DEPENDANT).rule_set is RuleSet.PRIVATE_WORLD
    assert at("ML", Stay.POSTING, category=Category.DEPENDANT).rule_set is RuleSet.SERVICE


def test_a_telephone_is_given_only_where_it_is_sure() -> None:
    assert "téléphone" in at("FR", Stay.HOLIDAY).reason
    assert "téléphone" not in at("NC", Stay.POSTING, None).reason


def boundaries() -> list[date]:
    """Return the eve and the day of each change of a territory or of the matrix, and today."""
    switches = {*territories.switches(), *stays.switches(), FROM}
    return sorted(switches | {day - timedelta(days=1) for day in switches})


def test_the_matrix_has_one_row_for_each_stay_zone_category_length_and_day_of_change() -> None:
    cases = product(Kind, Zone, Category, (False, True), boundaries())
    wrong = {}
    for kind, zone, category, long, on in cases:
        found = [row.key for row in stays.rows(kind=kind, zone=zone, category=category, long=long, on=on)]
        if len(found) != 1:
            wrong[kind, zone, category, long, on] = found
    assert wrong == {}


@pytest.mark.parametrize("line", parameters.table("stays")["stays"], ids=lambda line: line["key"])
def test_each_row_of_the_matrix_tells_what_it_rests_on(line: dict) -> None:
    for row in line["rows"]:
        assert row["articles"]
        unsure = row.get("confidence", "law") in ("default", "secondary")
        assert not unsure or (row["source"] and row["consequence"].endswith("."))
        if not row.get("redirect"):
            assert row["reason"].endswith(".")
            assert row["payer"].endswith(".")
            assert row["cerfa"] in ("11790", "12267", "local")


@pytest.mark.parametrize("code", [place.code for place in territories.territories(on=FROM)])
def test_every_place_has_an_answer_for_every_stay_and_category(code: str) -> None:
    for stay, category, opex in product(Stay, Category, (False, True)):
        found = scope(
            territory=territory(code, on=FROM), stay=stay, stay_from=FROM, stay_until=None, category=category, opex=opex
        )
        assert (found.rule_set is None) is (found.fund is not None)
        assert found.articles
        assert "{" not in found.reason


@pytest.mark.parametrize("stay", list(Stay))
@pytest.mark.parametrize(("code", "told"), [("XZ", "pavillon"), ("XX", "gestionnaire")])
def test_at_sea_and_in_an_unknown_country_the_request_goes_to_a_person_and_nobody_is_sent_away(
    code: str, told: str, stay: Stay
) -> None:
    found = at(code, stay)
    assert found.fund is None
    assert found.to_settle
    assert told in found.alerts[0]


@pytest.mark.parametrize(
    ("code", "stay", "category", "rules", "key"),
    [
        ("DE", Stay.POSTING, Category.ACTIVE, RuleSet.SERVICE, "posting_europe"),
        ("DE", Stay.POSTING, Category.STUDENT, RuleSet.SERVICE, "posting_europe"),
        ("DE", Stay.POSTING, Category.RETIRED, RuleSet.PRIVATE_EU, "no_posting_europe"),
        ("PF", Stay.POSTING, Category.RETIRED, RuleSet.SERVICE, "retired_polynesia"),  # D. 713-7-2
        ("DJ", Stay.POSTING, Category.RETIRED, RuleSet.PRIVATE_WORLD, "no_posting_abroad"),
        ("ML", Stay.MISSION, Category.STUDENT, RuleSet.PRIVATE_WORLD, "along_abroad"),
        ("US", Stay.HOLIDAY, Category.ACTIVE, RuleSet.PRIVATE_WORLD, "holiday_abroad"),
        ("US", Stay.STUDIES, Category.STUDENT, RuleSet.PRIVATE_WORLD, "studies_abroad"),
    ],
)
def test_the_category_chooses_the_row_too(code: str, stay: Stay, category: Category, rules: RuleSet, key: str) -> None:
    found = scope(territory=territory(code, on=FROM), stay=stay, stay_from=FROM, stay_until=None, category=category)
    assert found.rule_set is rules
    assert found.terms is not None
    assert found.terms.key == key


@pytest.mark.parametrize(
    ("stay", "rules"),
    [
        (Stay.POSTING, None), (Stay.MISSION, RuleSet.SERVICE), (Stay.HOLIDAY, RuleSet.PRIVATE_WORLD),
        (Stay.PLANNED_CARE, RuleSet.PLANNED), (Stay.STUDIES, RuleSet.PRIVATE_WORLD),
    ],
)  # fmt: skip
def test_in_saint_pierre_only_a_temporary_stay_is_ours_and_a_person_settles_it(
    stay: Stay, rules: RuleSet | None
) -> None:
    found = at("PM", stay)
    assert (found.rule_set, found.to_settle) == (rules, rules is not None)
    assert found.fund is None or "Saint-Pierre" in found.fund.name


@pytest.mark.parametrize(
    ("code", "stay", "settled"),
    [
        ("GI", Stay.HOLIDAY, True), ("GB", Stay.HOLIDAY, False), ("WF", Stay.POSTING, True),
        ("DJ", Stay.POSTING, False),
        ("CH", Stay.PLANNED_CARE, True), ("DE", Stay.PLANNED_CARE, False), ("US", Stay.STUDIES, True),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_settled_by_a_person(code: str, stay: Stay, settled: bool) -> None:
    assert at(code, stay).to_settle is settled


def test_an_operation_is_a_kind_of_mission_that_a_person_settles() -> None:
    place = territory("ML", on=FROM)
    found = scope(territory=place, stay=Stay.MISSION, stay_from=FROM, stay_until=None, opex=True)
    assert (found.rule_set, found.to_settle) == (RuleSet.SERVICE, True)
    assert "service de santé des armées" in found.reason


@pytest.mark.parametrize(
    ("code", "until", "authorisation", "silence"),
    [
        ("ES", date(2026, 3, 15), Authorisation.HEAVY, "s2"),
        ("NO", date(2026, 3, 15), Authorisation.HEAVY, "s2"),
        ("CH", date(2026, 3, 15), Authorisation.ALWAYS, "s2"),
        ("US", date(2026, 3, 15), Authorisation.ALWAYS, "claim"),
    ],
)
def test_care_planned_abroad_asks_for_an_authorisation(
    code: str, until: date, authorisation: Authorisation, silence: str
) -> None:
    terms = at(code, Stay.PLANNED_CARE, until).terms
    assert terms is not None
    assert (terms.authorisation, terms.silence) == (authorisation, silence)


def test_the_united_kingdom_left_the_free_care_of_the_union_on_its_day() -> None:
    for on, expected in ((date(2020, 12, 31), Authorisation.HEAVY), (date(2021, 1, 1), Authorisation.ALWAYS)):
        place = territory("GB", on=on)
        terms = scope(territory=place, stay=Stay.PLANNED_CARE, stay_from=on, stay_until=None).terms
        assert terms is not None
        assert terms.authorisation is expected


@pytest.mark.parametrize(("cause", "told"), [(Cause.PENSION, "96 20"), (Cause.SERVICE, "11383")])
def test_care_of_a_pension_or_of_the_service_is_sent_to_its_own_door(cause: Cause, told: str) -> None:
    found = scope(territory=territory("DJ", on=FROM), stay=Stay.POSTING, stay_from=FROM, stay_until=None, cause=cause)
    assert found.rule_set is None
    assert told in found.reason


def test_chronic_care_was_admitted_during_the_epidemic_only() -> None:
    place = territory("US", on=FROM)
    for on, admitted in (
        (date(2020, 3, 11), False), (date(2020, 3, 12), True), (date(2020, 5, 23), True), (date(2020, 5, 24), False),
    ):  # fmt: skip
        found = scope(territory=place, stay=Stay.HOLIDAY, stay_from=on, stay_until=None)
        assert ("chronique" in found.reason) is admitted


def test_an_edition_changes_a_row_of_the_matrix_from_a_day_on() -> None:
    laid = {("stay", "holiday_abroad"): ({"from": date(2027, 1, 1), "authorisation": "always"},)}
    place = territory("US", on=FROM)
    with reading(Edition(3, laid)):
        seen = [
            scope(territory=place, stay=Stay.HOLIDAY, stay_from=on, stay_until=None).terms
            for on in (date(2026, 12, 31), date(2027, 1, 1))
        ]
    assert [terms and terms.authorisation for terms in seen] == [Authorisation.NONE, Authorisation.ALWAYS]


@pytest.mark.parametrize(
    ("code", "provider", "care", "told"),
    [
        ("SN", "Centre médical interarmées", Care.GENERALIST, True),
        ("SN", "CMIA Dakar", Care.GENERALIST, True),
        ("DJ", "Clinique Affi", Care.PHYSIOTHERAPY, True),
        ("DJ", "Clinique Affi", Care.DENTAL, False),
        ("GA", "Polyclinique EL RAPHA", Care.HOSPITAL, True),
        ("FR", "Polyclinique El Rapha", Care.HOSPITAL, False),
        ("DJ", "Cabinet Affinité", Care.PHYSIOTHERAPY, False),
    ],
)
def test_a_bill_of_a_place_that_the_fund_pays_directly_raises_an_alert(
    code: str, provider: str, care: Care, told: bool
) -> None:
    assert bool(third_party_alert(territory=code, provider=provider, cares=frozenset({care}))) is told


def test_an_agreement_is_told_where_one_is_known() -> None:
    assert "avance" in agreement("GA")
    assert agreement("DJ") == ""
