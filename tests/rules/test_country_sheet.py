from datetime import date
from itertools import product

import pytest

from escale.rules import parameters
from escale.rules.country_sheet import ENGLISH, Sheet, language, sheet, words
from escale.rules.intake import Care
from escale.rules.parameters import Edition, reading
from escale.rules.scope import Stay, territories, territory

TODAY = date(2026, 11, 21)
SPOKEN = parameters.table("languages")["spoken"]


def of(code: str, stay: Stay = Stay.POSTING) -> Sheet:
    return sheet(territory=territory(code, on=TODAY), stay=stay, on=TODAY)


def test_every_country_has_a_sheet_for_every_stay_that_answers_every_question() -> None:
    for place, stay in product(territories(on=TODAY), Stay):
        found = sheet(territory=place, stay=stay, on=TODAY)
        assert found.not_paid
        assert found.claim
        assert found.deadline.endswith(".")
        assert place.currency in found.currency
        assert found.scope.fund or (found.scope.terms and found.scope.terms.payer)
        told = " ".join((*found.notes, *found.not_paid, *found.agreements, *found.claim, found.deadline))
        assert "{" not in told


@pytest.mark.parametrize(
    ("code", "spoken"),
    [
        ("ES", "es"), ("AR", "es"), ("DE", "de"), ("IT", "it"), ("BR", "pt"), ("MA", "ar"), ("SN", "fr"), ("US", "en"),
        ("JP", "en"), ("CY-N", "en"), ("XZ", "en"), ("XX", "en"),
    ],
)  # fmt: skip
def test_the_physician_reads_the_language_of_the_country_or_english(code: str, spoken: str) -> None:
    assert language(code) == spoken
    assert of(code).doctor.language == spoken


def test_no_country_speaks_two_languages_and_each_is_a_territory() -> None:
    listed = [code for codes in SPOKEN.values() for code in codes]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {one.code for one in territories(on=TODAY)}


@pytest.mark.parametrize("spoken", [*SPOKEN, ENGLISH])
def test_each_language_says_all_that_french_says_beside_it(spoken: str) -> None:
    said, french = words(spoken), words("fr")
    assert [len(said.bill), len(said.also)] == [len(french.bill), len(french.also)]
    lines = [said.title, said.intro, *said.bill, *said.also]
    assert all(line.text and bool(line.french) is (spoken != "fr") for line in lines)
    assert [line.french for line in lines if line.french] in (
        [],
        [line.text for line in (french.title, french.intro, *french.bill, *french.also)],
    )
    assert said.direction == ("rtl" if spoken == "ar" else "ltr")


def test_the_sheet_says_what_to_bring_and_what_each_care_asks_for() -> None:
    holiday = of("ES", Stay.HOLIDAY)
    assert [paper.code for paper in holiday.bring] == ["european_card"]
    asked = {one.paper.code: one.cares for one in holiday.care_papers}
    assert Care.PHARMACY in asked["prescription"]
    assert asked["prior_agreement"] == (Care.ORTHODONTICS, Care.FERTILITY, Care.THERMAL)
    assert holiday.care_papers[0].paper.mandatory


def test_the_figures_of_the_sheet_are_those_of_the_law_on_its_day() -> None:
    assert "48 mois" in " ".join(of("DJ").claim)
    assert "2 semaines" in of("ES", Stay.PLANNED_CARE).agreements[0]
    assert "refusée" in of("US", Stay.PLANNED_CARE).agreements[0]
    assert of("DJ").claim_until == date(2028, 12, 31)
    longer = {("figure", "originals_months"): ({"value": 60, "source": "Un texte à venir", "confidence": "law"},)}
    with reading(Edition(2, longer)):
        assert "60 mois" in " ".join(of("DJ").claim)


def test_places_that_the_fund_pays_and_agreements_are_told() -> None:
    assert any("Affi" in note for note in of("DJ").notes)
    assert any("avance" in note for note in of("AD").notes)
    assert of("KE").notes == ()


def test_who_is_sent_elsewhere_reads_where() -> None:
    fund = of("NC").scope.fund
    assert fund is not None
    assert "CAFAT" in fund.name
    assert of("NC", Stay.MISSION).scope.fund is None
