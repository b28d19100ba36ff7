"""What a claim's file may not say: each slip is refused at its own field, in French, and nothing else is."""

import json
from typing import Any

import pytest

from escale.rules.claim_file import read
from escale.rules.claim_text import LARGEST, Refused, parse

LINE = {"given_on": "2025-03-10", "care": "generalist", "act": "G", "amount": 180, "currency": "USD", "rate": 1.08}
CLAIM: dict[str, Any] = {
    "territory": "US",
    "stay": "posting",
    "beneficiary": {"born_on": "1985-02-03"},
    "lines": [LINE],
}
DUE = {"expected_on": "2025-06-01"}


def claim(line: dict[str, Any] | None = None, /, **changes: Any) -> bytes:
    return json.dumps(CLAIM | changes | {"lines": [LINE | (line or {})]}).encode()


def pregnant(line: dict[str, Any] | None = None, /, **days: str) -> bytes:
    return claim(line, beneficiary={"born_on": "1985-02-03", "pregnancy": days})


def refusals(content: bytes) -> list[str]:
    """Return the paths of what is refused, once it is sure that each is told in French that can be written."""
    try:
        read(parse(content))
    except Refused as refusal:
        for error in refusal.errors:
            assert error.message.endswith(".")
            assert len(f"{error.path} {error.message}".encode()) < 700
            assert not {"None", "True", "False", "nan", "Decimal", "errno"} & set(error.message.split())
        return [error.path for error in refusal.errors]
    return []


def test_the_claim_that_the_others_change_is_read() -> None:
    assert refusals(claim()) == []


@pytest.mark.parametrize("day", ["0001-01-01", "1945-10-03", "2200-01-01", "9999-12-31", "2025-W10-1", "20250310",
    "2025-3-10", "2025-02-30", "٢٠٢٥-٠٣-١٠", "2025-03-10T00:00", "2025-03-10Z", "hier"])  # fmt: skip
def test_a_day_is_written_in_one_way_and_is_plausible(day: str) -> None:
    for name in ("claimed_on", "repaid_on", "stay_from", "stay_until"):
        assert refusals(claim(**{name: day})) == [name]
    for name in ("given_on", "paid_on"):
        assert refusals(claim({name: day})) == [f"lines[0].{name}"]
    for name in ("expected_on", "delivered_on", "found_on"):
        assert refusals(pregnant(**{name: day})) == [f"beneficiary.pregnancy.{name}"]


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (claim(beneficiary={"born_on": "1899-12-31"}), "beneficiary.born_on"),
        (claim({"given_on": "2190-01-01"}), "lines[0].given_on"),
        (claim(repaid_on="2001-01-01"), "lines[0].given_on"),
        (claim(opex=True), "opex"),
        (claim(repaid_on="2025-03-20", claimed_on="2025-03-21"), "repaid_on"),
        (claim(stay_from="2025-03-11"), "lines[0].given_on"),
        (claim(stay_until="2025-03-10"), "lines[0].given_on"),
        (claim({"paid_on": "2025-03-09"}), "lines[0].paid_on"),
        (claim({"paid_on": "1999-03-09", "care": "hospital"}), "lines[0].paid_on"),
        (claim({"paid_on": "2025-04-02"}, claimed_on="2025-04-01"), "lines[0].paid_on"),
        (claim({"paid_on": "2025-04-02"}, repaid_on="2025-04-01"), "lines[0].paid_on"),
        (pregnant(**DUE, delivered_on="2028-06-01"), "beneficiary.pregnancy.delivered_on"),
        (pregnant(**DUE, delivered_on="2024-06-01"), "beneficiary.pregnancy.delivered_on"),
        (pregnant(**DUE, found_on="2024-05-31"), "beneficiary.pregnancy.found_on"),
        (pregnant(**DUE, found_on="2025-06-02"), "beneficiary.pregnancy.found_on"),
        (pregnant({"care": "maternity"}, found_on="2025-03-11"), "beneficiary.pregnancy.found_on"),
        (pregnant(found_on="2025-03-11"), "beneficiary.pregnancy.found_on"),
        (pregnant({"care": "maternity"}, found_on="2024-03-09"), "beneficiary.pregnancy.found_on"),
        (pregnant(expected_on="1985-02-03"), "beneficiary.pregnancy.expected_on"),
    ],
)
def test_days_follow_one_another(content: bytes, path: str) -> None:
    assert refusals(content) == [path]


def test_days_that_touch_are_in_order() -> None:
    assert refusals(claim(stay_from="2025-03-10", stay_until="2025-03-11", claimed_on="2025-03-10")) == []
    assert refusals(claim({"care": "hospital", "hospital_days": 2, "paid_on": "2025-03-01"})) == []
    assert refusals(pregnant({"care": "maternity"}, **DUE, delivered_on="2025-05-01", found_on="2025-03-10")) == []


@pytest.mark.parametrize("number", ["1_000", "١٢", "1e3", "+5", " ", "12,50", "0x10", "inf", "-1", [], {}, True, -1])
def test_a_number_is_written_with_digits_and_a_dot(number: object) -> None:
    assert refusals(claim({"amount": number})) == ["lines[0].amount"]


@pytest.mark.parametrize("number", ["1e-9999999", "1e-99999999999999999999", "1e99999", "9" * 5000, "NaN", "-Infinity"])
@pytest.mark.parametrize("name", ["amount", "rate", "coefficient", "quantity", "stated_tariff"])
def test_a_number_that_no_claim_holds_is_refused_at_its_field(number: str, name: str) -> None:
    content = claim({name: 987654, "letter": "AMK", "coefficient": 9.5, "act": None} | {name: 987654})
    assert refusals(content.replace(b"987654", number.encode())) == [f"lines[0].{name}"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ({"rate": "0.0000000001"}, "rate"),
        ({"rate": 10**21}, "rate"),
        ({"amount": 10**13}, "amount"),
        ({"amount": 10.005}, "amount"),
        ({"amount": 1234.56, "currency": "JPY"}, "amount"),
        ({"amount": 0.005, "currency": "EUR", "rate": None}, "amount"),
        ({"paid_elsewhere": 1.001}, "paid_elsewhere"),
        ({"state_of_stay_amount": 1.001}, "state_of_stay_amount"),
        ({"decided_amount": 1.001, "reason": "x"}, "decided_amount"),
        ({"stated_tariff": 10**10, "reason": "x"}, "stated_tariff"),
        ({"currency": "EUR", "rate": 1.1}, "rate"),
        ({"currency": "XOF", "rate": 600}, "rate"),
        ({"currency": "BGN", "rate": 2, "given_on": "2026-03-10"}, "rate"),
        ({"currency": "ZZZ"}, "currency"),
        ({"emergency": True, "hospital_days": 2, "care": "hospital"}, "emergency"),
        ({"hospital_days": 2}, "hospital_days"),
        ({"care": "hospital", "act": None, "quantity": 2}, "quantity"),
        ({"stated_tariff": 20, "decided_amount": 20, "reason": "x"}, "decided_amount"),
        ({"emergency": True, "in_hospital": True}, "emergency"),
        ({"letter": "AMK", "coefficient": 1001, "act": None}, "coefficient"),
        ({"act": "\ud800"}, "act"),
        ({"reason": "a\x00b"}, "reason"),
        ({"provider": "a" * 1001}, "provider"),
    ],
)
def test_what_cannot_be_of_a_line_is_refused_at_its_field(line: dict[str, Any], name: str) -> None:
    assert refusals(claim(line)) == [f"lines[0].{name}"]


def test_the_decimals_and_the_parity_of_a_currency_are_accepted() -> None:
    assert refusals(claim({"amount": "1.234", "currency": "TND", "rate": 3.4})) == []
    assert refusals(claim({"amount": "1200.00", "currency": "JPY", "rate": 160})) == []
    assert refusals(claim({"amount": "1200", "currency": "XOF", "rate": "655.957"})) == []
    assert refusals(claim({"currency": "EUR", "rate": 1})) == []


@pytest.mark.parametrize(
    ("content", "paths"),
    [
        (claim().replace(b'"stay"', b'"territory": "DJ", "stay"'), ["territory"]),
        (claim().replace(b'"care"', b'"amount": 3, "care"'), ["lines[0].amount"]),
        (claim(**{"\ud800\n": 1}), ["\ufffd\ufffd"]),
        (claim().decode().replace("generalist", "général").encode("latin-1"), ["ligne 1"]),
        (claim().decode().encode("utf-16"), ["ligne 1"]),
        (b"[" * 100_000, ["(fichier)"]),
        (b" " * (LARGEST + 1), ["(fichier)"]),
        (b"", ["ligne 1, colonne 1"]),
        (b'{"lines": 1, "lines": 2', ["ligne 1, colonne 24"]),
        (json.dumps(CLAIM | {"lines": [LINE] * 1001}).encode(), ["lines"]),
    ],
)
def test_a_file_that_says_a_thing_twice_or_cannot_be_read_is_refused(content: bytes, paths: list[str]) -> None:
    assert refusals(content) == paths


def test_the_mark_that_some_editors_put_first_is_accepted() -> None:
    assert read(parse(b"\xef\xbb\xbf" + claim())) == read(parse(claim()))


def test_of_a_great_many_errors_the_first_hundred_are_told() -> None:
    assert len(refusals(claim(**{f"champ{number}": 1 for number in range(1000)}))) == 100
