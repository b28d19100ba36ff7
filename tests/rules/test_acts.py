from datetime import date
from decimal import Decimal

import pytest

from escale.rules.acts import act, acts
from escale.rules.intake import Care

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("code", "on", "tariff"),
    [
        ("G", date(2023, 10, 31), "25"), ("G", date(2023, 11, 1), "26.5"), ("G", date(2024, 12, 22), "30"),
        ("G_MOINS6", TODAY, "35"), ("CS", TODAY, "26.5"), ("CS_PSY", date(2025, 12, 31), "50"), ("CS_PSY", TODAY, "52"),
        ("AMK 9.5", TODAY, "21.00"), ("amk 9,5", TODAY, "21.00"), ("AMK 9.5", date(2024, 2, 21), "20.43"),
        ("B 80", TODAY, "20.00"), ("AMI 2", TODAY, "6.30"), ("HBJD001", TODAY, "28.92"), ("HBLD038", TODAY, "120.00"),
    ],
)  # fmt: skip
def test_an_act_has_the_tariff_of_its_day(code: str, on: date, tariff: str) -> None:
    found = act(code, on=on)
    assert found.tariff == Decimal(tariff)
    assert found.verified


@pytest.mark.parametrize("code", ["", "ZZZZ999", "G 2", "AMK 0", "AMK 99999", "AMK x", "AMK 9.5 9.5"])
def test_what_is_no_act_is_a_lookup_error(code: str) -> None:
    with pytest.raises(LookupError):
        act(code, on=TODAY)


@pytest.mark.parametrize(
    ("code", "on"), [("HBJD001", date(2025, 12, 31)), ("HOSP_MED", TODAY), ("PH7", TODAY), ("TC", TODAY)]
)
def test_a_tariff_without_a_sure_date_is_not_verified(code: str, on: date) -> None:
    assert not act(code, on=on).verified


def test_agents_pick_among_a_hundred_acts_by_kind_of_care() -> None:
    everything = acts(on=TODAY)
    assert len(everything) >= 100
    assert {one.code for one in acts(Care.PHYSIOTHERAPY, on=TODAY)} >= {"AMK", "AMK 9.5", "AMS 7.5"}
    assert all(one.care is Care.DENTAL for one in acts(Care.DENTAL, on=TODAY))
    assert len({one.code for one in everything}) == len(everything)
    assert all(act(one.code, on=TODAY) == one for one in everything)
