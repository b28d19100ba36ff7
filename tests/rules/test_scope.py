from datetime import date

import pytest

from escale.rules.scope import RuleSet, Scope, Stay, scope, territory

FROM = date(2026, 3, 1)


def at(code: str, stay: Stay, until: date | None = date(2026, 3, 15), *, dependant: bool = False) -> Scope:
    return scope(territory=territory(code, on=FROM), stay=stay, stay_from=FROM, stay_until=until, dependant=dependant)


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
        ("PM", "Saint-Pierre"), ("MF", "Guadeloupe"), ("BL", "Guadeloupe"), ("FR", "militaire"),
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
    assert at("ML", Stay.MISSION, dependant=True).rule_set is RuleSet.PRIVATE_WORLD
    assert at("ML", Stay.POSTING, dependant=True).rule_set is RuleSet.SERVICE


def test_a_telephone_is_given_only_where_it_is_sure() -> None:
    assert "téléphone" in at("FR", Stay.HOLIDAY).reason
    assert "téléphone" not in at("NC", Stay.POSTING, None).reason
