from datetime import date

import pytest

from escale.rules.intake import Care, missing, papers
from escale.rules.scope import Stay, Zone

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
