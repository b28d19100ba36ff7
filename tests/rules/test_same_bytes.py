"""A decision recomputed under the edition that it was made with gives the same bytes, whatever was laid since."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from escale.rules import parameters
from escale.rules.intake import Care
from escale.rules.parameters import AS_SHIPPED, Edition
from escale.rules.reimbursement import CareLine
from escale.rules.scope import RuleSet
from escale.rules.treatment import refund_claim
from tests.rules.lines import possible

FIGURES = st.sampled_from([
    "participation_forfaitaire", "franchise_auxiliary", "share_abroad_practitioners", "share_france_dentists",
    "cap_scope", "share_heavy_acts", "flat_contributions_apply", "share_abroad_other",
])  # fmt: skip
EUROS = st.decimals(Decimal(0), Decimal(300), places=2)
LINES = st.lists(
    st.builds(
        CareLine,
        given_on=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        act_code=st.sampled_from(["G", "CS", "B 80", "AMK 9.5", "C_DENT"]),
        care=st.just(Care.GENERALIST),
        expense_eur=EUROS,
        patient_age=st.sampled_from([3, 40]),
        rule_set=st.just(RuleSet.SERVICE),
        stated_tariff=st.none() | EUROS,
        stated_reason=st.just("tarif relevé"),
    ).map(possible),
    min_size=1,
    max_size=4,
)


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    row: dict[str, Any] = {
        "source": "Décret",
        "confidence": "law",
        "from": draw(st.dates(date(2023, 1, 1), date(2027, 1, 1))),
    }
    tariff = row | {"tariff": draw(st.integers(1, 60))}
    rows = {("figure", draw(FIGURES)): (row | {"value": draw(st.integers(0, 40))},), ("act", "G"): (tariff,)}
    return Edition(draw(st.integers(1, 3)), rows)


def written(lines: list[CareLine]) -> bytes:
    return json.dumps(asdict(refund_claim(lines)), default=str).encode()


@given(LINES, editions(), editions())
def test_an_older_edition_gives_the_same_bytes_after_newer_ones(
    lines: list[CareLine], older: Edition, newer: Edition
) -> None:
    with parameters.reading(older):
        decided = written(lines)
    shipped = written(lines)
    with parameters.reading(newer):
        written(lines)
        with parameters.reading(older):
            assert written(lines) == decided
    with parameters.reading(AS_SHIPPED):
        assert written(lines) == shipped
    twin = Edition(older.number, older.rows)
    with parameters.reading(twin):
        assert written(lines) == decided
