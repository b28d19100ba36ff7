from datetime import date

import pytest

from escale.rules import intake, parameters, stays
from escale.rules.intake import Care, Paper, is_medical, missing, papers
from escale.rules.parameters import Edition, reading
from escale.rules.scope import Category, Stay, Zone

TODAY = date(2026, 11, 21)


def codes(zone: Zone, stay: Stay, *cares: Care, mandatory: bool = True) -> set[str]:
    asked = papers(zone=zone, stay=stay, cares=set(cares), on=TODAY)
    return {paper.code for paper in asked if paper.mandatory is mandatory}


@pytest.mark.parametrize(
    ("zone", "stay", "cares", "asked"),
    [
        (Zone.WORLD, Stay.POSTING, {Care.GENERALIST}, {"bill"}),
        (Zone.WORLD, Stay.POSTING, {Care.PHYSIOTHERAPY, Care.BIOLOGY}, {"bill", "prescription"}),
        (Zone.WORLD, Stay.POSTING, {Care.VACCINE}, {"bill", "prescription", "transfer_order"}),
        (Zone.WORLD, Stay.MISSION, {Care.VACCINE}, {"bill", "prescription"}),
        (Zone.WORLD, Stay.HOLIDAY, {Care.GENERALIST}, {"bill", "proof_of_stay", "emergency"}),
        (Zone.EU, Stay.HOLIDAY, {Care.GENERALIST}, {"bill"}),
        (Zone.EU, Stay.STUDIES, {Care.GENERALIST}, {"bill", "schooling"}),
        (Zone.EU, Stay.PLANNED_CARE, {Care.DENTAL}, {"bill"}),
        (Zone.EU, Stay.PLANNED_CARE, {Care.HEAVY_IMAGING}, {"bill", "prescription", "authorisation"}),
        (Zone.WORLD, Stay.PLANNED_CARE, {Care.DENTAL}, {"bill", "authorisation"}),
        (Zone.POLYNESIA, Stay.POSTING, {Care.GENERALIST}, {"bill", "local_sheet"}),
        (Zone.WORLD, Stay.POSTING, {Care.ORTHODONTICS}, {"bill", "prior_agreement"}),
        (Zone.WORLD, Stay.POSTING, {Care.MATERNITY}, {"bill", "pregnancy"}),
        (Zone.WORLD, Stay.POSTING, set(), {"bill"}),
    ],
)
def test_the_papers_follow_the_place_the_stay_and_the_care(
    zone: Zone, stay: Stay, cares: set[Care], asked: set[str]
) -> None:
    assert codes(zone, stay, *cares) == asked


def test_papers_that_may_help_are_offered_not_asked() -> None:
    assert {"cerfa", "mission_order", "discharge_report"} <= codes(
        Zone.WORLD, Stay.MISSION, Care.HOSPITAL, mandatory=False
    )
    assert "european_card" in codes(Zone.UK, Stay.HOLIDAY, Care.GENERALIST, mandatory=False)


def test_the_right_cerfa_is_offered() -> None:
    labels = {
        stay: next(
            paper.label for paper in papers(zone=Zone.WORLD, stay=stay, cares=set(), on=TODAY) if paper.code == "cerfa"
        )
        for stay in (Stay.POSTING, Stay.HOLIDAY)
    }
    assert "11790" in labels[Stay.POSTING]
    assert "12267" in labels[Stay.HOLIDAY]


def test_only_mandatory_papers_not_provided_are_missing() -> None:
    asked = papers(zone=Zone.WORLD, stay=Stay.HOLIDAY, cares={Care.PHARMACY}, on=TODAY)
    assert [paper.code for paper in missing(papers=asked, provided={"bill", "emergency"})] == [
        "proof_of_stay",
        "prescription",
    ]
    assert missing(papers=asked, provided={paper.code for paper in asked}) == ()


@pytest.mark.parametrize("zone", list(Zone))
@pytest.mark.parametrize("stay", list(Stay))
def test_no_paper_is_asked_twice_whatever_the_case(zone: Zone, stay: Stay) -> None:
    asked = [paper.code for paper in papers(zone=zone, stay=stay, cares=set(Care), on=TODAY)]
    assert len(asked) == len(set(asked))
    assert asked[0] == "bill"


def asked(*cares: Care, stay: Stay = Stay.POSTING, zone: Zone = Zone.WORLD, **facts) -> dict[str, Paper]:
    return {paper.code: paper for paper in papers(zone=zone, stay=stay, cares=set(cares), on=TODAY, **facts)}


@pytest.mark.parametrize(
    ("fact", "care", "paper"),
    [
        ({"accident": True}, Care.GENERALIST, "accident"),
        ({"control": True}, Care.GENERALIST, "consular_visa"),
        ({"panoramic": True}, Care.DENTAL, "panoramic"),
        ({"language": "ja"}, Care.GENERALIST, "translation"),
        ({"language": "ar"}, Care.GENERALIST, "translation"),
    ],
)
def test_what_happened_asks_for_a_paper_of_its_own(fact: dict, care: Care, paper: str) -> None:
    assert asked(care, **fact)[paper].mandatory
    without = asked(care)
    assert paper not in without or not without[paper].mandatory


def test_a_language_that_the_fund_reads_needs_no_translation() -> None:
    assert "translation" not in asked(Care.GENERALIST, language="es")
    assert asked(Care.GENERALIST)["translation"].why == (
        "Si la pièce n’est pas en français, allemand, anglais, espagnol, italien ou portugais."
    )


def test_an_edition_admits_another_language() -> None:
    row = {"from": date(2026, 1, 1), "languages": ["fr", "ar"]}
    with reading(Edition(2, {("language", "accepted"): (row,)})):
        assert "translation" not in asked(Care.GENERALIST, language="ar")
        assert asked(Care.GENERALIST, language="es")["translation"].mandatory


def test_the_family_on_a_mission_sends_the_papers_of_a_private_stay() -> None:
    soldier = asked(Care.GENERALIST, stay=Stay.MISSION)
    family = asked(Care.GENERALIST, stay=Stay.MISSION, category=Category.DEPENDANT)
    assert ("11790" in soldier["cerfa"].label, "12267" in family["cerfa"].label) == (True, True)
    assert "emergency" in family
    assert "emergency" not in soldier


def test_the_cerfa_becomes_mandatory_for_some_stays_by_an_edition_alone() -> None:
    row = {"from": date(2026, 1, 1), "when": [{"cerfa": ["11790"], "mandatory": True}]}
    with reading(Edition(4, {("paper", "cerfa_11790"): (row,)})):
        assert asked(Care.GENERALIST)["cerfa"].mandatory
        assert not asked(Care.GENERALIST, stay=Stay.HOLIDAY)["cerfa"].mandatory
    with reading(Edition(5, {("figure", "cerfa_required"): ({"value": 1, "source": "", "confidence": "law"},)})):
        assert asked(Care.GENERALIST, stay=Stay.HOLIDAY)["cerfa"].mandatory


@pytest.mark.parametrize("code", ["imaging_report", "discharge_report", "panoramic"])
def test_medical_papers_are_for_physicians_whoever_sends_them(code: str) -> None:
    assert is_medical(code)


@pytest.mark.parametrize("code", ["bill", "prescription", "autre"])
def test_other_papers_are_not_medical(code: str) -> None:
    assert not is_medical(code)


def test_every_paper_of_the_matrix_is_in_the_table_and_every_condition_can_be_met() -> None:
    known = {row["key"]: row for row in parameters.table("papers")["papers"]}
    lines = parameters.table("stays")["stays"]
    named = {code for line in lines for row in line["rows"] for code in row.get("documents", ())}
    assert named <= known.keys()
    for key, row in known.items():
        assert intake.paper(key, on=TODAY).why.endswith(".")
        for when in row.get("when", ()):
            assert set(when) <= {
                "mandatory", "right", "cerfa", "rule_set", "authorisation", "stay", "care", "category", "fact"
            }  # fmt: skip
            assert not when.get("right") or key in named
            assert {Care(care) for care in when.get("care", ())} <= set(Care)
            assert {Stay(stay) for stay in when.get("stay", ())} <= set(Stay)
            assert {stays.RuleSet(one) for one in when.get("rule_set", ())} <= set(stays.RuleSet)
