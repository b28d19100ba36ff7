from datetime import date
from decimal import Decimal

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
    ],
)
def test_an_older_date_uses_the_older_figure(name: str, on: date, value: str) -> None:
    assert parameters.value(name, on=on) == Decimal(value)


def test_before_its_first_date_a_figure_is_unknown() -> None:
    with pytest.raises(parameters.Unknown):
        parameters.value("participation_forfaitaire", on=date(2004, 12, 31))


def test_a_default_is_told_as_a_default() -> None:
    assert parameters.source("draft_days", on=TODAY).endswith("(valeur par défaut)")
    assert not parameters.figure("draft_days", on=TODAY).verified
    assert "défaut" not in parameters.source("originals_months", on=TODAY)


def test_every_act_and_parity_says_where_it_comes_from() -> None:
    assert all(one.source for one in acts(on=TODAY))
    parity = fixed_parity("XPF", on=TODAY)
    assert parity is not None
    assert "décret" in parity.source
