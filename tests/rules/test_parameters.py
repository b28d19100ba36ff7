from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from escale.rules import parameters
from escale.rules.acts import acts
from escale.rules.currency import fixed_parity

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("name", parameters.names())
def test_each_figure_is_dated_in_order_sourced_and_known_today(name: str) -> None:
    table = parameters.table(name)
    assert set(table) <= {"label", "unit", "note", "values"}
    end = None
    for row in table["values"]:
        assert set(row) <= {"from", "until", "value", "source", "confidence", "consequence"}
        assert row["confidence"] in {"law", "official", "secondary", "default"}
        assert end is None or row["from"] == end
        end = row.get("until")
    assert end is None
    assert parameters.source(name, on=TODAY)


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("participation_forfaitaire", date(2024, 5, 14), "1"),
        ("participation_forfaitaire", date(2024, 5, 15), "2"),
        ("franchise_drug", date(2024, 3, 30), "0.5"),
        ("share_france_dentists", date(2023, 10, 14), "30"),
        ("share_france_dentists", date(2023, 10, 15), "40"),
        ("hospital_daily_charge", date(2026, 2, 28), "20"),
        ("hospital_daily_charge", date(2026, 3, 1), "23"),
        ("share_heavy_acts", date(2026, 4, 21), "24"),
        ("share_heavy_acts", date(2026, 4, 22), "32"),
        ("emergency_charge", date(2026, 2, 28), "19.61"),
        ("emergency_charge", date(2026, 3, 1), "23"),
        ("emergency_charge_reduced", date(2026, 2, 28), "8.49"),
        ("emergency_charge_reduced", date(2026, 3, 1), "9.96"),
        ("participation_forfaitaire_per_year", date(2024, 5, 14), "50"),
        ("participation_forfaitaire_per_year", date(2024, 5, 15), "25"),
        ("franchise_auxiliary_per_day", date(2024, 3, 30), "2"),
        ("franchise_auxiliary_per_day", date(2024, 3, 31), "4"),
        ("franchise_transport_per_day", date(2024, 3, 30), "4"),
        ("franchise_transport_per_day", date(2024, 3, 31), "8"),
        ("ccam_point", date(2025, 12, 31), "0.455"),
        ("ccam_point", date(2026, 1, 1), "0.47"),
    ],
)
def test_an_older_date_uses_the_older_figure(name: str, on: date, value: str) -> None:
    assert parameters.value(name, on=on) == Decimal(value)


def rows_of_the_law() -> list[Any]:
    """Return every dated list of the packaged law (figures, tariffs, parities): its name, its rows, its value."""
    dated = [(name, parameters.table(name)["values"], "value") for name in parameters.names()]
    dated += [(act["code"], act.get("rows", []), "tariff") for act in parameters.table("acts")["acts"]]
    currencies = {row["currency"]: row for row in parameters.table("fixed_parities")["parities"]}
    dated += [(currency, [row], "units") for currency, row in currencies.items()]
    return [pytest.param(rows, key, id=name) for name, rows, key in dated]


@pytest.mark.parametrize(("rows", "key"), rows_of_the_law())
def test_each_change_of_the_law_is_seen_on_its_day_and_not_the_day_before(rows: list[Any], key: str) -> None:
    for before, after in pairwise(rows):
        assert before["until"] == after["from"]
        the_day, the_eve = after["from"], after["from"] - timedelta(days=1)
        found = [parameters.current(rows, on=day) for day in (the_eve, the_day)]
        assert found == [before, after]
        # The same value twice is a change of source only, and says so by another confidence.
        assert (before[key], before["confidence"]) != (after[key], after["confidence"])
    if rows and "from" in rows[0]:
        assert parameters.current(rows, on=rows[0]["from"] - timedelta(days=1)) is None


def test_before_its_first_date_a_figure_is_unknown() -> None:
    with pytest.raises(parameters.Unknown):
        parameters.value("participation_forfaitaire", on=date(2004, 12, 31))


@pytest.mark.parametrize("name", parameters.names())
def test_what_is_not_verified_says_what_would_follow_if_it_were_wrong(name: str) -> None:
    unsure = [row for row in parameters.table(name)["values"] if not parameters.verified(row)]
    assert all(row.get("consequence", "").endswith(".") for row in unsure)


def test_a_default_is_told_as_a_default() -> None:
    assert parameters.source("draft_days", on=TODAY).endswith("(valeur par défaut)")
    assert not parameters.figure("draft_days", on=TODAY).verified
    assert "défaut" not in parameters.source("originals_months", on=TODAY)


def test_every_act_and_parity_says_where_it_comes_from() -> None:
    assert all(one.source for one in acts(on=TODAY))
    parity = fixed_parity("XPF", on=TODAY)
    assert parity is not None
    assert "décret" in parity.source
