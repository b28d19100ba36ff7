"""The coded reasons are dated: an edition words one anew, or adds one, from a day on."""

from datetime import date

import pytest

from escale.rules import parameters, refusal
from escale.rules.parameters import Edition

TODAY, BEFORE = date(2026, 9, 15), date(2026, 9, 14)
ROW = {
    "label": "Autres mots", "category": "no_rights", "articles": "CSS, art. L. 713-1", "from": TODAY,
    "source": "essai", "confidence": "law",
}  # fmt: skip


def test_the_fourteen_reasons_have_words_a_category_and_articles():
    found = refusal.reasons(on=TODAY)
    assert sorted(one.code for one in found) == [f"R{n:02d}" for n in range(1, 15)]
    assert all(one.label and one.articles for one in found)
    assert {one.category for one in found} == {one.label for one in refusal.Category}


def test_an_edition_words_a_reason_anew_from_a_day_on():
    with parameters.reading(Edition(3, {("reason", "R01"): (ROW,)})):
        assert refusal.reason("R01", on=TODAY).label == "Autres mots"
        assert refusal.reason("R01", on=BEFORE).label == "Prestation non remboursable"
    assert refusal.reason("R01", on=TODAY).label == "Prestation non remboursable"


def test_a_new_reason_may_be_given_from_its_day_on_and_always_be_told():
    with parameters.reading(Edition(4, {("reason", "R15"): (ROW,)})):
        assert "R15" in {one.code for one in refusal.reasons(on=TODAY)}
        assert "R15" not in {one.code for one in refusal.reasons(on=BEFORE)}
        assert refusal.reason("R15", on=BEFORE).label == "Autres mots"
    with pytest.raises(LookupError):
        refusal.reason("R15", on=TODAY)
