from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from escale.rules import parameters
from escale.rules.acts import act, acts
from escale.rules.intake import Care
from escale.rules.parameters import Edition

TODAY = date(2026, 11, 21)
LATER = date(2027, 1, 1)


def figure(value: str, **ends: date) -> dict[str, Any]:
    return {"value": Decimal(value), "source": "Décret à venir", "confidence": "law", **ends}


def changed(*rows: dict[str, Any], number: int = 1) -> Edition:
    return Edition(number, {("figure", "franchise_drug"): rows})


def test_an_edition_changes_a_figure_from_its_day_and_nothing_before() -> None:
    with parameters.reading(changed(figure("3", **{"from": LATER}))):
        assert parameters.value("franchise_drug", on=date(2026, 12, 31)) == 1
        found = parameters.figure("franchise_drug", on=LATER)
    assert (found.value, found.version) == (3, "depuis le 01/01/2027, édition 1")
    assert parameters.value("franchise_drug", on=LATER) == 1
    assert parameters.figure("franchise_drug", on=LATER).version == "depuis le 31/03/2024"


def test_a_row_that_ends_gives_way_to_the_packaged_one() -> None:
    with parameters.reading(changed(figure("3", **{"from": TODAY, "until": LATER}))):
        assert [parameters.value("franchise_drug", on=day) for day in (TODAY, LATER)] == [3, 1]


def test_two_editions_of_one_number_are_never_taken_for_each_other() -> None:
    found = []
    for value in ("3", "4"):
        with parameters.reading(changed(figure(value))):
            found.append(parameters.value("franchise_drug", on=TODAY))
    assert found == [3, 4]
    assert changed(figure("3")) == changed(figure("3"))
    assert changed(figure("3")) != changed(figure("4"))


def test_editions_are_read_one_within_another_and_each_thread_reads_its_own() -> None:
    with parameters.reading(changed(figure("3"))) as outer:
        with parameters.reading(changed(figure("4"), number=2)):
            assert parameters.edition().number == 2
        assert parameters.edition() == outer
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(parameters.edition).result() is parameters.AS_SHIPPED


def test_a_row_without_true_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="dates"):
        changed(figure("3") | {"from": "2027-01-01"})


def test_an_edition_changes_the_tariff_of_an_act_and_brings_new_acts() -> None:
    tariff = {"from": LATER, "tariff": Decimal(32), "source": "Avenant à venir", "confidence": "official"}
    new = tariff | {"label": "Consultation longue", "care": "generalist"}
    with parameters.reading(Edition(7, {("act", "G"): (tariff,), ("act", "GL"): (new,)})):
        assert (act("G", on=TODAY).tariff, act("G", on=LATER).tariff) == (30, 32)
        assert act("G", on=LATER).source == "Avenant à venir"
        assert (act("GL", on=LATER).label, act("GL", on=LATER).edition) == ("Consultation longue", 7)
        assert not act("GL", on=TODAY).verified
        assert "GL" in {one.code for one in acts(Care.GENERALIST, on=LATER)}
    assert act("G", on=LATER).tariff == 30
    with pytest.raises(LookupError):
        act("GL", on=LATER)
